package org.cosmosj.tensor.conformance;

import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.internal.cpu.CpuBackend;

/** The scalar kernels under a device name of their own; every other backend is compared with them in F64. */
final class Oracle {
    private static final Device DEVICE = new Device(Device.Kind.TEST, 1000);

    static {
        Backends.register(CpuBackend.scalar(DEVICE));
    }

    private Oracle() {}

    static Device device() {
        return DEVICE;
    }
}
