package org.cosmosj.bench;

import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Attention forward and backward, in operations and GFLOP/s, beside the processor's peak. */
public class AttentionBenchmark extends KernelBenchmark {
    /** Relative to the sum of absolute values; logits of some units round by 1e-6. */
    private static final double TOLERANCE = 2e-5;
    private static final int CHECKED_QUERIES = 20;

    /** Which attention. */
    @Param
    public AttentionShape shape;

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

    @Override
    void prepare() {
        scale = 1 / Math.sqrt(shape.width());
        Shape queries = Shape.of(shape.batch(), shape.queries(), shape.heads(), shape.width());
        Shape keys = Shape.of(shape.batch(), shape.keys(), shape.heads(), shape.width());
        q = random(queries);
        k = random(keys);
        v = random(keys);
        dOut = random(queries);
        out = result(queries);
        logSumExp = result(shape.batch(), shape.heads(), shape.queries());
        dQ = result(queries);
        dK = result(keys);
        dV = result(keys);
        runForward();
        runBackward();
        checkQueries();
        // out is linear in v, and the logits are linear in q and in k.
        checkSums("dV", dV, v, dOut, out);
        checkSums("dK", dK, k, dQ, q);
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
        int rows = shape.batch() * shape.queries() * shape.heads();
        for (int i = 0; i < CHECKED_QUERIES; i++) {
            int row = (int) ((long) i * (rows - 1) / (CHECKED_QUERIES - 1));
            int head = row % shape.heads();
            int batch = row / shape.heads() / shape.queries();
            double[] p = new double[shape.keys()];
            double sum = 0;
            for (int j = 0; j < shape.keys(); j++) {
                p[j] = Math.exp(scale * dot(queries, row, keys, keyRow(batch, j, head)));
                sum += p[j];
            }
            double[] expected = new double[shape.width()];
            double[] slope = new double[shape.width()];
            double delta = dot(gradients, row, results, row);
            for (int j = 0; j < shape.keys(); j++) {
                int key = keyRow(batch, j, head);
                double dS = scale * p[j] / sum * (dot(gradients, row, values, key) - delta);
                for (int c = 0; c < shape.width(); c++) {
                    expected[c] += p[j] / sum * values[key * shape.width() + c];
                    slope[c] += dS * keys[key * shape.width() + c];
                }
            }
            for (int c = 0; c < shape.width(); c++) {
                check("attention(" + shape + "): out", row, results[row * shape.width() + c], expected[c], TOLERANCE);
                check("attention(" + shape + "): dQ", row, slopes[row * shape.width() + c], slope[c], TOLERANCE);
            }
        }
    }

    private int keyRow(int batch, int token, int head) {
        return (batch * shape.keys() + token) * shape.heads() + head;
    }

    private double dot(float[] x, int xRow, float[] y, int yRow) {
        double sum = 0;
        for (int c = 0; c < shape.width(); c++) {
            sum += (double) x[xRow * shape.width() + c] * y[yRow * shape.width() + c];
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
        check("attention(" + shape + "): sum of " + gradient, 0, actual, expected, TOLERANCE * magnitude);
    }
}
