package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.ReconstructionObjective;
import org.cosmosj.vae.WanVae;

/**
 * The tokenizer's training data and loss. Objects cover few pixels, so a pixel that differs from the camera's mean
 * picture weighs more: else the tokenizer learns the background first and the objects last.
 */
public final class TokenizerObjective {
    private static final double CHANGED = 24;

    private final List<byte[]> pictures = new ArrayList<>();
    private final float[][] means;
    private final int size;
    private final ReconstructionObjective objective;
    private final float changedWeight;

    /**
     * Takes the pictures of demonstrations.
     *
     * @param demonstrations at least one, with square pictures
     * @param objective the loss
     * @param changedWeight weight of a pixel that differs from the mean picture, at least 1
     */
    public TokenizerObjective(List<Demonstration> demonstrations, ReconstructionObjective objective,
            double changedWeight) {
        this.objective = objective;
        this.changedWeight = (float) changedWeight;
        this.size = demonstrations.getFirst().imageHeight();
        for (Demonstration demonstration : demonstrations) {
            for (int t = 0; t < demonstration.length(); t++) {
                pictures.add(demonstration.agentviewImages()[t]);
                pictures.add(demonstration.wristImages()[t]);
            }
        }
        this.means = new float[][] {mean(0), mean(1)};
    }

    /** The mean picture of a camera, whose pictures stand at every second place. */
    private float[] mean(int camera) {
        float[] mean = new float[size * size * 3];
        int count = pictures.size() / 2;
        for (int i = camera; i < pictures.size(); i += 2) {
            byte[] rgb = pictures.get(i);
            for (int k = 0; k < mean.length; k++) {
                mean[k] += (rgb[k] & 0xFF) / (float) count;
            }
        }
        return mean;
    }

    /**
     * The loss of one batch.
     *
     * @param vae in training
     * @param batch number of pictures
     * @param rng the step's stream
     * @return a scalar
     */
    public Tensor loss(WanVae vae, int batch, Rng rng) {
        List<byte[]> chosen = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            indices.add(rng.nextInt(pictures.size()));
            chosen.add(pictures.get(indices.getLast()));
        }
        return objective.loss(vae, PictureCodec.pixels(chosen, size), weights(indices), rng);
    }

    private Tensor weights(List<Integer> indices) {
        int area = size * size;
        float[] weights = new float[indices.size() * area];
        double sum = 0;
        for (int n = 0; n < indices.size(); n++) {
            boolean[] changed = changed(indices.get(n));
            for (int i = 0; i < area; i++) {
                weights[n * area + i] = changed[i] ? changedWeight : 1;
                sum += weights[n * area + i];
            }
        }
        Tensor raw = Tensor.of(weights, indices.size(), 1, 1, size, size);
        return sum == 0 ? Tensor.full(1, DType.F32, Shape.of(1)) : raw.mul(weights.length / sum);
    }

    /** Pixels that differ from the mean picture of the same camera in any colour. */
    boolean[] changed(int picture) {
        return changed(pictures.get(picture), picture % 2);
    }

    /**
     * Which pixels of a picture show something that moves.
     *
     * @param rgb (size, size, 3) uint8
     * @param camera 0 for the scene camera, 1 for the wrist camera
     * @return one flag per pixel
     */
    public boolean[] changed(byte[] rgb, int camera) {
        boolean[] changed = new boolean[size * size];
        for (int i = 0; i < changed.length; i++) {
            for (int c = 0; c < 3; c++) {
                changed[i] |= Math.abs((rgb[i * 3 + c] & 0xFF) - means[camera][i * 3 + c]) > CHANGED;
            }
        }
        return changed;
    }

    /**
     * Number of pictures to draw from.
     *
     * @return both cameras' pictures
     */
    public int size() {
        return pictures.size();
    }
}
