package org.cosmosj.bench;

import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.NormKernels.Rotation;
import org.cosmosj.tensor.spi.Operand;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The transformer's norms, forward and backward, in GB/s beside the rate of plain copies: LayerNorm with modulation
 * over the width of the model, RMS norm and rotary embedding over that of a head.
 */
public class NormBenchmark extends KernelBenchmark {
    /** Results are of size 1 and sums have at most some thousand terms. */
    private static final double TOLERANCE = 2e-5;
    private static final int CHECKED_ROWS = 20;

    /** Which tokens. */
    @Param
    public TokenShape shape;

    private Tensor x;
    private Tensor dOut;
    private Tensor shift;
    private Tensor scale;
    private Tensor gain;
    private Tensor cos;
    private Tensor sin;
    private Tensor out;
    private Tensor mean;
    private Tensor rstd;
    private Tensor headRstd;
    private Tensor dX;
    private Tensor dShift;
    private Tensor dScale;
    private Tensor dGain;

    @Override
    void prepare() {
        int g = shape.groups();
        int p = shape.perGroup();
        int d = shape.width();
        x = random(g, p, d);
        dOut = random(g, p, d);
        shift = random(g, d);
        scale = random(g, d);
        gain = random(shape.headWidth());
        cos = random(shape.rows(), shape.headWidth() / 2);
        sin = random(shape.rows(), shape.headWidth() / 2);
        out = result(g, p, d);
        mean = result(g, p);
        rstd = result(g, p);
        headRstd = result((long) shape.rows() * shape.heads());
        dX = result(g, p, d);
        dShift = result(g, d);
        dScale = result(g, d);
        dGain = result(shape.headWidth());
        runLayerNorm();
        checkLayerNorm();
        runLayerNormBackward();
        checkLayerNormBackward();
        runRope();
        checkRope();
        runRmsNorm();
        checkRmsNorm();
        runRmsNormBackward();
        checkRmsNormBackward();
        runLayerNorm();
    }

    /**
     * LayerNorm and modulation: reads x, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void layerNorm(ByteRate rate) {
        runLayerNorm();
        rate.count(2 * shape.bytes());
    }

    /**
     * Its gradients: reads dOut and x, writes dX.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void layerNormBackward(ByteRate rate) {
        runLayerNormBackward();
        rate.count(3 * shape.bytes());
    }

    /**
     * RMS norm of each head: reads x, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void rmsNorm(ByteRate rate) {
        runRmsNorm();
        rate.count(2 * shape.bytes());
    }

    /**
     * Its gradients: reads dOut and x, writes dX.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void rmsNormBackward(ByteRate rate) {
        runRmsNormBackward();
        rate.count(3 * shape.bytes());
    }

    /**
     * Rotary embedding: reads x and the tables, writes out.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void rope(ByteRate rate) {
        runRope();
        rate.count(2 * shape.bytes() + 4.0 * shape.rows() * shape.headWidth());
    }

    /**
     * What attention does to its queries: RMS norm, then rotary embedding in place of the normalised values.
     *
     * @param rate counts the bytes
     */
    @Benchmark
    public void rmsNormAndRope(ByteRate rate) {
        backend.norms().rmsNorm(byHead(x), gain.operand(), RowNorm.EPS, byHead(out), headRstd.operand());
        backend.norms().rope(inHeads(out), cos.operand(), sin.operand(), Rotation.FORWARD, inHeads(dX));
        backend.synchronize();
        rate.count(4 * shape.bytes() + 4.0 * shape.rows() * shape.headWidth());
    }

    private void runLayerNorm() {
        backend.norms().layerNorm(x.operand(), shift.operand(), scale.operand(), RowNorm.EPS, out.operand(),
                mean.operand(),
                rstd.operand());
        backend.synchronize();
    }

    private void runLayerNormBackward() {
        backend.norms().layerNormBackward(dOut.operand(), x.operand(), scale.operand(), mean.operand(), rstd.operand(),
                dX.operand(), dShift.operand(), dScale.operand());
        backend.synchronize();
    }

    private void runRmsNorm() {
        backend.norms().rmsNorm(byHead(x), gain.operand(), RowNorm.EPS, byHead(out), headRstd.operand());
        backend.synchronize();
    }

    private void runRmsNormBackward() {
        backend.norms().rmsNormBackward(byHead(dOut), byHead(x), gain.operand(), headRstd.operand(), byHead(dX),
                dGain.operand());
        backend.synchronize();
    }

    private void runRope() {
        backend.norms().rope(inHeads(x), cos.operand(), sin.operand(), Rotation.FORWARD, inHeads(out));
        backend.synchronize();
    }

    private Operand byHead(Tensor tokens) {
        return tokens.operand().reshape((long) shape.rows() * shape.heads(), shape.headWidth());
    }

    private Operand inHeads(Tensor tokens) {
        return tokens.operand().reshape(1, shape.rows(), shape.heads(), shape.headWidth());
    }

    private static int checkedRow(int i, int rows) {
        return (int) ((long) i * (rows - 1) / (CHECKED_ROWS - 1));
    }

