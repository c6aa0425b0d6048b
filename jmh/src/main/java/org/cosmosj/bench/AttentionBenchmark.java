package org.cosmosj.bench;

import java.util.concurrent.TimeUnit;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
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

/**
 * Attention forward and backward, in operations and GFLOP/s, beside the processor's peak. The scalar twin runs with
 * {@code -jvmArgsAppend -Dcosmosj.cpu.kernels=scalar}, one thread with {@code -jvmArgsAppend -Dcosmosj.threads=1}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class AttentionBenchmark {
    /** Relative to the sum of absolute values; logits of some units round by 1e-6. */
    private static final double TOLERANCE = 2e-5;
    private static final int CHECKED_QUERIES = 20;

    /** Device that runs the kernels. */
    @Param("cpu")
    public String device;

    /** Which attention. */
    @Param
    public AttentionShape shape;

    private org.cosmosj.tensor.Scope scope;
    private Backend backend;
    private double scale;
    private Tensor q;
    private Tensor k;
    private Tensor v;
    private Tensor out;
    private Tensor logSumExp;
    private Tensor dOut;
    private Tensor dQ;
    private Tensor dK;
    private Tensor dV;

    /** Makes seeded data and checks results and gradients against the formulas as written. */
    @Setup(Level.Trial)
    public void setUp() {
        Device target = Device.parse(device);
        scope = org.cosmosj.tensor.Scope.open(target, "attention benchmark");
        backend = Backends.of(target);
        scale = 1 / Math.sqrt(shape.width);
        Rng rng = Rng.seeded(7);
        Shape queries = Shape.of(shape.batch, shape.queries, shape.heads, shape.width);
        Shape keys = Shape.of(shape.batch, shape.keys, shape.heads, shape.width);
        q = Tensor.randn(rng, DType.F32, queries);
        k = Tensor.randn(rng, DType.F32, keys);
        v = Tensor.randn(rng, DType.F32, keys);
        dOut = Tensor.randn(rng, DType.F32, queries);
        out = Tensor.empty(DType.F32, queries);
        logSumExp = Tensor.empty(DType.F32, Shape.of(shape.batch, shape.heads, shape.queries));
        dQ = Tensor.empty(DType.F32, queries);
        dK = Tensor.empty(DType.F32, keys);
        dV = Tensor.empty(DType.F32, keys);
        runForward();
        runBackward();
        checkQueries();
        // out is linear in v, and the logits are linear in q and in k.
        checkSums("dV", dV, v, dOut, out);
        checkSums("dK", dK, k, dQ, q);
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
     * All three gradients.
     *
     * @param rate counts the arithmetic
     */
    @Benchmark
    public void backward(FlopRate rate) {
        runBackward();
        rate.count(2.5 * shape.flops());
    }

    private void runForward() {
        backend.attention().attention(q.operand(), k.operand(), v.operand(), scale, out.operand(),
                logSumExp.operand());
        backend.synchronize();
    }

    private void runBackward() {
        backend.attention().attentionBackward(dOut.operand(), q.operand(), k.operand(), v.operand(), out.operand(),
                logSumExp.operand(), scale, dQ.operand(), dK.operand(), dV.operand());
        backend.synchronize();
    }

    /** Some rows of out and dQ, (token, head), as the formulas say. */
    private void checkQueries() {
        float[] keys = k.toFloatArray();
        float[] values = v.toFloatArray();
        float[] queries = q.toFloatArray();
        float[] gradients = dOut.toFloatArray();
        float[] results = out.toFloatArray();
        float[] slopes = dQ.toFloatArray();
        int rows = shape.batch * shape.queries * shape.heads;
        for (int i = 0; i < CHECKED_QUERIES; i++) {
            int row = (int) ((long) i * (rows - 1) / (CHECKED_QUERIES - 1));
            int head = row % shape.heads;
            int batch = row / shape.heads / shape.queries;
            double[] p = new double[shape.keys];
            double sum = 0;
            for (int j = 0; j < shape.keys; j++) {
                p[j] = Math.exp(scale * dot(queries, row, keys, keyRow(batch, j, head)));
                sum += p[j];
            }
            double[] expected = new double[shape.width];
            double[] slope = new double[shape.width];
            double delta = dot(gradients, row, results, row);
            for (int j = 0; j < shape.keys; j++) {
                int key = keyRow(batch, j, head);
                double dS = scale * p[j] / sum * (dot(gradients, row, values, key) - delta);
                for (int c = 0; c < shape.width; c++) {
                    expected[c] += p[j] / sum * values[key * shape.width + c];
                    slope[c] += dS * keys[key * shape.width + c];
                }
            }
            for (int c = 0; c < shape.width; c++) {
                check("out", row, results[row * shape.width + c], expected[c], 1);
                check("dQ", row, slopes[row * shape.width + c], slope[c], 1);
            }
        }
    }

    private int keyRow(int batch, int token, int head) {
        return (batch * shape.keys + token) * shape.heads + head;
    }

    private double dot(float[] x, int xRow, float[] y, int yRow) {
        double sum = 0;
        for (int c = 0; c < shape.width; c++) {
            sum += (double) x[xRow * shape.width + c] * y[yRow * shape.width + c];
        }
        return sum;
    }

    private void checkSums(String gradient, Tensor gradientLeft, Tensor left, Tensor gradientRight, Tensor right) {
        float[] a = gradientLeft.toFloatArray();
        float[] b = left.toFloatArray();
        float[] c = gradientRight.toFloatArray();
        float[] d = right.toFloatArray();
        double actual = 0;
        double expected = 0;
        double magnitude = 0;
        for (int i = 0; i < a.length; i++) {
            actual += (double) a[i] * b[i];
        }
        for (int i = 0; i < c.length; i++) {
            expected += (double) c[i] * d[i];
            magnitude += Math.abs((double) c[i] * d[i]);
        }
        check(gradient, 0, actual, expected, magnitude);
    }

    private void check(String what, int row, double actual, double expected, double magnitude) {
        if (!(Math.abs(actual - expected) <= TOLERANCE * magnitude)) {
            throw new IllegalStateException("attention(" + shape + "): " + what + " in row " + row + " is " + actual
                    + ", expected " + expected + " within " + TOLERANCE * magnitude
                    + "; the kernel is wrong, its speed means nothing");
        }
    }
}
