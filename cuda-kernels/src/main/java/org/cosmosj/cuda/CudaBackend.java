package org.cosmosj.cuda;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.Device;
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

/** One NVIDIA GPU. Kernels and copies to the device are asynchronous; copies to the host wait for them. */
final class CudaBackend implements Backend, AutoCloseable {
    private final Device device;
    private final CudaDevice properties;
    private final CudaContext context;
    private final CudaMemory memory;
    private final StagedCopies staged;
    private final KernelLibrary library;
    private final CopyKernels copies;
    private final ElementwiseKernels elementwise;
    private final ReductionKernels reductions;
    private final NormKernels norms;
    private final OptimizerKernels optimizers;
    private final MissingKernels missing = new MissingKernels();

    /**
     * Opens a device.
     *
     * @param device its name
     * @param properties what the driver says about it
     * @throws CudaException if the driver does not
     */
    CudaBackend(Device device, CudaDevice properties) {
        this.device = device;
        this.properties = properties;
        context = new CudaContext(properties.index());
        memory = new CudaMemory(context);
        staged = new StagedCopies(context);
        library = new KernelLibrary(context);
        Launcher launcher = new Launcher(library, memory);
        ChunkedReduction reduction = new ChunkedReduction(launcher);
        copies = new CudaCopyKernels(context, launcher);
        elementwise = new CudaElementwiseKernels(launcher, reduction);
        reductions = new CudaReductionKernels(launcher, reduction);
        norms = new CudaNormKernels(launcher, reduction);
        optimizers = new CudaOptimizerKernels(launcher);
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public String description() {
        return properties.toString();
    }

    @Override
    public Buffer allocate(long bytes) {
        return memory.allocate("allocate", bytes, false);
    }

    @Override
    public void free(Buffer buffer) {
        memory.release(buffer);
    }

    @Override
    public Buffer adopt(MemorySegment host) {
        CudaBuffer buffer = memory.allocate("adopt", host.byteSize(), true);
        staged.upload(host, buffer.pointer());
        return buffer;
    }

    @Override
    public void upload(MemorySegment host, Buffer target, long targetOffset) {
        staged.upload(host, ((CudaBuffer) target).pointer().plus(targetOffset));
    }

    @Override
    public void download(Buffer source, long sourceOffset, MemorySegment host) {
        staged.download(((CudaBuffer) source).pointer().plus(sourceOffset), host);
    }

    @Override
    public void synchronize() {
        context.synchronize("synchronize");
    }

    @Override
    public MemoryUse memory() {
        return memory.use();
    }

    @Override
    public void resetPeak() {
        memory.resetPeak();
    }

    @Override
    public long trim() {
        return memory.trim();
    }

    @Override
    public CopyKernels copies() {
        return copies;
    }

    @Override
    public ElementwiseKernels elementwise() {
        return elementwise;
    }

    @Override
    public ReductionKernels reductions() {
        return reductions;
    }

    @Override
    public MatmulKernels matmul() {
        return missing;
    }

    @Override
    public NormKernels norms() {
        return norms;
    }

    @Override
    public AttentionKernels attention() {
        return missing;
    }

    @Override
    public ConvolutionKernels convolutions() {
        return missing;
    }

    @Override
    public OptimizerKernels optimizers() {
        return optimizers;
    }

    /** Whether a fault has made the device unusable for this backend. */
    boolean hasFailed() {
        return context.hasFailed();
    }

    /** Gives the device back; its buffers must not be used again. */
    @Override
    public void close() {
        memory.close();
        staged.close();
        library.close();
        context.close();
    }
}
