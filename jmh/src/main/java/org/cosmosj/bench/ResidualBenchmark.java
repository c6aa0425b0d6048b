package org.cosmosj.bench;

import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Residual branches, plain and with one gate per frame, in GB/s beside the rate of plain copies. */
public class ResidualBenchmark extends KernelBenchmark {
    /** Results are of size 1. */
    private static final double TOLERANCE = 5e-6;
    private static final int CHECKED_RESULTS = 1000;

    /** Which tokens. */
    @Param
    public TokenShape shape;

    private Tensor x;
    private Tensor y;
    private Tensor gate;
    private Tensor out;
    private Tensor dGate;

    @Override
    void prepare() {
        x = random(shape.groups(), shape.perGroup(), shape.width());
        y = random(shape.groups(), shape.perGroup(), shape.width());
        gate = random(shape.groups(), shape.width());
        out = result(shape.groups(), shape.perGroup(), shape.width());
        dGate = result(shape.groups(), shape.width());
        float[] xs = x.toFloatArray();
        float[] ys = y.toFloatArray();
        float[] gates = gate.toFloatArray();
        runAdd();
        check("add", (i, g) -> (double) xs[i] + ys[i]);
        runGated();
        check("gatedResidual", (i, g) -> xs[i] + (double) gates[g] * ys[i]);
        runGatedBackward();
        check("gatedResidualBackward: dY", (i, g) -> (double) gates[g] * xs[i]);
        checkGate(xs, ys);
    }

    /**
     * {@code x + y}: reads both, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void add(ByteRate rate) {
        runAdd();
        rate.count(3 * shape.bytes());
    }

    /**
     * {@code x + gate y}: reads x and y, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void gatedResidual(ByteRate rate) {
        runGated();
        rate.count(3 * shape.bytes());
    }

    /**
     * Its gradients: reads dOut and y, writes dY.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void gatedResidualBackward(ByteRate rate) {
        runGatedBackward();
        rate.count(3 * shape.bytes());
    }

    private void runAdd() {
        backend.elementwise().binary(Binary.ADD, x.operand(), y.operand(), out.operand());
        backend.synchronize();
    }

    private void runGated() {
        backend.elementwise().gatedResidual(x.operand(), gate.operand(), y.operand(), out.operand());
        backend.synchronize();
    }

    private void runGatedBackward() {
        backend.elementwise().gatedResidualBackward(x.operand(), gate.operand(), y.operand(), out.operand(),
                dGate.operand());
        backend.synchronize();
    }

    /** What an element should be. */
    private interface Formula {
        double at(int index, int gateIndex);
    }

    private int gateOf(int index) {
        return index / (shape.perGroup() * shape.width()) * shape.width() + index % shape.width();
    }

    private void check(String name, Formula formula) {
        float[] actual = out.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int at = (int) ((long) i * (actual.length - 1) / (CHECKED_RESULTS - 1));
            check(name + "(" + shape + ")", at, actual[at], formula.at(at, gateOf(at)), TOLERANCE);
        }
    }

    private void checkGate(float[] gradients, float[] ys) {
        double[] sums = new double[(int) dGate.shape().numel()];
        for (int i = 0; i < ys.length; i++) {
            sums[gateOf(i)] += (double) gradients[i] * ys[i];
        }
        float[] actual = dGate.toFloatArray();
        for (int i = 0; i < sums.length; i++) {
            check("gatedResidualBackward(" + shape + "): dGate", i, actual[i], sums[i], TOLERANCE * shape.perGroup());
        }
    }
}
