package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;

/** Pictures to latents and back through a tokenizer, each picture by itself, as the first frame of a video. */
public final class PictureCodec {
    private static final int BATCH = 64;
    private static final int RGB = 3;
    private static final int STATISTICS_PICTURES = 1024;

    private final WanVae vae;
    private final int size;

    /**
     * Makes a codec.
     *
     * @param vae the tokenizer, with the statistics that latents are normalised by
     * @param size rows and columns of a picture
     */
    public PictureCodec(WanVae vae, int size) {
        this.vae = vae;
        this.size = size;
    }

    /**
     * Makes a codec whose latents have mean 0 and deviation 1 per channel over some pictures of demonstrations.
     *
     * @param vae a trained tokenizer
     * @param demonstrations with square pictures
     * @return the codec
     */
    public static PictureCodec measured(WanVae vae, List<Demonstration> demonstrations) {
        int size = demonstrations.getFirst().imageHeight();
        int steps = demonstrations.stream().mapToInt(Demonstration::length).sum();
        int every = Math.max(1, 2 * steps / STATISTICS_PICTURES);
        List<byte[]> pictures = new ArrayList<>();
        int seen = 0;
        for (Demonstration demonstration : demonstrations) {
            for (int t = 0; t < demonstration.length(); t++) {
                if (seen++ % every == 0) {
                    pictures.add(demonstration.agentviewImages()[t]);
                    pictures.add(demonstration.wristImages()[t]);
                }
            }
        }
        try (Scope _ = Scope.inner("latent statistics")) {
            Tensor means = vae.moments(pixels(pictures, size)).narrow(1, 0, vae.config().zDim());
            return new PictureCodec(vae.withStatistics(LatentStatistics.measure(means)), size);
        }
    }

    /**
     * Numbers of one picture's latent.
     *
     * @return C x H x W
     */
    public int latentVolume() {
        int side = size / vae.config().spatialFactor();
        return vae.config().zDim() * side * side;
    }

    /**
     * Pixels as the tokenizer reads them: {@code v / 127.5 - 1}.
     *
     * @param pictures each (size, size, 3) uint8
     * @param size rows and columns
     * @return (n, 3, 1, size, size), F32
     */
    public static Tensor pixels(List<byte[]> pictures, int size) {
        int area = size * size;
        float[] planes = new float[pictures.size() * RGB * area];
        for (int n = 0; n < pictures.size(); n++) {
            byte[] rgb = pictures.get(n);
            for (int i = 0; i < area; i++) {
                for (int c = 0; c < RGB; c++) {
                    planes[(n * RGB + c) * area + i] = (rgb[i * RGB + c] & 0xFF) / 127.5f - 1;
                }
            }
        }
        return Tensor.of(planes, pictures.size(), RGB, 1, size, size);
    }

    /**
     * Encodes pictures.
     *
     * @param pictures each (size, size, 3) uint8
     * @param progress told how many are done
     * @return one normalised latent per picture, (C, H, W) row-major
     */
    public float[][] encode(List<byte[]> pictures, IntConsumer progress) {
        float[][] latents = new float[pictures.size()][];
        for (int start = 0; start < latents.length; start += BATCH) {
            int end = Math.min(latents.length, start + BATCH);
            try (Scope _ = Scope.inner("encode pictures")) {
                float[] batch = vae.encode(pixels(pictures.subList(start, end), size)).toFloatArray();
                int volume = batch.length / (end - start);
                for (int i = start; i < end; i++) {
                    latents[i] = Arrays.copyOfRange(batch, (i - start) * volume, (i - start + 1) * volume);
                }
            }
            progress.accept(end);
        }
        return latents;
    }

    /**
     * Decodes latents.
     *
     * @param latents each (C, H, W) row-major
     * @return pictures, each (size, size, 3) uint8, clamped
     */
    public byte[][] decode(float[][] latents) {
        byte[][] pictures = new byte[latents.length][];
        int side = size / vae.config().spatialFactor();
        for (int start = 0; start < latents.length; start += BATCH) {
            int end = Math.min(latents.length, start + BATCH);
            float[] joined = new float[(end - start) * latentVolume()];
            for (int i = start; i < end; i++) {
                System.arraycopy(latents[i], 0, joined, (i - start) * latentVolume(), latentVolume());
            }
            try (Scope _ = Scope.inner("decode pictures")) {
                Tensor z = Tensor.of(joined, end - start, vae.config().zDim(), 1, side, side);
                float[] planes = vae.decode(z).toFloatArray();
                for (int i = start; i < end; i++) {
                    pictures[i] = picture(planes, (i - start) * RGB * size * size);
                }
            }
        }
        return pictures;
    }

    private byte[] picture(float[] planes, int offset) {
        int area = size * size;
        byte[] rgb = new byte[RGB * area];
        for (int i = 0; i < area; i++) {
            for (int c = 0; c < RGB; c++) {
                float value = (planes[offset + c * area + i] + 1) * 127.5f;
                rgb[i * RGB + c] = (byte) Math.round(Math.clamp(value, 0f, 255f));
            }
        }
        return rgb;
    }
}
