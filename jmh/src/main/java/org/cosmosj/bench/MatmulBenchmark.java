package org.cosmosj.bench;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Matrix products, in operations and GFLOP/s, beside the processor's peak. */
public class MatmulBenchmark extends KernelBenchmark {
    /** Relative to the sum of absolute values; the rounding of F32 sums is below 1e-6. */
    private static final double TOLERANCE = 1e-5;
    private static final int CHECKED_RESULTS = 50;

    /** Which product. */
    @Param
    public MatmulShape shape;

    private Tensor left;
    private Tensor right;
    private Tensor result;
    private Operand x;
    private Operand y;
    private Operand out;

    @Override
    void prepare() {
        left = matrix(DType.F32, shape.m(), shape.k(), shape.leftTransposed());
        right = matrix(shape.rightType(), shape.k(), shape.n(), shape.rightTransposed());
        result = result(1, shape.m(), shape.n());
        x = left.operand();
        y = right.operand();
        out = result.operand();
        run();
        checkResults();
    }

    private Tensor matrix(DType dtype, long rows, long columns, boolean transposed) {
        Tensor values = transposed ? random(1, columns, rows) : random(1, rows, columns);
        Tensor typed = dtype == DType.F32 ? values : values.to(dtype);
        return transposed ? typed.transpose(1, 2) : typed;
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

    private void checkResults() {
        float[] rows = left.contiguous().toFloatArray();
        float[] columns = right.to(DType.F32).transpose(1, 2).contiguous().toFloatArray();
        float[] actual = result.toFloatArray();
        for (int i = 0; i < CHECKED_RESULTS; i++) {
            int at = (int) ((long) i * (actual.length - 1) / (CHECKED_RESULTS - 1));
            double sum = 0;
            double scale = 0;
            for (int p = 0; p < shape.k(); p++) {
                double term = (double) rows[at / shape.n() * shape.k() + p] * columns[at % shape.n() * shape.k() + p];
                sum += term;
                scale += Math.abs(term);
            }
            check("matmul(" + shape + ")", at, actual[at], sum, TOLERANCE * scale);
        }
    }
}
