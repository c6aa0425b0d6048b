package org.cosmosj.tensor.spi;

/** Normalisations over the last axis (or over channels for the VAE), softmax and rotary position embedding. */
public interface NormKernels {
    /** Direction of {@link #rope}. */
    enum Rotation {
        /** By the angle, as in the forward pass. */
        FORWARD,
        /** By minus the angle, which is also the backward pass. */
        INVERSE
    }

    /**
     * LayerNorm without affine parameters, then modulation:
     * {@code out[g,p,:] = (x[g,p,:] - mean) rstd (1 + scale[g,:]) + shift[g,:]}, {@code rstd = (var + eps)^-1/2},
     * biased variance. Source: spec 01 section 8.
     *
     * @param x (G, P, D)
     * @param shift (G, D), or null together with {@code scale} for plain normalisation
     * @param scale (G, D), or null
     * @param eps added to the variance
     * @param out (G, P, D)
     * @param mean (G, P), saved for backward
     * @param rstd (G, P), saved for backward
     */
    void layerNorm(Operand x, Operand shift, Operand scale, double eps, Operand out, Operand mean, Operand rstd);

    /**
     * With {@code n} the normalised x and {@code e = dOut (1 + scale)}: {@code dX = rstd (e - mean(e) - n mean(e n))},
     * {@code dShift[g,:] = sum_p dOut}, {@code dScale[g,:] = sum_p dOut n}.
     *
     * @param dOut (G, P, D)
     * @param x (G, P, D)
     * @param scale (G, D) or null
     * @param mean (G, P)
     * @param rstd (G, P)
     * @param dX (G, P, D)
     * @param dShift (G, D), null iff scale is null
     * @param dScale (G, D), null iff scale is null
     */
    void layerNormBackward(Operand dOut, Operand x, Operand scale, Operand mean, Operand rstd, Operand dX,
            Operand dShift, Operand dScale);

    /**
     * RMS norm {@code out[r,:] = x[r,:] rstd[r] gain}, {@code rstd = (mean(x^2) + eps)^-1/2}. Source: spec 01 section
     * 9.
     *
     * @param x (R, D)
     * @param gain (D)
     * @param eps added to the mean square
     * @param out (R, D)
     * @param rstd (R), saved for backward
     */
    void rmsNorm(Operand x, Operand gain, double eps, Operand out, Operand rstd);

    /**
     * {@code dX = rstd (e - n mean(e n))} with {@code n = x rstd}, {@code e = dOut gain};
     * {@code dGain = sum_r dOut n}.
     *
     * @param dOut (R, D)
     * @param x (R, D)
     * @param gain (D)
     * @param rstd (R)
     * @param dX (R, D)
     * @param dGain (D)
     */
    void rmsNormBackward(Operand dOut, Operand x, Operand gain, Operand rstd, Operand dX, Operand dGain);

    /**
     * RMS norm over channels: {@code out[n,c,s] = x[n,c,s] / max(||x[n,:,s]||, 1e-12) sqrt(C) gain[c]}, optionally
     * followed by SiLU. Source: spec 02 section 2.2.
     *
     * @param x (N, C, S)
     * @param gain (C)
     * @param activation what follows the norm
     * @param out (N, C, S)
     */
    void channelNorm(Operand x, Operand gain, Activation activation, Operand out);

    /**
     * Backward of {@link #channelNorm}; recomputes what it needs from x.
     *
     * @param dOut (N, C, S)
     * @param x (N, C, S)
     * @param gain (C)
     * @param activation as forward
     * @param dX (N, C, S)
     * @param dGain (C)
     */
    void channelNormBackward(Operand dOut, Operand x, Operand gain, Activation activation, Operand dX, Operand dGain);

    /** What follows a channel norm. */
    enum Activation {
        /** Nothing. */
        NONE,
        /** {@code y sigmoid(y)}. */
        SILU
    }

    /**
     * Softmax over the last axis.
     *
     * @param x (R, D)
     * @param out (R, D)
     */
    void softmax(Operand x, Operand out);

    /**
     * {@code dX = y (dY - sum(dY y))}.
     *
     * @param dY (R, D)
     * @param y the forward result, (R, D)
     * @param dX (R, D)
     */
    void softmaxBackward(Operand dY, Operand y, Operand dX);

    /**
     * Rotary embedding, half-split: for d &lt; D/2 {@code out[d] = x[d] cos - x[d+D/2] sin},
     * {@code out[d+D/2] = x[d+D/2] cos + x[d] sin}. Source: spec 01 section 7.
     *
     * @param x (B, L, h, D)
     * @param cos (L, D/2)
     * @param sin (L, D/2)
     * @param rotation forward, or inverse for the gradient
     * @param out (B, L, h, D)
     */
    void rope(Operand x, Operand cos, Operand sin, Rotation rotation, Operand out);
}
