package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.policy.ActionChunks;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.DimensionStatistics;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.HashedWordEncoder;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.PolicyBatch;
import org.cosmosj.policy.Returns;
import org.cosmosj.policy.SampleKind;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Tensor;

/**
 * Demonstrations as the policy learns them: latents of both cameras, normalised numbers, value targets. A batch is a
 * function of its random stream alone.
 */
public final class TrainingSet {
    /** Discount of the return that values are trained on. Source: spec 04 section 8. */
    public static final double GAMMA = 0.99;

    private record Episode(float[][] scene, float[][] wrist, float[][] proprio, double[][] actions, float[] values,
            float[] text) {}

    private final CosmosPolicyConfig config;
    private final NormalizationStatistics statistics;
    private final LatentFrames frames;
    private final List<Episode> episodes = new ArrayList<>();
    private final int[] ends;

    /**
     * Encodes demonstrations.
     *
     * @param demonstrations what to learn, at least one step
     * @param config layout and sizes
     * @param codec encodes the pictures
     * @param words encodes the instructions
     * @param vision whether pictures are kept
     * @param progress told how many pictures are encoded
     */
    public TrainingSet(List<Demonstration> demonstrations, CosmosPolicyConfig config, PictureCodec codec,
            HashedWordEncoder words, Vision vision, IntConsumer progress) {
        this.config = config;
        this.statistics = new NormalizationStatistics(
                DimensionStatistics.measure(rows(demonstrations, Demonstration::actions)),
                DimensionStatistics.measure(rows(demonstrations, Demonstration::proprio)));
        this.frames = new LatentFrames(config, codec, vision);
        this.ends = new int[demonstrations.size()];
        int steps = 0;
        for (Demonstration demonstration : demonstrations) {
            int done = 2 * steps;
            float[][] scene = codec.encode(List.of(demonstration.agentviewImages()), n -> progress.accept(done + n));
            float[][] wrist = codec.encode(List.of(demonstration.wristImages()),
                    n -> progress.accept(done + demonstration.length() + n));
            episodes.add(new Episode(scene, wrist, normalized(demonstration.proprio(), statistics.proprio()),
                    demonstration.actions(),
                    Returns.normalized(demonstration.length(), demonstration.success() ? 1 : 0, GAMMA),
                    words.encode(demonstration.instruction())));
            steps += demonstration.length();
            ends[episodes.size() - 1] = steps;
        }
    }

    private TrainingSet(TrainingSet other, Vision vision, PictureCodec codec) {
        this.config = other.config;
        this.statistics = other.statistics;
        this.frames = new LatentFrames(config, codec, vision);
        this.episodes.addAll(other.episodes);
        this.ends = other.ends;
    }

    /**
     * The same data seen in another way, without encoding again.
     *
     * @param vision whether pictures are kept
     * @param codec of this set
     * @return the set
     */
    public TrainingSet with(Vision vision, PictureCodec codec) {
        return new TrainingSet(this, vision, codec);
    }

    private static double[][] rows(List<Demonstration> all, java.util.function.Function<Demonstration, double[][]> of) {
        return all.stream().flatMap(one -> java.util.Arrays.stream(of.apply(one))).toArray(double[][]::new);
    }

    private static float[][] normalized(double[][] rows, DimensionStatistics statistics) {
        float[][] normalized = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            normalized[i] = floats(statistics.normalize(rows[i]));
        }
        return normalized;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /**
     * Ranges of actions and proprioception.
     *
     * @return what numbers were normalised by
     */
    public NormalizationStatistics statistics() {
        return statistics;
    }

    /**
     * Number of samples.
     *
     * @return steps of all demonstrations
     */
    public int steps() {
        return ends[ends.length - 1];
    }

    /**
     * Draws a batch.
     *
     * @param size B
     * @param rng the step's stream, advanced
     * @return B samples, drawn with repetition
     */
    public PolicyBatch batch(int size, Rng rng) {
        int[] samples = new int[size];
        for (int b = 0; b < size; b++) {
            samples[b] = rng.nextInt(steps());
        }
        return batch(samples);
    }

    /**
     * Given samples.
     *
     * @param samples step numbers in [0, steps)
     * @return the batch, in the current scope
     */
    public PolicyBatch batch(int... samples) {
        int size = samples.length;
        CosmosPolicyConfig.Sizes sizes = config.sizes();
        int chunk = sizes.chunk() * sizes.action();
        float[] latents = frames.sequences(size);
        float[] actions = new float[size * chunk];
        float[] proprio = new float[size * sizes.proprio()];
        float[] futureProprio = new float[size * sizes.proprio()];
        float[] values = new float[size];
        int textSize = episodes.getFirst().text().length;
        float[] text = new float[size * textSize];
        for (int b = 0; b < size; b++) {
            int index = episodeOf(samples[b]);
            Episode episode = episodes.get(index);
            int now = samples[b] - (index == 0 ? 0 : ends[index - 1]);
            int later = ActionChunks.future(episode.values().length, now, sizes.chunk());
            frames.put(latents, b, FrameRole.current(Camera.PRIMARY), episode.scene()[now]);
            frames.put(latents, b, FrameRole.current(Camera.WRIST), episode.wrist()[now]);
            frames.put(latents, b, FrameRole.future(Camera.PRIMARY), episode.scene()[later]);
            frames.put(latents, b, FrameRole.future(Camera.WRIST), episode.wrist()[later]);
            double[][] next = ActionChunks.at(episode.actions(), now, sizes.chunk());
            for (int k = 0; k < next.length; k++) {
                copy(floats(statistics.actions().normalize(next[k])), actions, b * next.length + k);
            }
            copy(episode.proprio()[now], proprio, b);
            copy(episode.proprio()[later], futureProprio, b);
            values[b] = episode.values()[later];
            copy(episode.text(), text, b);
        }
        int tokens = sizes.text();
        return new PolicyBatch(frames.tensor(latents, size), Collections.nCopies(size, SampleKind.DEMO),
                Tensor.of(actions, size, sizes.chunk(), sizes.action()), Tensor.of(proprio, size, sizes.proprio()),
                Tensor.of(futureProprio, size, sizes.proprio()), Tensor.of(values, size),
                Tensor.of(text, size, tokens, textSize / tokens));
    }

    private static void copy(float[] row, float[] into, int index) {
        System.arraycopy(row, 0, into, index * row.length, row.length);
    }

    private int episodeOf(int sample) {
        int at = java.util.Arrays.binarySearch(ends, sample);
        return at >= 0 ? at + 1 : -at - 1;
    }
}
