package org.cosmosj.cuda;

import static org.cosmosj.cuda.Launcher.address;
import static org.cosmosj.cuda.Launcher.number;
import static org.cosmosj.cuda.Launcher.suffix;

import java.util.Locale;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.Operand;

/** Launches elementwise.cu. */
final class CudaElementwiseKernels implements ElementwiseKernels {
    private final Launcher launcher;
    private final ChunkedReduction reduction;

    CudaElementwiseKernels(Launcher launcher, ChunkedReduction reduction) {
        this.launcher = launcher;
        this.reduction = reduction;
    }

    private static String name(Enum<?> f) {
        return f.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void unary(Unary f, Operand x, Operand out) {
        String op = name(f);
        if (x.dtype() == DType.F64) {
            launcher.overElements(op, "unary_f64", x.numel(), f.ordinal(), address(x), address(out), x.numel());
        } else {
            launcher.overElements(op, "unary_" + op + suffix(op, x), x.numel(), address(x), address(out), x.numel());
        }
    }

    @Override
    public void unaryBackward(Unary f, Operand x, Operand dY, Operand dX) {
        String op = name(f) + " backward";
        if (x.dtype() == DType.F64) {
            launcher.overElements(op, "unary_backward_f64", x.numel(), f.ordinal(), address(x), address(dY),
                    address(dX), x.numel());
        } else {
            launcher.overElements(op, "unary_backward_" + name(f) + suffix(op, x), x.numel(), address(x), address(dY),
                    address(dX), x.numel());
        }
    }

    @Override
    public void binary(Binary f, Operand a, Operand b, Operand out) {
        String op = name(f);
        long n = out.numel();
        if (n > 0) {
            byte[] axes = StridedAxes.pack(op, out.shape(), a.layout().strides(), b.layout().strides());
            launcher.overElements(op, "binary_" + op + suffix(op, out), n, address(a), address(b), address(out), axes,
                    n);
        }
    }

    @Override
    public void affine(Operand x, double scale, double shift, Operand out) {
        launcher.overElements("affine", "affine" + suffix("affine", x), x.numel(), address(x), number(scale, x),
                number(shift, x), address(out), x.numel());
    }

    @Override
    public void axpy(double alpha, Operand x, Operand y) {
        launcher.overElements("axpy", "axpy" + suffix("axpy", x), x.numel(), number(alpha, x), address(x), address(y),
                x.numel());
    }

    @Override
    public void gatedResidual(Operand x, Operand gate, Operand y, Operand out) {
        String op = "gatedResidual";
        launcher.overElements(op, "gated_residual" + suffix(op, x), x.numel(), address(x), address(gate), address(y),
                address(out), x.size(1), x.size(2), x.numel());
    }

    @Override
    public void gatedResidualBackward(Operand dOut, Operand gate, Operand y, Operand dY, Operand dGate) {
        String op = "gatedResidual backward";
        launcher.overElements(op, "gated_residual_backward" + suffix(op, y), y.numel(), address(dOut), address(gate),
                address(dY), y.size(1), y.size(2), y.numel());
        reduction.columns(op, "sum_products" + suffix(op, y), dGate, y.size(1), address(dOut), address(y));
    }
}
