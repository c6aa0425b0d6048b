package org.cosmosj.tensor.conformance;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

/** A backend that stands before another and sees every kernel call. */
abstract class InterceptingBackend implements Backend {
    final Backend delegate;
    private final Device device;
    private final Map<Class<?>, Object> families = new ConcurrentHashMap<>();

    InterceptingBackend(Device device, Backend delegate) {
        this.device = device;
        this.delegate = delegate;
    }

    /** The kernel behind, to be called with the given or other arguments. */
    @FunctionalInterface
    interface Kernel {
        void run(Object[] arguments);
    }

    /** Called instead of a kernel. */
    abstract void call(String name, Object[] arguments, Kernel kernel);

    private <K> K family(Class<K> type, K kernels) {
        return type.cast(families.computeIfAbsent(type, _ -> Proxy.newProxyInstance(type.getClassLoader(),
                new Class<?>[] {type}, (_, method, arguments) -> {
                    call(method.getName(), arguments, changed -> invoke(method, kernels, changed));
                    return null;
                })));
    }

    private static void invoke(Method method, Object kernels, Object[] arguments) {
        try {
            method.invoke(kernels, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(method + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public final Device device() {
        return device;
    }

    @Override
    public Buffer allocate(long bytes) {
        return delegate.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        delegate.free(buffer);
    }

    @Override
    public Buffer adopt(MemorySegment host) {
        return delegate.adopt(host);
    }

    @Override
    public void upload(MemorySegment host, Buffer target, long targetOffset) {
        delegate.upload(host, target, targetOffset);
    }

    @Override
    public void download(Buffer source, long sourceOffset, MemorySegment host) {
        delegate.download(source, sourceOffset, host);
    }

    @Override
    public final void synchronize() {
        delegate.synchronize();
    }

    @Override
    public final MemoryUse memory() {
        return delegate.memory();
    }

    @Override
    public final void resetPeak() {
        delegate.resetPeak();
    }

    @Override
    public final CopyKernels copies() {
        return family(CopyKernels.class, delegate.copies());
    }

    @Override
    public final ElementwiseKernels elementwise() {
        return family(ElementwiseKernels.class, delegate.elementwise());
    }

    @Override
    public final ReductionKernels reductions() {
        return family(ReductionKernels.class, delegate.reductions());
    }

    @Override
    public final MatmulKernels matmul() {
        return family(MatmulKernels.class, delegate.matmul());
    }

    @Override
    public final NormKernels norms() {
        return family(NormKernels.class, delegate.norms());
    }

    @Override
    public final AttentionKernels attention() {
        return family(AttentionKernels.class, delegate.attention());
    }

    @Override
    public final ConvolutionKernels convolutions() {
        return family(ConvolutionKernels.class, delegate.convolutions());
    }

    @Override
    public final OptimizerKernels optimizers() {
        return family(OptimizerKernels.class, delegate.optimizers());
    }
}
