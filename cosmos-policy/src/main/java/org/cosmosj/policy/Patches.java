package org.cosmosj.policy;

import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * Latents as tokens of p x p pixels. Going in, the channel varies slowest within a token; coming out, fastest. Source:
 * spec 01 sections 5 and 11.
 */
final class Patches {
    private Patches() {}

    /** {@code b c t (h m) (w n) -> b t h w (c m n)}. */
    static Tensor split(Tensor x, int p) {
        long height = x.size(3);
        long width = x.size(4);
        if (height % p != 0 || width % p != 0) {
            throw new ShapeException("DiT: latents " + x.shape() + " do not divide into patches of " + p + " x " + p);
        }
        return x.reshape(x.size(0), x.size(1), x.size(2), height / p, p, width / p, p)
                .permute(0, 2, 3, 5, 1, 4, 6) // b t h w c m n
                .reshape(x.size(0), x.size(2), height / p, width / p, x.size(1) * p * p);
    }

    /** {@code b t h w (m n c) -> b c t (h m) (w n)}. */
    static Tensor join(Tensor y, int p) {
        long channels = y.size(4) / p / p;
        return y.reshape(y.size(0), y.size(1), y.size(2), y.size(3), p, p, channels)
                .permute(0, 6, 1, 2, 4, 3, 5) // b c t h m w n
                .reshape(y.size(0), channels, y.size(1), y.size(2) * p, y.size(3) * p);
    }
}
