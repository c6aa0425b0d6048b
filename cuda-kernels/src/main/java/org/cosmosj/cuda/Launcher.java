package org.cosmosj.cuda;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Operand;

/** What the kernel families share: names and addresses of operands, launches by element, and working memory. */
final class Launcher {
    private final KernelLibrary library;
    private final CudaMemory memory;

    Launcher(KernelLibrary library, CudaMemory memory) {
        this.library = library;
        this.memory = memory;
    }

    /** The end of the names of kernels that compute in this operand's type. */
    static String suffix(String op, Operand operand) {
        return switch (operand.dtype()) {
            case F32 -> "_f32";
            case F64 -> "_f64";
            default -> throw new UnsupportedOperationException(op + " in " + operand.dtype()
                    + ": the CUDA backend computes in F32 and F64; convert with to(DType.F32)");
        };
    }

    /** A number as the kernels for this operand's type take it. */
    static Object number(double value, Operand like) {
        if (like.dtype() == DType.F32) {
            return (float) value;
        }
        return value;
    }

    /** Address of the operand's first element. */
    static long address(Operand operand) {
        return ((CudaBuffer) operand.buffer()).pointer().address() + operand.byteOffset();
    }

    /** Address, or null. */
    static long addressOrNull(Operand operand) {
        return operand == null ? 0 : address(operand);
    }

    void launch(String op, String kernel, LaunchSize size, Object... arguments) {
        library.launch(op, kernel, size, arguments);
    }

    /** One thread for each of n elements; nothing for none. */
    void overElements(String op, String kernel, long n, Object... arguments) {
        if (n > 0) {
            library.launch(op, kernel, LaunchSize.elements(n), arguments);
        }
    }

    /** Working memory of one call; the next kernels on the stream come after those that use it. */
    CudaBuffer scratch(String op, long bytes) {
        return memory.allocate(op, bytes, false);
    }

    void release(CudaBuffer scratch) {
        memory.release(scratch);
    }
}
