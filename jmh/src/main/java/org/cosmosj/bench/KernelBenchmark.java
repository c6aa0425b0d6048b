package org.cosmosj.bench;

import java.util.concurrent.TimeUnit;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Backend;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all benchmarks of kernels share: operations per second with a rate beside the machine's peak, three forks,
 * seeded data in one scope, and results that are checked against the formulas as written before anything is timed. The
 * scalar twin of a number runs with {@code --kernels scalar}, one thread with {@code --threads 1}.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 3,
        jvmArgsAppend = {"--add-modules", KernelBenchmark.MODULE, KernelBenchmark.NATIVE, KernelBenchmark.UNSAFE})
public abstract class KernelBenchmark {
    static final String MODULE = "jdk.incubator.vector";
    static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    /** JMH itself uses what this allows; without it every fork prints a warning. */
    static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /** Device that runs the kernels. */
    @Param("cpu")
    public String device;

    /** The device's kernels, from the beginning of {@link #prepare} on. */
    Backend backend;

    private final Rng rng = Rng.seeded(7);
    private Scope scope;

    /** Opens the scope, makes the data and checks the results. */
    @Setup(Level.Trial)
    public void setUp() {
        configure();
        Device target = Device.parse(device);
        scope = Scope.open(target, getClass().getSimpleName());
        backend = Backends.of(target);
        prepare();
    }

    /** Sets what a backend reads once, before there is one. */
    void configure() {}

    /** Makes the operands, runs each kernel once and checks what it wrote. */
    abstract void prepare();

    /** Frees the data. */
    @TearDown(Level.Trial)
    public void tearDown() {
        scope.close();
    }

    /** Seeded standard normal numbers. */
    final Tensor random(long... sizes) {
        return random(Shape.of(sizes));
    }

    /** Seeded standard normal numbers. */
    final Tensor random(Shape shape) {
        return Tensor.randn(rng, DType.F32, shape);
    }

    /** A destination. */
    static Tensor result(long... sizes) {
        return result(Shape.of(sizes));
    }

    /** A destination. */
    static Tensor result(Shape shape) {
        return Tensor.empty(DType.F32, shape);
    }

    /**
     * Refuses to time a kernel that is wrong.
     *
     * @param what kernel, shape and result
     * @param index which element
     * @param actual what the kernel wrote
     * @param expected what the formula gives in double precision
     * @param limit largest difference allowed
     */
    static void check(String what, long index, double actual, double expected, double limit) {
        if (!(Math.abs(actual - expected) <= limit)) {
            throw new IllegalStateException(what + ": element " + index + " is " + actual + ", expected " + expected
                    + " within " + limit + "; the kernel is wrong, its speed means nothing");
        }
    }
}
