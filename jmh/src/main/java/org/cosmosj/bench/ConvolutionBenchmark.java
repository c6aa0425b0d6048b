package org.cosmosj.bench;

import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The three passes of a 3-D convolution, in operations and GFLOP/s, beside the processor's peak. */
public class ConvolutionBenchmark extends KernelBenchmark {
    /** Relative to the sum of absolute values; rounding of F32 sums is below 1e-6. */
    private static final double TOLERANCE = 1e-5;
    private static final int CHECKED_RESULTS = 20;

    /** Which convolution. */
    @Param
    public ConvolutionShape shape;

    private Tensor x;
    private Tensor weight;
    private Tensor bias;
    private Tensor out;
    private Tensor dOut;
    private Tensor dX;
    private Tensor dWeight;
    private Tensor dBias;

    @Override
    void prepare() {
        x = random(shape.x());
        weight = random(shape.weight());
        bias = random(Shape.of(shape.weight().size(0)));
        dOut = random(shape.out());
        out = result(shape.out());
        dX = result(shape.x());
        dWeight = result(shape.weight());
        dBias = result(shape.weight().size(0));
        runForward();
        runBackwardInput();
        runBackwardWeight();
        checkForward();
        checkGradients();
    }

    /**
     * The results.
     *
     * @param rate counts the arithmetic
     */
    @Benchmark
    public void forward(FlopRate rate) {
        runForward();
        rate.count(shape.flops());
    }

    /**
     * The gradient of the input.
     *
     * @param rate counts the arithmetic
     */
    @Benchmark
    public void backwardInput(FlopRate rate) {
        runBackwardInput();
        rate.count(shape.flops());
    }

    /**
     * The gradients of weight and bias.
     *
     * @param rate counts the arithmetic
     */
    @Benchmark
    public void backwardWeight(FlopRate rate) {
        runBackwardWeight();
        rate.count(shape.flops());
    }

    private void runForward() {
        backend.convolutions().conv3d(x.operand(), weight.operand(), bias.operand(), shape.geometry(), out.operand());
        backend.synchronize();
    }

    private void runBackwardInput() {
        backend.convolutions().conv3dBackwardInput(dOut.operand(), weight.operand(), shape.geometry(), dX.operand());
        backend.synchronize();
    }

    private void runBackwardWeight() {
        backend.convolutions().conv3dBackwardWeight(dOut.operand(), x.operand(), shape.geometry(), dWeight.operand(),
                dBias.operand(), Accumulation.ASSIGN);
        backend.synchronize();
    }

    private void checkForward() {
        double[] inputs = x.toDoubleArray();
        double[] weights = weight.toDoubleArray();
        double[] biases = bias.toDoubleArray();
        double[] actual = out.toDoubleArray();
        long perChannel = shape.out().size(2) * shape.out().size(3) * shape.out().size(4);
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int result = (int) (i * (shape.out().numel() - 1) / (CHECKED_RESULTS - 1));
            double[] sum = {biases[(int) (result / perChannel % shape.out().size(1))], 1};
            shape.eachTerm(result, (w, in) -> {
                sum[0] += weights[(int) w] * inputs[(int) in];
                sum[1] += Math.abs(weights[(int) w] * inputs[(int) in]);
            });
            check("forward(" + shape + ")", result, actual[result], sum[0], TOLERANCE * sum[1]);
        }
    }

    /** The sums are linear in x and in weight, so {@code <dOut, out - bias> = <dX, x> = <dWeight, weight>}. */
    private void checkGradients() {
        double[] gradient = dOut.toDoubleArray();
        double[] biases = bias.toDoubleArray();
        double[] results = out.toDoubleArray();
        long perChannel = shape.out().size(2) * shape.out().size(3) * shape.out().size(4);
        double expected = 0;
        double scale = 0;
        for (int i = 0; i < gradient.length; i++) {
            double term = gradient[i] * (results[i] - biases[(int) (i / perChannel % shape.out().size(1))]);
            expected += term;
            scale += Math.abs(term);
        }
        check("backwardInput(" + shape + "): sum", 0, dot(dX, x), expected, TOLERANCE * scale);
        check("backwardWeight(" + shape + "): sum", 0, dot(dWeight, weight), expected, TOLERANCE * scale);
    }

    private static double dot(Tensor left, Tensor right) {
        double[] a = left.toDoubleArray();
        double[] b = right.toDoubleArray();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
