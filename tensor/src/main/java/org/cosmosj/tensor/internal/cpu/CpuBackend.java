package org.cosmosj.tensor.internal.cpu;

import java.lang.foreign.MemorySegment;
import java.util.OptionalDouble;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.internal.cpu.machine.MachineSupport;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarKernels;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.Buffer;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.OptimizerKernels;
import org.cosmosj.tensor.spi.ReductionKernels;

/** The host's processor. All implementations of its kernels can live side by side in one JVM. */
public final class CpuBackend implements Backend {
    private static final String KERNELS = "cosmosj.cpu.kernels";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String VECTOR_KERNELS = "org.cosmosj.tensor.internal.cpu.vector.VectorKernels";

    private final Device device;
    private final CpuKernels kernels;
    private final CpuMemoryPool pool = CpuMemoryPool.PROCESS;

    private CpuBackend(Device device, CpuKernels kernels) {
        this.device = device;
        this.kernels = kernels;
    }

    /**
     * The fastest implementation this JVM can run: Vector API if its module is present, else scalar with one line on
     * System.err; matrix products by machine code where {@link MachineSupport} is on. The system property
     * {@code cosmosj.cpu.kernels} = {@code machine}, {@code vector} or {@code scalar} forces one.
     *
     * @param device the name it serves
     * @return the backend
     */
    public static CpuBackend fastest(Device device) {
        String forced = System.getProperty(KERNELS, "");
        return switch (forced) {
            case "scalar" -> scalar(device);
            case "vector" -> vector(device);
            case "machine" -> machine(device);
            case "" -> {
                if (!hasVectorApi()) {
                    System.err.println("cosmosj: running slow scalar kernels because the Vector API is off; start java"
                            + " with --add-modules " + VECTOR_MODULE);
                }
                yield MachineSupport.process().isOn()
                        ? machine(device)
                        : hasVectorApi() ? vector(device) : scalar(device);
            }
            default -> throw new IllegalArgumentException(KERNELS + "=" + forced
                    + " is unknown; use machine, vector or scalar");
        };
    }

    private static boolean hasVectorApi() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    /**
     * Matrix products by machine code, everything else on the Vector API if its module is present, else scalar.
     *
     * @param device the name it serves
     * @return the backend
     * @throws IllegalStateException if machine code cannot run here; the message says why
     */
    public static CpuBackend machine(Device device) {
        CpuKernels others = (hasVectorApi() ? vector(device) : scalar(device)).kernels;
        return new CpuBackend(device,
                others.withMatmul("machine", MachineSupport.process().matmul(others.matmul())));
    }

    /**
     * The readable reference.
     *
     * @param device the name it serves
     * @return the backend
     */
    public static CpuBackend scalar(Device device) {
        return new CpuBackend(device, ScalarKernels.create());
    }

    /**
     * Kernels on the Vector API.
     *
     * @param device the name it serves
     * @return the backend
     * @throws IllegalStateException if the module is not present
     */
    public static CpuBackend vector(Device device) {
        try {
            // By name: these classes link only where the incubator module is present.
            return new CpuBackend(device,
                    (CpuKernels) Class.forName(VECTOR_KERNELS).getMethod("create").invoke(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("cpu: vector kernels need java --add-modules " + VECTOR_MODULE, e);
        }
    }

    /**
     * Which implementation runs.
     *
     * @return {@code scalar}, {@code vector} or {@code machine}
     */
    public String kernelName() {
        return kernels.name();
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public String description() {
        boolean bypassed = MachineSupport.process().isOn() && !kernels.name().equals("machine");
        return kernels.detail() + ", " + Parallel.threads() + " threads; "
                + (bypassed
                        ? "machine code: off, -D" + KERNELS + "=" + kernels.name()
                        : MachineSupport.process().status());
    }

    @Override
    public Buffer allocate(long bytes) {
        return pool.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        if (!buffer.readOnly()) {
            pool.release((CpuBuffer) buffer);
        }
    }

    @Override
    public Buffer adopt(MemorySegment host) {
        return new CpuBuffer(host, true, null);
    }

    @Override
    public void upload(MemorySegment host, Buffer target, long targetOffset) {
        MemorySegment.copy(host, 0, ((CpuBuffer) target).segment(), targetOffset, host.byteSize());
    }

    @Override
    public void download(Buffer source, long sourceOffset, MemorySegment host) {
        MemorySegment.copy(((CpuBuffer) source).segment(), sourceOffset, host, 0, host.byteSize());
    }

    @Override
    public void synchronize() {
        // Kernels have ended when their call returns.
    }

    @Override
    public OptionalDouble multiplyAddPeak(int threads) {
        return kernels.multiplyAddPeak().apply(threads);
    }

    @Override
    public long trim() {
        return pool.trim();
    }

    @Override
    public MemoryUse memory() {
        return pool.use();
    }

    @Override
    public void resetPeak() {
        pool.resetPeak();
    }

    @Override
    public CopyKernels copies() {
        return kernels.copies();
    }

    @Override
    public ElementwiseKernels elementwise() {
        return kernels.elementwise();
    }

    @Override
    public ReductionKernels reductions() {
        return kernels.reductions();
    }

    @Override
    public MatmulKernels matmul() {
        return kernels.matmul();
    }

    @Override
    public NormKernels norms() {
        return kernels.norms();
    }

    @Override
    public AttentionKernels attention() {
        return kernels.attention();
    }

    @Override
    public ConvolutionKernels convolutions() {
        return kernels.convolutions();
    }

    @Override
    public OptimizerKernels optimizers() {
        return kernels.optimizers();
    }
}
