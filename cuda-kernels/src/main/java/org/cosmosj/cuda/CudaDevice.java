package org.cosmosj.cuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * What the driver says about one GPU.
 *
 * @param index ordinal as the driver counts
 * @param name product name
 * @param capability compute capability, 10 major + minor
 * @param memoryBytes its memory
 */
public record CudaDevice(int index, String name, int capability, long memoryBytes) {
    /** The PTX is made for this compute capability: bf16 arithmetic and asynchronous copies begin with it. */
    static final int OLDEST_CAPABILITY = 80;

    private static final int NAME_BYTES = 256;

    /**
     * The GPUs that the driver sees, usable or not; none where there is no driver. Never throws.
     *
     * @return in the driver's order
     */
    public static List<CudaDevice> all() {
        List<CudaDevice> devices = new ArrayList<>();
        if (DriverLibrary.problem().isEmpty()) {
            int[] count = {0};
            JCudaDriver.cuDeviceGetCount(count);
            for (int i = 0; i < count[0]; i++) {
                devices.add(query(i));
            }
        }
        return devices;
    }

    private static CudaDevice query(int index) {
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, index);
        byte[] name = new byte[NAME_BYTES];
        JCudaDriver.cuDeviceGetName(name, NAME_BYTES, device);
        int end = 0;
        while (end < NAME_BYTES && name[end] != 0) {
            end++;
        }
        long[] memory = {0};
        JCudaDriver.cuDeviceTotalMem(memory, device);
        int capability = 10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        return new CudaDevice(index, new String(name, 0, end, StandardCharsets.UTF_8).strip(), capability, memory[0]);
    }

    static int attribute(CUdevice device, int which) {
        int[] value = {0};
        JCudaDriver.cuDeviceGetAttribute(value, which, device);
        return value[0];
    }

    /**
     * Why the kernels cannot run on it.
     *
     * @return one line, or empty
     */
    Optional<String> problem() {
        return capability >= OLDEST_CAPABILITY
                ? Optional.empty()
                : Optional.of(name + " has compute capability " + capability / 10 + "." + capability % 10
                        + ", the kernels need 8.0 (Ampere) or newer; use the CPU");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "cuda:%d: %s, sm_%d, %.1f GiB, driver for CUDA %s", index, name, capability,
                memoryBytes / 0x1p30, DriverLibrary.versionText(DriverLibrary.driverVersion()));
    }
}
