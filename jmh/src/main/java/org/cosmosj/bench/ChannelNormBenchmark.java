package org.cosmosj.bench;

import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.NormKernels.Activation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The VAE's norm over channels with the SiLU that follows it, forward and backward, in GB/s. */
public class ChannelNormBenchmark extends KernelBenchmark {
    /** Results are of size 1. */
    private static final double TOLERANCE = 2e-4;
    private static final int CHECKED_PIXELS = 20;

    /** Which pixels. */
    @Param
    public PixelShape shape;

    private Tensor x;
    private Tensor gain;
    private Tensor dOut;
    private Tensor out;
    private Tensor dX;
    private Tensor dGain;

    @Override
    void prepare() {
        x = random(shape.batch, shape.channels, shape.pixels);
        gain = random(shape.channels);
        dOut = random(shape.batch, shape.channels, shape.pixels);
        out = result(shape.batch, shape.channels, shape.pixels);
        dX = result(shape.batch, shape.channels, shape.pixels);
        dGain = result(shape.channels);
        runForward();
        runBackward();
        double[] inputs = x.toDoubleArray();
        double[] gains = gain.toDoubleArray();
        for (int i = 0; i < CHECKED_PIXELS; i++) {
            int pixel = (int) ((long) i * (shape.batch * shape.pixels - 1) / (CHECKED_PIXELS - 1));
            checkPixel(pixel / shape.pixels * shape.channels * shape.pixels + pixel % shape.pixels, inputs, gains);
        }
        checkGain(gains);
    }

    /**
     * Norm and SiLU: reads x, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void normAndSilu(ByteRate rate) {
        runForward();
        rate.count(2 * shape.bytes());
    }

    /**
     * Their gradients: reads dOut and x, writes dX.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void normAndSiluBackward(ByteRate rate) {
        runBackward();
        rate.count(3 * shape.bytes());
    }

    private void runForward() {
        backend.norms().channelNorm(x.operand(), gain.operand(), Activation.SILU, out.operand());
        backend.synchronize();
    }

    private void runBackward() {
        backend.norms().channelNormBackward(dOut.operand(), x.operand(), gain.operand(), Activation.SILU, dX.operand(),
                dGain.operand());
        backend.synchronize();
    }

    /** The norm of one pixel is an RMS norm of its channels without eps; {@code e} is the gradient behind the SiLU. */
    private void checkPixel(int first, double[] inputs, double[] gains) {
        int c = shape.channels;
        double[] pixel = new double[c];
        double[] e = new double[c];
        for (int i = 0; i < c; i++) {
            pixel[i] = inputs[first + i * shape.pixels];
        }
        double[] n = RowNorm.RMS.normalised(pixel, 0, c);
        float[] results = out.toFloatArray();
        float[] gradients = dOut.toFloatArray();
        for (int i = 0; i < c; i++) {
            double y = n[i] * gains[i];
            e[i] = gradients[first + i * shape.pixels] * Formulas.siluSlope(y) * gains[i];
            check("channelNorm(" + shape + ")", first, results[first + i * shape.pixels], Formulas.silu(y), TOLERANCE);
        }
        double[] expected = RowNorm.RMS.gradient(pixel, 0, e);
        float[] actual = dX.toFloatArray();
        for (int i = 0; i < c; i++) {
            check("channelNormBackward(" + shape + "): dX", first, actual[first + i * shape.pixels], expected[i],
                    TOLERANCE);
        }
    }

    /** {@code out = silu(gain n)}, so {@code dGain gain} sums {@code dOut silu'(y) y} with {@code y = gain n}. */
    private void checkGain(double[] gains) {
        Tensor plain = result(shape.batch, shape.channels, shape.pixels);
        backend.norms().channelNorm(x.operand(), gain.operand(), Activation.NONE, plain.operand());
        float[] y = plain.toFloatArray();
        float[] gradients = dOut.toFloatArray();
        float[] actual = dGain.toFloatArray();
        double[] sums = new double[shape.channels];
        double[] magnitudes = new double[shape.channels];
        for (int i = 0; i < y.length; i++) {
            int c = i / shape.pixels % shape.channels;
            double term = gradients[i] * Formulas.siluSlope(y[i]) * y[i];
            sums[c] += term;
            magnitudes[c] += Math.abs(term);
        }
        for (int c = 0; c < sums.length; c++) {
            check("channelNormBackward(" + shape + "): dGain", c, actual[c] * gains[c], sums[c],
                    TOLERANCE * magnitudes[c]);
        }
    }
}
