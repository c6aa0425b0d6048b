package org.cosmosj.bench;

import java.util.function.DoubleUnaryOperator;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The exact GELU and SiLU with their gradients, in GB/s beside the rate of plain copies. */
public class ActivationBenchmark extends KernelBenchmark {
    /** Polynomials of some units in the last place, results of size 1. */
    private static final double TOLERANCE = 5e-6;
    private static final int CHECKED_RESULTS = 1000;

    /** Which tensor. */
    @Param
    public ActivationShape shape;

    private Tensor x;
    private Tensor dY;
    private Tensor out;

    @Override
    void prepare() {
        x = random(shape.rows, shape.width);
        dY = random(shape.rows, shape.width);
        out = result(shape.rows, shape.width);
        run(Unary.GELU);
        check("gelu", Formulas::gelu);
        run(Unary.SILU);
        check("silu", Formulas::silu);
        runBackward(Unary.GELU);
        checkBackward("geluBackward", Formulas::geluSlope);
        runBackward(Unary.SILU);
        checkBackward("siluBackward", Formulas::siluSlope);
    }

    /**
     * {@code x Phi(x)}: reads x, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void gelu(ByteRate rate) {
        run(Unary.GELU);
        rate.count(2 * shape.bytes());
    }

    /**
     * Its gradient: reads x and dY, writes dX.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void geluBackward(ByteRate rate) {
        runBackward(Unary.GELU);
        rate.count(3 * shape.bytes());
    }

    /**
     * {@code x sigmoid(x)}: reads x, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void silu(ByteRate rate) {
        run(Unary.SILU);
        rate.count(2 * shape.bytes());
    }

    /**
     * Its gradient: reads x and dY, writes dX.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void siluBackward(ByteRate rate) {
        runBackward(Unary.SILU);
        rate.count(3 * shape.bytes());
    }

    private void run(Unary f) {
        backend.elementwise().unary(f, x.operand(), out.operand());
        backend.synchronize();
    }

    private void runBackward(Unary f) {
        backend.elementwise().unaryBackward(f, x.operand(), dY.operand(), out.operand());
        backend.synchronize();
    }

    private void check(String name, DoubleUnaryOperator f) {
        float[] inputs = x.toFloatArray();
        float[] actual = out.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int at = (int) ((long) i * (actual.length - 1) / (CHECKED_RESULTS - 1));
            check(name + "(" + shape + ")", at, actual[at], f.applyAsDouble(inputs[at]), TOLERANCE);
        }
    }

    private void checkBackward(String name, DoubleUnaryOperator slope) {
        float[] inputs = x.toFloatArray();
        float[] gradients = dY.toFloatArray();
        float[] actual = out.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int at = (int) ((long) i * (actual.length - 1) / (CHECKED_RESULTS - 1));
            check(name + "(" + shape + ")", at, actual[at], gradients[at] * slope.applyAsDouble(inputs[at]),
                    TOLERANCE);
        }
    }
}
