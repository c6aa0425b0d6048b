package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** F32 products from packed panels, bit for bit those of the scalar reference; other dtypes are left to it. */
public final class VectorMatmulKernels extends ScalarMatmulKernels {
    /** Makes the kernels. */
    public VectorMatmulKernels() {}

    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        boolean single = out.dtype() == DType.F32 && isSingle(x) && isSingle(y);
        if (single && out.numel() > 0 && x.size(2) > 0) {
            new PackedProduct(x, y, out, accumulation).run();
        } else {
            super.matmul(x, y, out, accumulation);
        }
    }
}
