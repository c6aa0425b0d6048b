package org.cosmosj.bench;

import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Shape;

/** The convolutions that matter: three of the Wan VAE at 224 x 224 pixels and one of the tabletop's small VAE. */
public enum ConvolutionShape {
    /** First level of the encoder after one halving. */
    causal333_B1_C96_O96_T4_112x112(1, 96, 96, 4, 112, ConvGeometry.causal(3, 3, 3)),
    /** Second level. */
    causal333_B1_C192_O192_T4_56x56(1, 192, 192, 4, 56, ConvGeometry.causal(3, 3, 3)),
    /** Deepest level. */
    causal333_B1_C384_O384_T4_28x28(1, 384, 384, 4, 28, ConvGeometry.causal(3, 3, 3)),
    /** A single frame: two of three taps in time meet only padding and are not counted. */
    causal333_B1_C384_O384_T1_28x28(1, 384, 384, 1, 28, ConvGeometry.causal(3, 3, 3)),
    /** Halving of the first level. */
    down133_B1_C96_O96_T1_224x224(1, 96, 96, 1, 224, new ConvGeometry(1, 3, 3, 1, 2, 2, 0, 0, 0, 1, 0, 1)),
    /** Small VAE in training. */
    causal133_B32_C24_O48_T1_16x16(32, 24, 48, 1, 16, ConvGeometry.causal(1, 3, 3)),
    /** Small VAE in training, deepest level. */
    causal133_B32_C96_O96_T1_4x4(32, 96, 96, 1, 4, ConvGeometry.causal(1, 3, 3));

    private final Shape x;
    private final Shape weight;
    private final Shape out;
    private final ConvGeometry geometry;

    ConvolutionShape(long batch, long channels, long rows, long frames, long side, ConvGeometry geometry) {
        this.x = Shape.of(batch, channels, frames, side, side);
        this.weight = Shape.of(rows, channels, geometry.kernelT(), geometry.kernelH(), geometry.kernelW());
        this.geometry = geometry;
        this.out = geometry.outputShape(x, rows);
    }

    /**
     * Input, (N, C, T, H, W).
     *
     * @return the value
     */
    public Shape x() {
        return x;
    }

    /**
     * Weight, (O, C, kT, kH, kW).
     *
     * @return the value
     */
    public Shape weight() {
        return weight;
    }

    /**
     * Result, (N, O, T', H', W').
     *
     * @return the value
     */
    public Shape out() {
        return out;
    }

    /**
     * Kernel, strides and padding.
     *
     * @return the value
     */
    public ConvGeometry geometry() {
        return geometry;
    }

    /**
     * Multiplications and additions of any of the three passes, without taps of T that meet only padding.
     *
     * @return the count
     */
    public double flops() {
        long frames = 0;
        for (long t = 0; t < out.size(2); t++) {
            for (int i = 0; i < geometry.kernelT(); i++) {
                long input = t * geometry.strideT() + i - geometry.front();
                frames += input >= 0 && input < x.size(2) ? 1 : 0;
            }
        }
        return 2.0 * out.size(0) * out.size(1) * x.size(1) * frames * out.size(3) * out.size(4)
                * geometry.kernelH() * geometry.kernelW();
    }

    /**
     * Calls back for each input that one result reads.
     *
     * @param result index in {@link #out}
     * @param pair receives the index in the weight and the index in the input
     */
    void eachTerm(long result, Pair pair) {
        long column = result % out.size(4);
        long row = result / out.size(4) % out.size(3);
        long frame = result / (out.size(4) * out.size(3)) % out.size(2);
        long channel = result / (out.size(4) * out.size(3) * out.size(2)) % out.size(1);
        long sample = result / (out.size(4) * out.size(3) * out.size(2) * out.size(1));
        for (long term = 0; term < weight.numel() / weight.size(0); term++) {
            long t = frame * geometry.strideT() + term / (weight.size(4) * weight.size(3)) % weight.size(2)
                    - geometry.front();
            long y = row * geometry.strideH() + term / weight.size(4) % weight.size(3) - geometry.top();
            long z = column * geometry.strideW() + term % weight.size(4) - geometry.left();
            long c = term / (weight.size(4) * weight.size(3) * weight.size(2));
            if (t >= 0 && t < x.size(2) && y >= 0 && y < x.size(3) && z >= 0 && z < x.size(4)) {
                pair.accept(channel * weight.numel() / weight.size(0) + term,
                        (((sample * x.size(1) + c) * x.size(2) + t) * x.size(3) + y) * x.size(4) + z);
            }
        }
    }

    /** One product of a result's sum. */
    @FunctionalInterface
    interface Pair {
        /** Takes the two indices. */
        void accept(long weight, long input);
    }
}
