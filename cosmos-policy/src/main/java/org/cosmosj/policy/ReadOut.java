package org.cosmosj.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.WanVae;

/** What generated latents say: actions, values, joint states and pictures. Source: spec 05 sections 6 and 7. */
public final class ReadOut {
    private final CosmosPolicyConfig config;
    private final WanVae tokenizer;
    private final NormalizationStatistics statistics;

    ReadOut(CosmosPolicyConfig config, WanVae tokenizer, NormalizationStatistics statistics) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.statistics = statistics;
    }

    /**
     * Action chunks in the robot's units; nothing is clipped.
     *
     * @param latents (n, C, T, H, W)
     * @return (n, K, A)
     */
    public double[][][] actions(Tensor latents) {
        int chunk = config.sizes().chunk();
        double[][] rows = vectors(latents, FrameRole.ACTION, chunk, config.sizes().action());
        double[][][] chunks = new double[rows.length / chunk][chunk][];
        for (int i = 0; i < rows.length; i++) {
            chunks[i / chunk][i % chunk] = statistics.actions().unnormalize(rows[i]);
        }
        return chunks;
    }

    /**
     * Predicted probabilities of success.
     *
     * @param latents (n, C, T, H, W)
     * @return n numbers in [0, 1]
     */
    public double[] values(Tensor latents) {
        try (Scope _ = Scope.inner("values")) {
            Tensor values = LatentInjection.readScalar(latents, config.layout().index(FrameRole.VALUE));
            return Arrays.stream(values.toDoubleArray()).map(LatentInjection::unitValue).toArray();
        }
    }

    /**
     * Predicted joint states, normalised as the network sees them.
     *
     * @param latents (n, C, T, H, W)
     * @return (n, P)
     */
    public double[][] normalizedFutureProprio(Tensor latents) {
        return vectors(latents, FrameRole.FUTURE_PROPRIO, config.sizes().proprio());
    }

    /**
     * Predicted joint states in the robot's units.
     *
     * @param latents (n, C, T, H, W)
     * @return (n, P)
     */
    public double[][] futureProprio(Tensor latents) {
        return Arrays.stream(normalizedFutureProprio(latents)).map(statistics.proprio()::unnormalize)
                .toArray(double[][]::new);
    }

    private double[][] vectors(Tensor latents, FrameRole role, long... shape) {
        try (Scope _ = Scope.inner("read out")) {
            double[] flat = LatentInjection.read(latents, config.layout().index(role), shape).toDoubleArray();
            int width = (int) shape[shape.length - 1];
            double[][] rows = new double[flat.length / width][];
            Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width));
            return rows;
        }
    }

    /**
     * Predicted pictures. Numbers written into frames would leak into the pictures decoded after them, so frames
     * without picture are restored from the observation first. The value frame comes last and is not decoded.
     *
     * @param latents (n, C, T, H, W)
     * @param observed latents of the observation, at least {@link EncodedFrames#PICTURES}, (1, C, T, H, W)
     * @return one map per row, a picture per camera
     */
    public List<Map<Camera, RgbImage>> futureImages(Tensor latents, Tensor observed) {
        LatentLayout layout = config.layout();
        List<FrameRole> pictured = layout.roles().stream()
                .filter(role -> role.isFuture() && role.camera().isPresent()).toList();
        List<Map<Camera, RgbImage>> images = new ArrayList<>();
        try (Scope _ = Scope.inner("decode pictures")) {
            Tensor clean = latents.narrow(2, 0, EncodedFrames.pictured(layout)).copy();
            LatentInjection.restore(clean, EncodedFrames.restored(layout), observed);
            Tensor video = tokenizer.decode(clean.mul(1 / config.diffusion().sigmaData()));
            for (int row = 0; row < latents.size(0); row++) {
                Map<Camera, RgbImage> views = new EnumMap<>(Camera.class);
                for (FrameRole role : pictured) {
                    int pixelFrame = 1 + (layout.index(role) - 1) * config.vae().temporalFactor();
                    views.put(role.camera().orElseThrow(), image(video.select(0, row).select(1, pixelFrame)));
                }
                images.add(views);
            }
        }
        return images;
    }

    /** (3, height, width) in [-1, 1] to 8-bit values, cut off towards zero as in the reference. */
    static RgbImage image(Tensor frame) {
        float[] values = frame.permute(1, 2, 0).toFloatArray();
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (int) Math.clamp((values[i] + 1f) * 127.5f, 0f, 255f);
        }
        return new RgbImage((int) frame.size(1), (int) frame.size(2), rgb);
    }
}
