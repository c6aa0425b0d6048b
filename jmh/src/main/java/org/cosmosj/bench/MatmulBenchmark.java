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
import org.cosmosj.tensor.spi.Operand;
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
 * Matrix products, in operations and GFLOP/s, beside the processor's peak. The scalar twin runs with
 * {@code -jvmArgsAppend -Dcosmosj.cpu.kernels=scalar}, one thread with {@code -jvmArgsAppend -Dcosmosj.threads=1}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class MatmulBenchmark {
    /** Relative to the sum of absolute values; the rounding of F32 sums is below 1e-6. */
    private static final double TOLERANCE = 1e-5;
    private static final int CHECKED_RESULTS = 50;

    /** Device that runs the kernels. */
    @Param("cpu")
    public String device;

    /** Which product. */
    @Param
    public MatmulShape shape;

    private org.cosmosj.tensor.Scope scope;
    private Backend backend;
    private Tensor left;
    private Tensor right;
    private Tensor result;
    private Operand x;
    private Operand y;
    private Operand out;

    /** Makes seeded data and checks results against the sums as written. */
    @Setup(Level.Trial)
    public void setUp() {
        Device target = Device.parse(device);
        scope = org.cosmosj.tensor.Scope.open(target, "matmul benchmark");
        backend = Backends.of(target);
        Rng rng = Rng.seeded(7);
        left = matrix(rng, DType.F32, shape.m, shape.k, shape.leftTransposed);
        right = matrix(rng, shape.rightType, shape.k, shape.n, shape.rightTransposed);
        result = Tensor.empty(DType.F32, Shape.of(1, shape.m, shape.n));
        x = left.operand();
        y = right.operand();
        out = result.operand();
        run();
        check();
    }

    private static Tensor matrix(Rng rng, DType dtype, long rows, long columns, boolean transposed) {
        Tensor values =
                Tensor.randn(rng, DType.F32, transposed ? Shape.of(1, columns, rows) : Shape.of(1, rows, columns));
        Tensor typed = dtype == DType.F32 ? values : values.to(dtype);
        return transposed ? typed.transpose(1, 2) : typed;
    }

    /** Frees the data. */
    @TearDown(Level.Trial)
    public void tearDown() {
        scope.close();
    }

    /**
     * The product.
     *
     * @param rate counts the arithmetic
     */
    @Benchmark
    public void matmul(FlopRate rate) {
        run();
        rate.count(shape.flops());
    }

    private void run() {
        backend.matmul().matmul(x, y, out, Accumulation.ASSIGN);
        backend.synchronize();
    }

    private void check() {
        float[] rows = left.contiguous().toFloatArray();
        float[] columns = right.to(DType.F32).transpose(1, 2).contiguous().toFloatArray();
        float[] actual = result.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int at = (int) ((long) i * (actual.length - 1) / (CHECKED_RESULTS - 1));
            double sum = 0;
            double scale = 0;
            for (int p = 0; p < shape.k; p++) {
                double term = (double) rows[at / shape.n * shape.k + p] * columns[at % shape.n * shape.k + p];
                sum += term;
                scale += Math.abs(term);
            }
            if (!(Math.abs(actual[at] - sum) <= TOLERANCE * scale)) {
                throw new IllegalStateException("matmul(" + shape + "): element " + at + " is " + actual[at]
                        + ", expected " + sum + " within " + TOLERANCE * scale
                        + "; the kernel is wrong, its speed means nothing");
            }
        }
    }
}
