package org.cosmosj.bench;

import java.util.Map;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Matrix products, in operations and GFLOP/s, beside the processor's peak. Tuners set the tiles of the machine code,
 * for example {@code ./cosmosj bench --filter 'Matmul.* cube_1024' --param rows=12,14 --param precision=BF16}; no tile
 * changes a bit of a result.
 */
public class MatmulBenchmark extends KernelBenchmark {
    /** Relative to the sum of absolute values; the rounding of F32 sums is below 1e-6. */
    private static final double TOLERANCE = 1e-5;
    /** The same with factors rounded to BF16, each by 2^-9 at most. */
    private static final double ROUNDED_TOLERANCE = 5e-3;
    private static final int CHECKED_RESULTS = 50;

    /** Which product. */
    @Param
    public MatmulShape shape;

    /** How factors are rounded. */
    @Param("F32")
    public MatmulPrecision precision = MatmulPrecision.F32;

    /** Rows of a register tile; times {@code vectors} at most 30 less {@code vectors}. */
    @Param("14")
    public int rows = 14;

    /** Columns of a register tile, in vectors of 16. */
    @Param("2")
    public int vectors = 2;

    /** Steps per turn of the inner loop, a power of two. */
    @Param("4")
    public int unroll = 4;

    /** Bytes that the right panel is fetched ahead of its use; 0 for none. */
    @Param("512")
    public int prefetch = 512;

    /** Rows of the left factor that are packed at a time. */
    @Param("196")
    public int packedRows = 196;

    /** Columns of the right factor that are packed at a time. */
    @Param("2048")
    public int packedColumns = 2048;

    private Tensor left;
    private Tensor right;
    private Tensor result;
    private Operand x;
    private Operand y;
    private Operand out;

    @Override
    void configure() {
        Map.of("rows", rows, "vectors", vectors, "unroll", unroll, "prefetch", prefetch, "packedRows", packedRows,
                "packedColumns", packedColumns)
                .forEach((name, value) -> System.setProperty("cosmosj.machine." + name, value.toString()));
    }

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
        if (precision == MatmulPrecision.BF16) {
            backend.matmul().matmulBf16(x, y, out, Accumulation.ASSIGN);
        } else {
            backend.matmul().matmul(x, y, out, Accumulation.ASSIGN);
        }
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
            check("matmul(" + shape + ")", at, actual[at], sum,
                    (precision == MatmulPrecision.BF16 ? ROUNDED_TOLERANCE : TOLERANCE) * scale);
        }
    }
}
