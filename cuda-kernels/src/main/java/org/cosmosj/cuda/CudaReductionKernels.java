package org.cosmosj.cuda;

import static org.cosmosj.cuda.Launcher.address;
import static org.cosmosj.cuda.Launcher.number;
import static org.cosmosj.cuda.Launcher.suffix;

import java.util.Locale;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.ReductionKernels;

/** Launches reduce.cu. */
final class CudaReductionKernels implements ReductionKernels {
    private final Launcher launcher;
    private final ChunkedReduction reduction;

    CudaReductionKernels(Launcher launcher, ChunkedReduction reduction) {
        this.launcher = launcher;
        this.reduction = reduction;
    }

    @Override
    public void reduce(Reduce how, Operand x, Operand out) {
        String op = how.name().toLowerCase(Locale.ROOT);
        String join = how == Reduce.SUM_OF_SQUARES ? "sum" : op;
        if (x.size(2) == 1) {
            reduction.rows(op, "reduce_rows_" + op + suffix(op, x), join, out, x.size(1), address(x));
        } else {
            reduction.columns(op, "reduce_columns_" + op + suffix(op, x), join, out, x.size(1), x.size(2), address(x));
        }
    }

    @Override
    public void weightedSquaredError(Operand prediction, Operand target, Operand weight, double scale, Operand out) {
        String op = "weightedSquaredError";
        reduction.rows(op, "weighted_squared_error" + suffix(op, out), "sum", out, prediction.numel(),
                new Object[] {address(prediction), address(target), address(weight)}, sizes(prediction));
        launcher.overElements(op, "affine" + suffix(op, out), 1, address(out), number(scale, out), number(0, out),
                address(out), 1L);
    }

    @Override
    public void weightedSquaredErrorBackward(Operand dOut, Operand prediction, Operand target, Operand weight,
            double scale, Operand dPrediction) {
        String op = "weightedSquaredError backward";
        Object[] sizes = sizes(prediction);
        launcher.overElements(op, "weighted_squared_error_backward" + suffix(op, dOut), prediction.numel(),
                address(dOut), address(prediction), address(target), address(weight), number(scale, dOut),
                address(dPrediction), sizes[0], sizes[1], sizes[2], prediction.numel());
    }

    /** Frames of a sample, elements of a frame of one channel, elements of a sample. */
    private static Object[] sizes(Operand x) {
        return new Object[] {x.size(2), x.size(3), x.size(1) * x.size(2) * x.size(3)};
    }
}
