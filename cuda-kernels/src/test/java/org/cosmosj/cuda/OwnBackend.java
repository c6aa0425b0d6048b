package org.cosmosj.cuda;

import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;

/** Opens the first GPU under a name of its own, for tests that break a backend or want it with other settings. */
final class OwnBackend implements AutoCloseable {
    private static int opened;

    private final CudaBackend backend;

    OwnBackend() {
        backend = new CudaBackend(new Device(Device.Kind.TEST, 100 + opened++), CudaDevice.all().getFirst());
        Backends.register(backend);
    }

    /** Opens it with a system property set, which is reset before this returns. */
    static OwnBackend with(String property, String value) {
        String before = System.getProperty(property);
        System.setProperty(property, value);
        try {
            return new OwnBackend();
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    CudaBackend backend() {
        return backend;
    }

    Device device() {
        return backend.device();
    }

    @Override
    public void close() {
        backend.close();
    }
}
