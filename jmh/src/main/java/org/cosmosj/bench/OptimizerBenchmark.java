package org.cosmosj.bench;

import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The updates of parameters and of their moving average, in GB/s beside the rate of plain copies. */
public class OptimizerBenchmark extends KernelBenchmark {
    private static final AdamWStep STEP = new AdamWStep(1e-4, 0.9, 0.99, 1e-8, 0.1, 0.1, 0.01, 0.5);
    private static final double DECAY = 0.999;
    private static final double TOLERANCE = 1e-6;
    private static final int CHECKED_RESULTS = 1000;

    /** How many parameters. */
    @Param
    public ParameterCount shape;

    private Tensor gradient;
    private Tensor parameter;
    private Tensor first;
    private Tensor second;
    private Tensor average;

    @Override
    void prepare() {
        gradient = random(shape.count);
        parameter = random(shape.count);
        first = random(shape.count);
        second = first.mul(first);
        average = random(shape.count);
        checkAdamW();
        checkAverage();
    }

    /**
     * AdamW: reads gradient, parameter and both moments, writes the last three.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void adamW(ByteRate rate) {
        runAdamW();
        rate.count(7 * 4.0 * shape.count);
    }

    /**
     * Moving average: reads parameter and average, writes the average.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void movingAverage(ByteRate rate) {
        runAverage();
        rate.count(3 * 4.0 * shape.count);
    }

    private void runAdamW() {
        backend.optimizers().adamW(gradient.operand(), parameter.operand(), first.operand(), second.operand(), STEP);
        backend.synchronize();
    }

    private void runAverage() {
        backend.optimizers().movingAverage(parameter.operand(), DECAY, average.operand());
        backend.synchronize();
    }

    private void checkAdamW() {
        float[] g = gradient.toFloatArray();
        float[] p = parameter.toFloatArray();
        float[] m = first.toFloatArray();
        float[] v = second.toFloatArray();
        runAdamW();
        float[] actual = parameter.toFloatArray();
        float[] moments = first.toFloatArray();
        float[] squares = second.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int at = at(i);
            double slope = g[at] * STEP.gradientScale();
            double moment = STEP.beta1() * m[at] + (1 - STEP.beta1()) * slope;
            double square = STEP.beta2() * v[at] + (1 - STEP.beta2()) * slope * slope;
            double change = moment / STEP.correction1() / (Math.sqrt(square / STEP.correction2()) + STEP.eps())
                    + STEP.weightDecay() * p[at];
            check("adamW(" + shape + "): parameter", at, actual[at], p[at] - STEP.learningRate() * change, TOLERANCE);
            check("adamW(" + shape + "): first moment", at, moments[at], moment, TOLERANCE);
            check("adamW(" + shape + "): second moment", at, squares[at], square, TOLERANCE * (1 + square));
        }
    }

    private void checkAverage() {
        float[] values = parameter.toFloatArray();
        float[] before = average.toFloatArray();
        runAverage();
        float[] after = average.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            check("movingAverage(" + shape + ")", at(i), after[at(i)],
                    DECAY * before[at(i)] + (1 - DECAY) * values[at(i)], TOLERANCE);
        }
    }

    private int at(int i) {
        return (int) ((long) i * (shape.count - 1) / (CHECKED_RESULTS - 1));
    }
}