    private void checkLayerNorm() {
        double[] shifts = shift.toDoubleArray();
        double[] scales = scale.toDoubleArray();
        double[] actual = out.toDoubleArray();
        int d = shape.width();
        for (int i = 0; i < CHECKED_ROWS; i++) {
            int row = checkedRow(i, shape.rows());
            double[] n = RowNorm.LAYER.normalised(x.toDoubleArray(), row, d);
            int group = row / shape.perGroup() * d;
            for (int c = 0; c < d; c++) {
                check("layerNorm(" + shape + ")", (long) row * d + c, actual[row * d + c],
                        n[c] * (1 + scales[group + c]) + shifts[group + c], 10 * TOLERANCE);
            }
        }
    }

    /** {@code dX = rstd (e - mean(e) - n mean(e n))} with {@code e = dOut (1 + scale)}, and the two column sums. */
    private void checkLayerNormBackward() {
        int d = shape.width();
        double[] inputs = x.toDoubleArray();
        double[] gradients = dOut.toDoubleArray();
        double[] scales = scale.toDoubleArray();
        double[] actual = dX.toDoubleArray();
        for (int i = 0; i < CHECKED_ROWS; i++) {
            int row = checkedRow(i, shape.rows());
            double[] e = new double[d];
            for (int c = 0; c < d; c++) {
                e[c] = gradients[row * d + c] * (1 + scales[row / shape.perGroup() * d + c]);
            }
            double[] expected = RowNorm.LAYER.gradient(inputs, row, e);
            for (int c = 0; c < d; c++) {
                check("layerNormBackward(" + shape + "): dX", (long) row * d + c, actual[row * d + c], expected[c],
                        10 * TOLERANCE);
            }
        }
        double[] shiftSums = new double[d];
        double[] scaleSums = new double[d];
        int group = shape.groups() - 1;
        for (int row = group * shape.perGroup(); row < shape.rows(); row++) {
            double[] n = RowNorm.LAYER.normalised(inputs, row, d);
            for (int c = 0; c < d; c++) {
                shiftSums[c] += gradients[row * d + c];
                scaleSums[c] += gradients[row * d + c] * n[c];
            }
        }
        double[] shifts = dShift.toDoubleArray();
        double[] scalings = dScale.toDoubleArray();
        for (int c = 0; c < d; c++) {
            int at = group * d + c;
            check("layerNormBackward(" + shape + "): dShift", at, shifts[at], shiftSums[c], columnLimit());
            check("layerNormBackward(" + shape + "): dScale", at, scalings[at], scaleSums[c], columnLimit());
        }
    }

    private void checkRmsNorm() {
        int d = shape.headWidth();
        double[] gains = gain.toDoubleArray();
        double[] actual = out.toDoubleArray();
        for (int i = 0; i < CHECKED_ROWS; i++) {
            int row = checkedRow(i, shape.rows() * shape.heads());
            double[] n = RowNorm.RMS.normalised(x.toDoubleArray(), row, d);
            for (int c = 0; c < d; c++) {
                check("rmsNorm(" + shape + ")", (long) row * d + c, actual[row * d + c], n[c] * gains[c],
                        10 * TOLERANCE);
            }
        }
    }

    private void checkRmsNormBackward() {
        int d = shape.headWidth();
        int rows = shape.rows() * shape.heads();
        double[] inputs = x.toDoubleArray();
        double[] gradients = dOut.toDoubleArray();
        double[] gains = gain.toDoubleArray();
        double[] actual = dX.toDoubleArray();
        double[] sums = new double[d];
        double magnitude = 0;
        for (int row = 0; row < rows; row++) {
            double[] n = RowNorm.RMS.normalised(inputs, row, d);
            for (int c = 0; c < d; c++) {
                sums[c] += gradients[row * d + c] * n[c];
            }
            magnitude += Math.abs(gradients[row * d] * n[0]);
        }
        for (int i = 0; i < CHECKED_ROWS; i++) {
            int row = checkedRow(i, rows);
            double[] e = new double[d];
            for (int c = 0; c < d; c++) {
                e[c] = gradients[row * d + c] * gains[c];
            }
            double[] expected = RowNorm.RMS.gradient(inputs, row, e);
            for (int c = 0; c < d; c++) {
                check("rmsNormBackward(" + shape + "): dX", (long) row * d + c, actual[row * d + c], expected[c],
                        10 * TOLERANCE);
            }
        }
        double[] columns = dGain.toDoubleArray();
        for (int c = 0; c < d; c++) {
            check("rmsNormBackward(" + shape + "): dGain", c, columns[c], sums[c], TOLERANCE * magnitude);
        }
    }

    private void checkRope() {
        int half = shape.headWidth() / 2;
        double[] inputs = x.toDoubleArray();
        double[] cosines = cos.toDoubleArray();
        double[] sines = sin.toDoubleArray();
        double[] actual = out.toDoubleArray();
        for (int i = 0; i < CHECKED_ROWS; i++) {
            int row = checkedRow(i, shape.rows() * shape.heads());
            for (int c = 0; c < half; c++) {
                int first = row * 2 * half + c;
                int angle = row / shape.heads() * half + c;
                check("rope(" + shape + ")", first, actual[first],
                        inputs[first] * cosines[angle] - inputs[first + half] * sines[angle], 10 * TOLERANCE);
                check("rope(" + shape + ")", first + half, actual[first + half],
                        inputs[first + half] * cosines[angle] + inputs[first] * sines[angle], 10 * TOLERANCE);
            }
        }
    }

    private double columnLimit() {
        return TOLERANCE * shape.perGroup();
    }
}
