package org.cosmosj.bench;

import org.cosmosj.tensor.DType;

/**
 * Matrix products at the sizes of the models. NT is a linear layer (weight (N, K)), NN its input's gradient, TN its
 * weight's gradient.
 */
public enum MatmulShape {
    /** Projections of the 2B block over LIBERO's 1764 tokens. */
    linear_M1764_N2048_K2048(1764, 2048, 2048, false, true, DType.F32, Group.BLOCK),
    /** Gradient of its input. */
    gradInput_M1764_N2048_K2048(1764, 2048, 2048, false, false, DType.F32, Group.BLOCK),
    /** Gradient of its weight. */
    gradWeight_M2048_N2048_K1764(2048, 2048, 1764, true, false, DType.F32, Group.BLOCK),
    /** First layer of the 2B block's MLP. */
    linear_M1764_N8192_K2048(1764, 8192, 2048, false, true, DType.F32, Group.BLOCK),
    /** Gradient of its input. */
    gradInput_M1764_N2048_K8192(1764, 2048, 8192, false, false, DType.F32, Group.BLOCK),
    /** Gradient of its weight. */
    gradWeight_M8192_N2048_K1764(8192, 2048, 1764, true, false, DType.F32, Group.BLOCK),
    /** Second layer of the 2B block's MLP. */
    linear_M1764_N2048_K8192(1764, 2048, 8192, false, true, DType.F32, Group.BLOCK),
    /** Gradient of its input. */
    gradInput_M1764_N8192_K2048(1764, 8192, 2048, false, false, DType.F32, Group.BLOCK),
    /** Gradient of its weight. */
    gradWeight_M2048_N8192_K1764(2048, 8192, 1764, true, false, DType.F32, Group.BLOCK),
    /** Keys and values of the text in the 2B block. */
    linear_M512_N2048_K1024(512, 2048, 1024, false, true, DType.F32, Group.BLOCK),
    /** Gradient of its input. */
    gradInput_M512_N1024_K2048(512, 1024, 2048, false, false, DType.F32, Group.BLOCK),
    /** Gradient of its weight. */
    gradWeight_M2048_N1024_K512(2048, 1024, 512, true, false, DType.F32, Group.BLOCK),
    /** Weights as stored in a BF16 checkpoint, widened. */
    linearBf16_M1764_N2048_K8192(1764, 2048, 8192, false, true, DType.BF16, Group.OTHER),
    /** Cube. */
    cube_256(256, 256, 256, false, false, DType.F32, Group.OTHER),
    /** Cube. */
    cube_512(512, 512, 512, false, false, DType.F32, Group.BLOCK),
    /** Cube, right factor transposed. */
    cubeNT_512(512, 512, 512, false, true, DType.F32, Group.BLOCK),
    /** Cube, left factor transposed. */
    cubeTN_512(512, 512, 512, true, false, DType.F32, Group.BLOCK),
    /** Cube. */
    cube_1024(1024, 1024, 1024, false, false, DType.F32, Group.BLOCK),
    /** Cube, right factor transposed. */
    cubeNT_1024(1024, 1024, 1024, false, true, DType.F32, Group.BLOCK),
    /** Cube, left factor transposed. */
    cubeTN_1024(1024, 1024, 1024, true, false, DType.F32, Group.BLOCK),
    /** Cube. */
    cube_2048(2048, 2048, 2048, false, false, DType.F32, Group.BLOCK),
    /** Cube, right factor transposed. */
    cubeNT_2048(2048, 2048, 2048, false, true, DType.F32, Group.BLOCK),
    /** Cube, left factor transposed. */
    cubeTN_2048(2048, 2048, 2048, true, false, DType.F32, Group.BLOCK),
    /** Few rows: time embeddings and modulations. */
    linear_M4_N2048_K2048(4, 2048, 2048, false, true, DType.F32, Group.FEW_ROWS),
    /** Few rows: time embeddings and modulations. */
    linear_M16_N2048_K2048(16, 2048, 2048, false, true, DType.F32, Group.FEW_ROWS),
    /** Few rows: time embeddings and modulations. */
    linear_M64_N2048_K2048(64, 2048, 2048, false, true, DType.F32, Group.FEW_ROWS),
    /** Few rows: time embeddings and modulations. */
    linear_M4_N8192_K2048(4, 8192, 2048, false, true, DType.F32, Group.FEW_ROWS),
    /** Few rows: time embeddings and modulations. */
    linear_M16_N8192_K2048(16, 8192, 2048, false, true, DType.F32, Group.FEW_ROWS),
    /** Few rows: time embeddings and modulations. */
    linear_M64_N8192_K2048(64, 8192, 2048, false, true, DType.F32, Group.FEW_ROWS),
    /** The tabletop's model in training: MLP back to the model width. */
    linear_M576_N128_K512(576, 128, 512, false, true, DType.F32, Group.OTHER),
    /** The tabletop's model with one sample. */
    linear_M16_N64_K64(16, 64, 64, false, true, DType.F32, Group.OTHER);

    private final int m;
    private final int n;
    private final int k;
    private final boolean leftTransposed;
    private final boolean rightTransposed;
    private final DType rightType;
    private final Group group;

    /** What a shape stands for. */
    public enum Group {
        /** Products of the 2B block over all tokens, and cubes from 512. */
        BLOCK,
        /** Products that read their weight for a few rows. */
        FEW_ROWS,
        /** Others. */
        OTHER
    }

    MatmulShape(int m, int n, int k, boolean leftTransposed, boolean rightTransposed, DType rightType,
            Group group) {
        this.m = m;
        this.n = n;
        this.k = k;
        this.leftTransposed = leftTransposed;
        this.rightTransposed = rightTransposed;
        this.rightType = rightType;
        this.group = group;
    }

    /**
     * Rows of the result.
     *
     * @return the value
     */
    public int m() {
        return m;
    }

    /**
     * Columns of the result.
     *
     * @return the value
     */
    public int n() {
        return n;
    }

    /**
     * Length of each sum.
     *
     * @return the value
     */
    public int k() {
        return k;
    }

    /**
     * Whether the left factor is stored (K, M).
     *
     * @return the answer
     */
    public boolean leftTransposed() {
        return leftTransposed;
    }

    /**
     * Whether the right factor is stored (N, K).
     *
     * @return the answer
     */
    public boolean rightTransposed() {
        return rightTransposed;
    }

    /**
     * Type of the right factor.
     *
     * @return the value
     */
    public DType rightType() {
        return rightType;
    }

    /**
     * What the shape stands for.
     *
     * @return the group
     */
    public Group group() {
        return group;
    }

    /**
     * Multiplications and additions.
     *
     * @return the count
     */
    public double flops() {
        return 2.0 * m * n * k;
    }
}
