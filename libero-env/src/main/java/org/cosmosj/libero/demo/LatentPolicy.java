package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.diffusion.Denoiser;
import org.cosmosj.libero.Observation;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.Conditioning;
import org.cosmosj.policy.ConditioningMask;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.HashedWordEncoder;
import org.cosmosj.policy.LatentInjection;
import org.cosmosj.policy.LatentLayout;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.PolicyDenoiser;
import org.cosmosj.policy.QueryKind;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * A trained network that answers observations: one denoising run gives the action chunk, the future pictures and the
 * value. Several observations, and several candidates of each, are answered in one batch.
 */
public final class LatentPolicy {
    private final CosmosPolicyConfig config;
    private final CosmosDiT network;
    private final PictureCodec codec;
    private final NormalizationStatistics statistics;
    private final HashedWordEncoder words;
    private final LatentFrames frames;
    private final int samplingSteps;

    /**
     * What one candidate says.
     *
     * @param actions the chunk, (K, A), in the environment's units
     * @param value estimated probability of success, in [0, 1]
     * @param futureScene latent (C, H, W) of the scene camera's picture after the chunk
     * @param futureWrist likewise of the wrist camera's
     */
    public record Answer(double[][] actions, double value, float[] futureScene, float[] futureWrist) {}

    /**
     * One question.
     *
     * @param observation what the robot senses
     * @param instruction what it is told
     * @param noise stream of its own, from which each candidate's noise comes
     */
    public record Question(Observation observation, String instruction, Rng noise) {}

    /**
     * Makes a policy.
     *
     * @param config layout, sizes and sampling
     * @param network trained
     * @param codec encodes pictures as in training
     * @param statistics of the training data
     * @param vision as in training
     * @param samplingSteps denoising steps per answer, at least 1
     */
    public LatentPolicy(CosmosPolicyConfig config, CosmosDiT network, PictureCodec codec,
            NormalizationStatistics statistics, Vision vision, int samplingSteps) {
        this.config = config;
        this.network = network;
        this.codec = codec;
        this.statistics = statistics;
        this.words = new HashedWordEncoder(config.sizes().text(), config.net().crossattnEmbChannels());
        this.frames = new LatentFrames(config, codec, vision);
        this.samplingSteps = samplingSteps;
    }

    /**
     * Answers questions.
     *
     * @param questions Q of them, at least one
     * @param candidates N answers to each, from different noise
     * @return N answers per question
     */
    public List<List<Answer>> answer(List<Question> questions, int candidates) {
        int count = questions.size() * candidates;
        try (Scope _ = Scope.inner("answer")) {
            Tensor given = given(questions, candidates);
            Tensor mask = ConditioningMask.query(config.layout(), QueryKind.ACTION, count).tensor(given.size(3),
                    given.size(4));
            String[] texts = new String[count];
            Tensor[] noise = new Tensor[count];
            for (int i = 0; i < count; i++) {
                Question question = questions.get(i / candidates);
                texts[i] = question.instruction();
                noise[i] = Tensor.randn(question.noise().stream(i % candidates), DType.F32, given.shape().with(0, 1));
            }
            Denoiser denoiser = new PolicyDenoiser(network::forward, config.diffusion(),
                    Conditioning.unpadded(given, mask, words.encode(texts)));
            Tensor start = Tensor.cat(0, noise).mul(config.sampling().schedule().sigmaMax());
            return read(config.sampling().sampler(0).sample(denoiser, start, samplingSteps), candidates);
        }
    }

    private Tensor given(List<Question> questions, int candidates) {
        List<byte[]> pictures = new ArrayList<>();
        for (Question question : questions) {
            pictures.add(question.observation().agentviewImage());
            pictures.add(question.observation().wristImage());
        }
        float[][] latents = codec.encode(pictures, _ -> {});
        int count = questions.size() * candidates;
        float[] sequences = frames.sequences(count);
        double[] proprio = new double[count * config.sizes().proprio()];
        for (int i = 0; i < count; i++) {
            int q = i / candidates;
            frames.put(sequences, i, FrameRole.current(Camera.PRIMARY), latents[2 * q]);
            frames.put(sequences, i, FrameRole.current(Camera.WRIST), latents[2 * q + 1]);
            double[] row = statistics.proprio().normalize(questions.get(q).observation().proprio());
            System.arraycopy(row, 0, proprio, i * row.length, row.length);
        }
        Tensor given = frames.tensor(sequences, count);
        LatentInjection.write(given, config.layout().index(FrameRole.CURRENT_PROPRIO),
                Tensor.of(proprio, count, config.sizes().proprio()).to(DType.F32));
        return given;
    }

    private List<List<Answer>> read(Tensor sample, int candidates) {
        LatentLayout layout = config.layout();
        CosmosPolicyConfig.Sizes sizes = config.sizes();
        double[] actions = LatentInjection
                .read(sample, layout.index(FrameRole.ACTION), sizes.chunk(), sizes.action()).toDoubleArray();
        double[] values = LatentInjection.readScalar(sample, layout.index(FrameRole.VALUE)).toDoubleArray();
        float[][] scenes = rows(sample, layout.index(FrameRole.future(Camera.PRIMARY)));
        float[][] wrists = rows(sample, layout.index(FrameRole.future(Camera.WRIST)));
        List<List<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (i % candidates == 0) {
                answers.add(new ArrayList<>());
            }
            double[][] chunk = new double[sizes.chunk()][];
            for (int k = 0; k < chunk.length; k++) {
                int from = (i * sizes.chunk() + k) * sizes.action();
                chunk[k] = clipped(statistics.actions()
                        .unnormalize(java.util.Arrays.copyOfRange(actions, from, from + sizes.action())));
            }
            answers.getLast().add(new Answer(chunk, LatentInjection.unitValue(values[i]), scenes[i], wrists[i]));
        }
        return answers;
    }

    private static double[] clipped(double[] action) {
        for (int i = 0; i < action.length; i++) {
            action[i] = Math.clamp(action[i], -1, 1);
        }
        return action;
    }

    private float[][] rows(Tensor sample, int frame) {
        Shape shape = sample.shape();
        float[] all = sample.select(2, frame).toFloatArray();
        int volume = all.length / Math.toIntExact(shape.size(0));
        float[][] rows = new float[all.length / volume][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = java.util.Arrays.copyOfRange(all, i * volume, (i + 1) * volume);
        }
        return rows;
    }
}
