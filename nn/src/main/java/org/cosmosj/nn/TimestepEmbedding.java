package org.cosmosj.nn;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/** {@code linear_2(silu(linear_1(sinusoid)))} and the sinusoid it takes. Source: spec 01 section 6. */
public final class TimestepEmbedding {
    private static final float LOG_LONGEST_PERIOD = (float) Math.log(10_000);

    private final Linear linear1;
    private final Linear linear2;

    /**
     * Makes the layer; keys {@code linear_1.weight} (width, width) and {@code linear_2.weight} (out, width).
     *
     * @param weights where the parameters come from
     * @param width of the sinusoid
     * @param out output width
     */
    public TimestepEmbedding(Weights weights, int width, int out) {
        this.linear1 = new Linear(weights.at("linear_1"), width, width);
        this.linear2 = new Linear(weights.at("linear_2"), width, out);
    }

    /**
     * Embeds a sinusoid.
     *
     * @param sinusoid (.., width)
     * @return (.., out)
     */
    public Tensor forward(Tensor sinusoid) {
        return linear2.forward(Functional.silu(linear1.forward(sinusoid)));
    }

    /**
     * {@code [cos(t f_0) .. cos(t f_n-1), sin(t f_0) .. sin(t f_n-1)]} with {@code f_k = 10000^(-k/n)} in float32 and
     * n = width / 2; cosines first. BF16 timesteps are widened, and only the result is rounded.
     *
     * @param timesteps t, any shape
     * @param width even
     * @return shape of {@code timesteps} with a last axis of {@code width}
     */
    public static Tensor sinusoid(Tensor timesteps, int width) {
        if (width % 2 != 0) {
            throw new ShapeException("sinusoid: width " + width + " is odd; half of it are cosines, half sines");
        }
        float[] frequencies = new float[width / 2];
        for (int k = 0; k < frequencies.length; k++) {
            frequencies[k] = (float) StrictMath.exp(-LOG_LONGEST_PERIOD * k / frequencies.length);
        }
        Tensor wide = timesteps.dtype() == DType.BF16 ? timesteps.to(DType.F32) : timesteps;
        Tensor frequency = Tensor.of(frequencies, frequencies.length).to(wide.dtype());
        Tensor angles = wide.reshape(timesteps.shape().append(1)).mul(frequency);
        return Tensor.cat(-1, angles.map(Unary.COS), angles.map(Unary.SIN)).to(timesteps.dtype());
    }
}
