package org.cosmosj.tensor.internal.cpu.machine;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;

/** F32 and BF16 products by machine code, bit for bit those of the other kernels; other dtypes are left to them. */
final class MachineMatmulKernels implements MatmulKernels {
    private final MachineCode code;
    private final MatmulKernels others;

    MachineMatmulKernels(MachineCode code, MatmulKernels others) {
        this.code = code;
        this.others = others;
    }

    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        if (takes(Arithmetic.F32, x, y, out)) {
            new MachineProduct(code, Arithmetic.F32, x, y, out, accumulation).run();
        } else {
            others.matmul(x, y, out, accumulation);
        }
    }

    @Override
    public void matmulBf16(Operand x, Operand y, Operand out, Accumulation accumulation) {
        if (takes(Arithmetic.BF16, x, y, out)) {
            new MachineProduct(code, Arithmetic.BF16, x, y, out, accumulation).run();
        } else {
            others.matmulBf16(x, y, out, accumulation);
        }
    }

    private boolean takes(Arithmetic arithmetic, Operand x, Operand y, Operand out) {
        return code.supports(arithmetic) && out.dtype() == DType.F32 && isSingle(x) && isSingle(y) && out.numel() > 0
                && x.size(2) > 0;
    }

    private static boolean isSingle(Operand factor) {
        return factor.dtype() == DType.F32 || factor.dtype() == DType.BF16;
    }
}
