package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** F32 and BF16 products from packed panels, bit for bit those of the scalar reference; other dtypes are left to it. */
public final class VectorMatmulKernels extends ScalarMatmulKernels {
    /** Makes the kernels. */
    public VectorMatmulKernels() {}

    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        if (isPacked(x, y, out)) {
            PackedProduct.ofSingles(x, y, out, accumulation).run();
        } else {
            super.matmul(x, y, out, accumulation);
        }
    }

    @Override
    public void matmulBf16(Operand x, Operand y, Operand out, Accumulation accumulation) {
        if (isPacked(x, y, out)) {
            PackedProduct.ofPairs(x, y, out, accumulation).run();
        } else {
            super.matmulBf16(x, y, out, accumulation);
        }
    }

    private static boolean isPacked(Operand x, Operand y, Operand out) {
        return out.dtype() == DType.F32 && isSingle(x) && isSingle(y) && out.numel() > 0 && x.size(2) > 0;
    }
}
