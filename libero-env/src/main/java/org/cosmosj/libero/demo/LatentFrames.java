package org.cosmosj.libero.demo;

import java.util.List;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.LatentLayout;
import org.cosmosj.tensor.Tensor;

/** Latent sequences put together from latents of single pictures; frames without a picture hold that of black. */
final class LatentFrames {
    private final LatentLayout layout;
    private final int channels;
    private final int side;
    private final float[] blank;
    private final Vision vision;

    LatentFrames(CosmosPolicyConfig config, PictureCodec codec, Vision vision) {
        int pixels = config.sizes().image();
        this.layout = config.layout();
        this.channels = config.vae().zDim();
        this.side = pixels / config.vae().spatialFactor();
        this.vision = vision;
        this.blank = codec.encode(List.of(new byte[pixels * pixels * 3]), _ -> {})[0];
    }

    /** Room for {@code count} sequences, every frame blank; pictures' frames too, so each must be put. */
    float[] sequences(int count) {
        float[] latents = new float[count * channels * layout.size() * side * side];
        for (int b = 0; b < count; b++) {
            for (int t = 0; t < layout.size(); t++) {
                copy(blank, latents, b, t);
            }
        }
        return latents;
    }

    /** Writes a picture's latent (C, H, W) into its frame of one sequence; zeros for the blind. */
    void put(float[] latents, int sequence, FrameRole role, float[] latent) {
        copy(vision == Vision.BLIND ? new float[latent.length] : latent, latents, sequence, layout.index(role));
    }

    private void copy(float[] latent, float[] into, int sequence, int frame) {
        int area = side * side;
        for (int c = 0; c < channels; c++) {
            int at = ((sequence * channels + c) * layout.size() + frame) * area;
            System.arraycopy(latent, c * area, into, at, area);
        }
    }

    /** (B, C, T, H, W) of the current scope. */
    Tensor tensor(float[] latents, int count) {
        return Tensor.of(latents, count, channels, layout.size(), side, side);
    }
}
