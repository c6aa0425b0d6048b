package org.cosmosj.nn;

import java.util.function.DoubleUnaryOperator;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;

/**
 * Rotary position embedding over frame, row and column: the angles of a token are
 * {@code [t f_t, y f_h, x f_w]} with {@code f = 1 / theta^(2i/dim)} and {@code theta = 10000 ratio^(dim/(dim-2))}. Has
 * no parameters; the buffers that checkpoints hold are recomputed. Source: spec 01 section 7.
 */
public final class RotaryEmbedding3d {
    private static final double BASE = 10_000;
    /** The frame rate that positions count in when {@link #anglesAtFrameRate} modulates them. */
    private static final float BASE_FRAMES_PER_SECOND = 24;

    private final int pairs;
    private final float[] frequenciesT;
    private final float[] frequenciesH;
    private final float[] frequenciesW;

    /**
     * Computes the frequencies.
     *
     * @param config sizes and ratios
     */
    public RotaryEmbedding3d(RotaryConfig config) {
        this.pairs = config.headWidth() / 2;
        this.frequenciesT = frequencies(config.temporalWidth(), config.ratioT(), config.exponents());
        this.frequenciesH = frequencies(config.spatialWidth(), config.ratioH(), config.exponents());
        this.frequenciesW = frequencies(config.spatialWidth(), config.ratioW(), config.exponents());
    }

    /** Float32 steps in the order of the reference, so that the angles agree to the last bit or two. */
    private static float[] frequencies(int width, double ratio, Rounding exponents) {
        float theta = (float) (BASE * StrictMath.pow(ratio, (double) width / (width - 2)));
        float[] frequencies = new float[width / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = exponents.apply(2f * i / width);
            frequencies[i] = 1f / (float) StrictMath.pow(theta, exponent);
        }
        return frequencies;
    }

    /**
     * Angles of every token, positions counted in latent frames and patches.
     *
     * @param grid the tokens
     * @return (L, d/2) row-major, in radians
     */
    public float[] angles(TokenGrid grid) {
        float[] times = new float[grid.frames()];
        for (int t = 0; t < times.length; t++) {
            times[t] = t;
        }
        return angles(grid, times);
    }

    /**
     * Angles with time counted in 1/24 s, as models with frame-rate modulation use them; the policy does not.
     *
     * @param grid the tokens
     * @param framesPerSecond frame rate, above 0
     * @return (L, d/2) row-major, in radians
     */
    public float[] anglesAtFrameRate(TokenGrid grid, double framesPerSecond) {
        float[] times = new float[grid.frames()];
        for (int t = 0; t < times.length; t++) {
            times[t] = t / (float) framesPerSecond * BASE_FRAMES_PER_SECOND;
        }
        return angles(grid, times);
    }

    private float[] angles(TokenGrid grid, float[] times) {
        float[] angles = new float[grid.tokens() * pairs];
        int next = 0;
        for (float time : times) {
            for (int y = 0; y < grid.height(); y++) {
                for (int x = 0; x < grid.width(); x++) {
                    next = multiply(time, frequenciesT, angles, next);
                    next = multiply(y, frequenciesH, angles, next);
                    next = multiply(x, frequenciesW, angles, next);
                }
            }
        }
        return angles;
    }

    private static int multiply(float position, float[] frequencies, float[] angles, int start) {
        int next = start;
        for (float frequency : frequencies) {
            angles[next++] = position * frequency;
        }
        return next;
    }

    /**
     * Cosines and sines of {@link #angles}, in the current scope.
     *
     * @param grid the tokens
     * @param dtype of what they will turn; BF16 is turned by F32 tables
     * @return both tables
     */
    public RotaryTables tables(TokenGrid grid, DType dtype) {
        DType exact = dtype == DType.BF16 ? DType.F32 : dtype;
        return new RotaryTables(table(grid, StrictMath::cos).to(exact), table(grid, StrictMath::sin).to(exact));
    }

    /** Each axis has few positions: their values are computed once and put together for every token. */
    private Tensor table(TokenGrid grid, DoubleUnaryOperator f) {
        double[][] times = values(grid.frames(), frequenciesT, f);
        double[][] rows = values(grid.height(), frequenciesH, f);
        double[][] columns = values(grid.width(), frequenciesW, f);
        double[] table = new double[grid.tokens() * pairs];
        int next = 0;
        for (double[] time : times) {
            for (double[] row : rows) {
                for (double[] column : columns) {
                    next = append(time, table, next);
                    next = append(row, table, next);
                    next = append(column, table, next);
                }
            }
        }
        return Tensor.of(table, grid.tokens(), pairs);
    }

    private static double[][] values(int positions, float[] frequencies, DoubleUnaryOperator f) {
        double[][] values = new double[positions][frequencies.length];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < frequencies.length; i++) {
                values[position][i] = f.applyAsDouble((float) position * frequencies[i]);
            }
        }
        return values;
    }

    private static int append(double[] values, double[] table, int start) {
        System.arraycopy(values, 0, table, start, values.length);
        return start + values.length;
    }
}
