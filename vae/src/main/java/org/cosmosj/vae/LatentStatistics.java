package org.cosmosj.vae;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cosmosj.nn.Rounding;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;

/**
 * Per-channel mean and reciprocal standard deviation that bring latents to unit variance:
 * {@code z = (mu - mean) * invStd}, {@code mu = z / invStd + mean}. Source: spec 02 sections 6 to 8.
 *
 * @param mean one per latent channel
 * @param invStd one per latent channel, above 0; a rounded reciprocal is not exactly 1/std
 */
public record LatentStatistics(List<Float> mean, List<Float> invStd) {
    private static final float[] WAN_MEAN = {-0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f,
        1.5508f, 0.4134f, -0.0715f, 0.5517f, -0.3632f, -0.1922f, -0.9497f, 0.2503f, -0.2921f};
    private static final float[] WAN_STD = {2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f,
        3.2687f, 2.1526f, 2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.9160f};

    /** Checks lengths and signs. */
    public LatentStatistics {
        mean = List.copyOf(mean);
        invStd = List.copyOf(invStd);
        if (mean.size() != invStd.size() || invStd.stream().anyMatch(v -> !(v > 0))) {
            throw new IllegalArgumentException("latent statistics: " + mean.size() + " means and " + invStd.size()
                    + " reciprocal deviations " + invStd + "; give one of each per channel, deviations above 0");
        }
    }

    /**
     * The constants of Wan 2.1.
     *
     * @param channels latent channels, at most 16; the first ones are taken
     * @param rounding how they are rounded; bfloat16 rounds the deviation and its reciprocal, as the released policies
     *     were trained with
     * @return the statistics
     */
    public static LatentStatistics wan(int channels, Rounding rounding) {
        if (channels > WAN_MEAN.length) {
            throw new IllegalArgumentException("latent statistics: Wan 2.1 has " + WAN_MEAN.length
                    + " latent channels, not " + channels + "; measure statistics of your own");
        }
        Float[] means = new Float[channels];
        Float[] inverses = new Float[channels];
        for (int c = 0; c < channels; c++) {
            means[c] = rounding.apply(WAN_MEAN[c]);
            inverses[c] = rounding.apply(1 / rounding.apply(WAN_STD[c]));
        }
        return new LatentStatistics(Arrays.asList(means), Arrays.asList(inverses));
    }

    /**
     * No change: mean 0, deviation 1, for a tokenizer in training.
     *
     * @param channels latent channels
     * @return the statistics
     */
    public static LatentStatistics identity(int channels) {
        return new LatentStatistics(Collections.nCopies(channels, 0f), Collections.nCopies(channels, 1f));
    }

    /**
     * Statistics measured over raw latents.
     *
     * @param latents (B, C, T, H, W) before normalisation
     * @return mean and reciprocal deviation per channel; a constant channel gets reciprocal 1
     */
    public static LatentStatistics measure(Tensor latents) {
        int channels = Math.toIntExact(latents.size(1));
        int samples = Math.toIntExact(latents.size(0));
        float[] values = latents.toFloatArray();
        int inner = values.length / Math.max(1, channels * samples);
        Float[] means = new Float[channels];
        Float[] inverses = new Float[channels];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double squares = 0;
            for (int b = 0; b < samples; b++) {
                for (int i = (b * channels + c) * inner; i < (b * channels + c + 1) * inner; i++) {
                    sum += values[i];
                    squares += (double) values[i] * values[i];
                }
            }
            double count = (double) samples * inner;
            double variance = squares / count - sum / count * (sum / count);
            means[c] = (float) (sum / count);
            inverses[c] = variance > 1e-12 ? (float) (1 / Math.sqrt(variance)) : 1f;
        }
        return new LatentStatistics(Arrays.asList(means), Arrays.asList(inverses));
    }

    /**
     * {@code (mu - mean) * invStd}.
     *
     * @param mu raw latents, (B, C, T, H, W)
     * @return normalised latents
     */
    public Tensor normalize(Tensor mu) {
        return mu.sub(column(mean, mu.dtype())).mul(column(invStd, mu.dtype()));
    }

    /**
     * {@code z / invStd + mean}.
     *
     * @param z normalised latents, (B, C, T, H, W)
     * @return raw latents
     */
    public Tensor denormalize(Tensor z) {
        return z.div(column(invStd, z.dtype())).add(column(mean, z.dtype()));
    }

    private static Tensor column(List<Float> values, DType dtype) {
        float[] column = new float[values.size()];
        for (int c = 0; c < column.length; c++) {
            column[c] = values.get(c);
        }
        return Tensor.of(column, 1, column.length, 1, 1, 1).to(dtype);
    }
}
