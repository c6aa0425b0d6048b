package org.cosmosj.tensor;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.BackendProvider;

/** Opens each device once per process. The CPU is built in; other kinds come from {@link BackendProvider} services. */
public final class Backends {
    private static final Map<Device, Backend> OPEN = new ConcurrentHashMap<>();

    private Backends() {}

    /**
     * The backend of a device.
     *
     * @param device which device
     * @return its backend, the same object at every call
     * @throws IllegalStateException if no provider serves that kind or it cannot be used here
     */
    public static Backend of(Device device) {
        return OPEN.computeIfAbsent(device, Backends::open);
    }

    /**
     * Makes a backend available under a device name, for tests that compare implementations side by side.
     *
     * @param backend serves {@code backend.device()} from now on
     */
    public static void register(Backend backend) {
        OPEN.put(backend.device(), backend);
    }

    private static Backend open(Device device) {
        if (device.kind() == Device.Kind.CPU) {
            if (device.index() != 0) {
                throw new IllegalStateException("device " + device + " does not exist; the host's processor is cpu:0");
            }
            return CpuBackend.fastest(device);
        }
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.kind() == device.kind()) {
                provider.unavailableReason().ifPresent(reason -> {
                    throw new IllegalStateException("device " + device + " cannot be used: " + reason);
                });
                return provider.open(device);
            }
        }
        throw new IllegalStateException("device " + device + ": no backend for it on the class path; add cosmosj-"
                + (device.kind() == Device.Kind.CUDA ? "cuda-kernels" : "<backend>"));
    }
}
