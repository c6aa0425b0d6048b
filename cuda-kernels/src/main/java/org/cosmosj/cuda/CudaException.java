package org.cosmosj.cuda;

import java.io.Serial;

/**
 * Thrown when the GPU or its driver fails. After {@link Fault#KERNEL} and {@link Fault#DEVICE_LOST} the device cannot
 * be used again by this process; the CPU can.
 */
public final class CudaException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Fault fault;
    private final String op;
    private final String kernel;

    /** What failed. */
    public enum Fault {
        /** A kernel did something that the device does not allow, such as reading outside of its memory. */
        KERNEL,
        /** The device does not answer any more. */
        DEVICE_LOST,
        /** Driver and kernels are of versions that do not fit together. */
        VERSION,
        /** The driver refused a call. */
        DRIVER
    }

    CudaException(Fault fault, String op, String kernel, String message) {
        super(message);
        this.fault = fault;
        this.op = op;
        this.kernel = kernel;
    }

    /**
     * What failed.
     *
     * @return the kind of failure
     */
    public Fault fault() {
        return fault;
    }

    /**
     * What was being done: a kernel family's operation such as {@code layerNorm}, or {@code upload}, {@code open}. As
     * kernels run later than they are launched, a fault belongs to one of the operations since the last
     * synchronisation; this is the last of them unless {@code -Dcosmosj.cuda.synchronous=true}.
     *
     * @return its name
     */
    public String op() {
        return op;
    }

    /**
     * The kernel that {@link #op} launched.
     *
     * @return its name in the PTX, or empty if there was none
     */
    public String kernel() {
        return kernel;
    }
}
