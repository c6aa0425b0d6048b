package org.cosmosj.cuda;

import jcuda.driver.CUdeviceptr;

/** A device address whose number can be read, as kernel arguments need it. */
final class DevicePointer extends CUdeviceptr {
    DevicePointer() {
        super();
    }

    private DevicePointer(DevicePointer base, long offset) {
        super(base, offset);
    }

    long address() {
        return getNativePointer() + getByteOffset();
    }

    DevicePointer plus(long bytes) {
        return new DevicePointer(this, bytes);
    }
}
