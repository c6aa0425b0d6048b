package org.cosmosj.cuda;

import static org.cosmosj.cuda.Launcher.address;
import static org.cosmosj.cuda.Launcher.addressOrNull;
import static org.cosmosj.cuda.Launcher.number;
import static org.cosmosj.cuda.Launcher.suffix;

import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.Operand;

/** Launches norm.cu. */
final class CudaNormKernels implements NormKernels {
    /** {@code ROW_THREADS} in norm.cu, and how many rows a block takes where each is one warp's. */
    private static final int ROW_THREADS = 256;
    private static final int WARP_ROWS = ROW_THREADS / 32;

    private final Launcher launcher;
    private final ChunkedReduction reduction;

    CudaNormKernels(Launcher launcher, ChunkedReduction reduction) {
        this.launcher = launcher;
        this.reduction = reduction;
    }

    private void overRows(String op, String kernel, long rows, Object... arguments) {
        if (rows > 0) {
            launcher.launch(op, kernel, LaunchSize.blocks(rows, ROW_THREADS, 1), arguments);
        }
    }

    private void overWarpRows(String op, String kernel, long rows, Object... arguments) {
        overRows(op, kernel, (rows + WARP_ROWS - 1) / WARP_ROWS, arguments);
    }

    @Override
    public void layerNorm(Operand x, Operand shift, Operand scale, double eps, Operand out, Operand mean,
            Operand rstd) {
        String op = "layerNorm";
        overRows(op, "layer_norm" + suffix(op, x), x.size(0) * x.size(1), address(x), addressOrNull(shift),
                addressOrNull(scale), number(eps, x), address(out), address(mean), address(rstd), x.size(1),
                x.size(2));
    }

    @Override
    public void layerNormBackward(Operand dOut, Operand x, Operand scale, Operand mean, Operand rstd, Operand dX,
            Operand dShift, Operand dScale) {
        String op = "layerNorm backward";
        String suffix = suffix(op, x);
        overRows(op, "layer_norm_backward" + suffix, x.size(0) * x.size(1), address(dOut), address(x),
                addressOrNull(scale), address(mean), address(rstd), address(dX), x.size(1), x.size(2));
        if (scale != null) {
            reduction.columns(op, "reduce_columns_sum" + suffix, dShift, x.size(1), address(dOut));
            reduction.columns(op, "sum_normalized" + suffix, dScale, x.size(1), address(dOut), address(x),
                    address(mean), address(rstd));
        }
    }

    @Override
    public void rmsNorm(Operand x, Operand gain, double eps, Operand out, Operand rstd) {
        String op = "rmsNorm";
        overWarpRows(op, "rms_norm" + suffix(op, x), x.size(0), address(x), address(gain), number(eps, x),
                address(out), address(rstd), x.size(0), x.size(1));
    }

    @Override
    public void rmsNormBackward(Operand dOut, Operand x, Operand gain, Operand rstd, Operand dX, Operand dGain) {
        String op = "rmsNorm backward";
        String suffix = suffix(op, x);
        overWarpRows(op, "rms_norm_backward" + suffix, x.size(0), address(dOut), address(x), address(gain),
                address(rstd), address(dX), x.size(0), x.size(1));
        long noMean = 0;
        reduction.columns(op, "sum_normalized" + suffix, dGain, x.size(0), address(dOut), address(x), noMean,
                address(rstd));
    }

    private static int silu(Activation activation) {
        return activation == Activation.SILU ? 1 : 0;
    }

    @Override
    public void channelNorm(Operand x, Operand gain, Activation activation, Operand out) {
        String op = "channelNorm";
        long n = x.size(0) * x.size(2);
        launcher.overElements(op, "channel_norm" + suffix(op, x), n, address(x), address(gain), silu(activation),
                address(out), x.size(1), x.size(2), n);
    }

    @Override
    public void channelNormBackward(Operand dOut, Operand x, Operand gain, Activation activation, Operand dX,
            Operand dGain) {
        String op = "channelNorm backward";
        String suffix = suffix(op, x);
        long n = x.size(0) * x.size(2);
        CudaBuffer factors = launcher.scratch(op, n * x.dtype().byteSize());
        CudaBuffer terms = launcher.scratch(op, x.numel() * x.dtype().byteSize());
        try {
            launcher.overElements(op, "channel_norm_backward" + suffix, n, address(dOut), address(x), address(gain),
                    silu(activation), address(dX), factors.pointer().address(), x.size(1), x.size(2), n);
            launcher.overElements(op, "channel_norm_gain" + suffix, x.numel(), address(dOut), address(x),
                    address(gain), silu(activation), factors.pointer().address(), terms.pointer().address(),
                    x.size(1), x.size(2), n);
            reduction.rows(op, "reduce_rows_sum" + suffix, "sum", dGain, n, terms.pointer().address());
        } finally {
            launcher.release(terms);
            launcher.release(factors);
        }
    }

    @Override
    public void softmax(Operand x, Operand out) {
        overRows("softmax", "softmax" + suffix("softmax", x), x.size(0), address(x), address(out), x.size(1));
    }

    @Override
    public void softmaxBackward(Operand dY, Operand y, Operand dX) {
        String op = "softmax backward";
        overRows(op, "softmax_backward" + suffix(op, y), y.size(0), address(dY), address(y), address(dX), y.size(1));
    }

    @Override
    public void rope(Operand x, Operand cos, Operand sin, Rotation rotation, Operand out) {
        String op = rotation == Rotation.FORWARD ? "rope" : "rope backward";
        long half = x.size(3) / 2;
        long n = x.size(0) * x.size(1) * x.size(2) * half;
        launcher.overElements(op, "rope" + suffix(op, x), n, address(x), address(cos), address(sin),
                number(rotation == Rotation.FORWARD ? 1 : -1, x), address(out), x.size(1), x.size(2), half, n);
    }
}
