package org.cosmosj.bench;

import java.util.concurrent.TimeUnit;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Backend;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The three passes of a 3-D convolution, in operations and GFLOP/s, beside the processor's peak. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ConvolutionBenchmark {
    /** Relative to the sum of absolute values; rounding of F32 sums is below 1e-6. */
    private static final double TOLERANCE = 1e-5;
    private static final int CHECKED_RESULTS = 20;

    /** Device that runs the kernels. */
    @Param("cpu")
    public String device;

    /** Which convolution. */
    @Param
    public ConvolutionShape shape;

    private org.cosmosj.tensor.Scope scope;
    private Backend backend;
    private Tensor x;
    private Tensor weight;
    private Tensor bias;
    private Tensor out;
    private Tensor dOut;
    private Tensor dX;
    private Tensor dWeight;
    private Tensor dBias;

    /** Makes seeded data and checks each pass once against the sums as written. */
    @Setup(Level.Trial)
    public void setUp() {
        Device target = Device.parse(device);
        scope = org.cosmosj.tensor.Scope.open(target, "convolution benchmark");
        backend = Backends.of(target);
        Rng rng = Rng.seeded(7);
        x = Tensor.randn(rng, DType.F32, shape.x);
        weight = Tensor.randn(rng, DType.F32, shape.weight);
        bias = Tensor.randn(rng, DType.F32, Shape.of(shape.weight.size(0)));
        dOut = Tensor.randn(rng, DType.F32, shape.out);
        out = Tensor.empty(DType.F32, shape.out);
        dX = Tensor.empty(DType.F32, shape.x);
        dWeight = Tensor.empty(DType.F32, shape.weight);
        dBias = Tensor.empty(DType.F32, Shape.of(shape.weight.size(0)));
        runForward();
        runBackwardInput();
        runBackwardWeight();
        checkForward();
        checkGradients();
    }

    /** Frees the data. */
    @TearDown(Level.Trial)
    public void tearDown() {
        scope.close();
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
        backend.convolutions().conv3d(x.operand(), weight.operand(), bias.operand(), shape.geometry, out.operand());
        backend.synchronize();
    }

    private void runBackwardInput() {
        backend.convolutions().conv3dBackwardInput(dOut.operand(), weight.operand(), shape.geometry, dX.operand());
        backend.synchronize();
    }

    private void runBackwardWeight() {
        backend.convolutions().conv3dBackwardWeight(dOut.operand(), x.operand(), shape.geometry, dWeight.operand(),
                dBias.operand(), Accumulation.ASSIGN);
        backend.synchronize();
    }

    private void checkForward() {
        double[] inputs = x.toDoubleArray();
        double[] weights = weight.toDoubleArray();
        double[] biases = bias.toDoubleArray();
        double[] actual = out.toDoubleArray();
        long perChannel = shape.out.size(2) * shape.out.size(3) * shape.out.size(4);
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int result = (int) (i * (shape.out.numel() - 1) / (CHECKED_RESULTS - 1));
            double[] sum = {biases[(int) (result / perChannel % shape.out.size(1))], 1};
            shape.eachTerm(result, (w, in) -> {
                sum[0] += weights[(int) w] * inputs[(int) in];
                sum[1] += Math.abs(weights[(int) w] * inputs[(int) in]);
            });
            check("forward", result, actual[result], sum[0], sum[1]);
        }
    }

    /** The sums are linear in x and in weight, so {@code <dOut, out - bias> = <dX, x> = <dWeight, weight>}. */
    private void checkGradients() {
        double[] gradient = dOut.toDoubleArray();
        double[] biases = bias.toDoubleArray();
        double[] results = out.toDoubleArray();
        long perChannel = shape.out.size(2) * shape.out.size(3) * shape.out.size(4);
        double expected = 0;
        double scale = 0;
        for (int i = 0; i < gradient.length; i++) {
            double term = gradient[i] * (results[i] - biases[(int) (i / perChannel % shape.out.size(1))]);
            expected += term;
            scale += Math.abs(term);
        }
        check("backwardInput", 0, dot(dX, x), expected, scale);
        check("backwardWeight", 0, dot(dWeight, weight), expected, scale);
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

    private void check(String pass, int index, double actual, double expected, double scale) {
        if (!(Math.abs(actual - expected) <= TOLERANCE * scale)) {
            throw new IllegalStateException(pass + "(" + shape + "): element " + index + " is " + actual + ", expected "
                    + expected + " within " + TOLERANCE * scale + "; the kernel is wrong, its speed means nothing");
        }
    }
}
