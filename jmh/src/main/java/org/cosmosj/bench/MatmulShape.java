package org.cosmosj.bench;

import org.cosmosj.tensor.DType;

/**
 * Matrix products at the sizes of the models. NT is a linear layer (weight (N, K)), NN its input's gradient, TN its
 * weight's gradient.
 */
public enum MatmulShape {
    /** Projections of the 2B block over LIBERO's 1764 tokens. */
    linear_M1764_N2048_K2048(1764, 2048, 2048, false, true, DType.F32),
    /** First layer of the 2B block's MLP. */
    linear_M1764_N8192_K2048(1764, 8192, 2048, false, true, DType.F32),
    /** Second layer of the 2B block's MLP. */
    linear_M1764_N2048_K8192(1764, 2048, 8192, false, true, DType.F32),
    /** The same with weights as stored in a BF16 checkpoint. */
    linearBf16_M1764_N2048_K8192(1764, 2048, 8192, false, true, DType.BF16),
    /** Gradient of the input of a 2B projection. */
    gradInput_M1764_N2048_K2048(1764, 2048, 2048, false, false, DType.F32),
    /** Gradient of the weight of a 2B projection. */
    gradWeight_M2048_N2048_K1764(2048, 2048, 1764, true, false, DType.F32),
    /** Cube. */
    cube_256(256, 256, 256, false, false, DType.F32),
    /** Cube. */
    cube_512(512, 512, 512, false, false, DType.F32),
    /** Cube. */
    cube_1024(1024, 1024, 1024, false, false, DType.F32),
    /** Cube. */
    cube_2048(2048, 2048, 2048, false, false, DType.F32),
    /** Few rows: time embeddings and modulations. */
    linear_M4_N2048_K2048(4, 2048, 2048, false, true, DType.F32),
    /** Few rows. */
    linear_M16_N2048_K2048(16, 2048, 2048, false, true, DType.F32),
    /** Few rows. */
    linear_M64_N2048_K2048(64, 2048, 2048, false, true, DType.F32),
    /** The tabletop's model in training: MLP back to the model width. */
    linear_M576_N128_K512(576, 128, 512, false, true, DType.F32),
    /** The tabletop's model with one sample. */
    linear_M16_N64_K64(16, 64, 64, false, true, DType.F32);

    final int m;
    final int n;
    final int k;
    final boolean leftTransposed;
    final boolean rightTransposed;
    final DType rightType;

    MatmulShape(int m, int n, int k, boolean leftTransposed, boolean rightTransposed, DType rightType) {
        this.m = m;
        this.n = n;
        this.k = k;
        this.leftTransposed = leftTransposed;
        this.rightTransposed = rightTransposed;
        this.rightType = rightType;
    }

    /** Multiplications and additions. */
    double flops() {
        return 2.0 * m * n * k;
    }
}
