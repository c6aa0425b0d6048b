package org.cosmosj.libero.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cosmosj.libero.render.Picture;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicy;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.EncodedFrames;
import org.cosmosj.policy.EncodedObservation;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.PolicyObservation;
import org.cosmosj.policy.QueryKind;
import org.cosmosj.policy.TextCache;
import org.cosmosj.policy.checkpoint.CosmosCheckpoint;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.EncodedPrefix;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/**
 * A Cosmos policy of checkpoint files. Robots with the same instruction and seed are answered in one batch. The noise
 * of a query is that of the episode's seed, the same for every query, as the reference's evaluation has it.
 */
public final class CheckpointPolicy implements ChunkPolicy {

    private final CosmosPolicyConfig config;
    private final int steps;
    private final Scope scope;
    private final List<Checkpoint> files = new ArrayList<>();
    private final Checkpoint embedded;
    private final CosmosPolicy policy;
    private final EncodedPrefix black;
    private final Map<String, Tensor> texts = new HashMap<>();

    /**
     * Where a policy lies.
     *
     * @param network    weights of the transformer
     * @param tokenizer  weights of the video tokenizer
     * @param embedded   embedded instructions by instruction
     * @param statistics of the training data
     */
    public record Files(Path network, Path tokenizer, Path embedded, Path statistics) {
    }

    /**
     * Opens a policy on the CPU; it belongs to this thread.
     *
     * @param paths  the files
     * @param config what the policy is
     * @param steps  denoising steps per query
     * @throws UncheckedIOException if a file cannot be read or does not fit the configuration
     */
    public CheckpointPolicy(Files paths, CosmosPolicyConfig config, int steps) {
        this.config = config;
        this.steps = steps;
        this.scope = Scope.open(Device.cpu(), "evaluated policy");
        try {
            NormalizationStatistics statistics = NormalizationStatistics.read(paths.statistics());
            TextCache network = new TextCache(CosmosDiT.loadInPlace(config.net(),
                    CosmosCheckpoint.network(open(paths.network()), config.net(), config.inputRounding())));
            WanVaeConfig vae = config.vae();
            Weights weights = Weights.inPlace(
                    CosmosCheckpoint.tokenizer(open(paths.tokenizer()), vae, Rounding.FLOAT32), DType.F32);
            this.embedded = open(paths.embedded());
            this.policy = new CosmosPolicy(config, network,
                    new WanVae(weights, vae.withTemporalWindow(vae.temporalFactor()),
                            LatentStatistics.wan(vae.zDim(), config.latentStatistics())),
                    statistics);
            this.black = policy.encodeBlack();
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Checkpoint open(Path path) throws IOException {
        Checkpoint opened = Checkpoint.open(path);
        files.add(opened);
        return opened;
    }

    private record Group(String instruction, long seed, Wanted wanted) {
    }

    @Override
    public List<Answer> answer(List<Question> questions) {
        Map<Group, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            groups.computeIfAbsent(
                    new Group(question.instruction(), question.episode().seed(), question.wanted()),
                    _ -> new ArrayList<>()).add(i);
        }
        Answer[] answers = new Answer[questions.size()];
        groups.forEach((group, members) -> {
            List<Answer> some = answer(group, members.stream().map(questions::get).toList());
            for (int i = 0; i < some.size(); i++) {
                answers[members.get(i)] = some.get(i);
            }
        });
        return List.of(answers);
    }

    private List<Answer> answer(Group group, List<Question> questions) {
        Tensor text = texts.computeIfAbsent(group.instruction(), this::embedding);
        EncodedFrames frames = group.wanted() == Wanted.PICTURES ? EncodedFrames.PICTURES : EncodedFrames.PRESENT;
        try (Scope _ = Scope.inner("answer robots")) {
            EncodedObservation now = join(questions.stream()
                    .map(question -> policy.observe(observation(question), text, frames, black)).toList());
            long[] seeds = new long[questions.size()];
            java.util.Arrays.fill(seeds, group.seed());
            Tensor generated = policy.generate(QueryKind.ACTION, now, now.latents(), seeds, steps);
            double[][][] actions = policy.readOut().actions(generated);
            double[] values = policy.readOut().values(generated);
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < seeds.length; i++) {
                answers.add(new Answer(actions[i], values[i], future(group, generated, now, i)));
            }
            return answers;
        }
    }

    private Optional<Picture> future(Group group, Tensor generated, EncodedObservation now, int row) {
        if (group.wanted() == Wanted.ACTIONS) {
            return Optional.empty();
        }
        RgbImage image = policy.readOut().futureImages(generated.narrow(0, row, 1).copy(),
                now.latents().narrow(0, row, 1).copy()).getFirst().get(Camera.PRIMARY);
        return Optional.of(new Picture(image.height(), image.width(), image.rgb()));
    }

    private static EncodedObservation join(List<EncodedObservation> all) {
        return new EncodedObservation(Tensor.cat(0, all.stream().map(EncodedObservation::latents)
                .toArray(Tensor[]::new)),
                Tensor.cat(0, all.stream().map(EncodedObservation::proprio).toArray(Tensor[]::new)),
                all.getFirst().text());
    }

    private static PolicyObservation observation(Question question) {
        return new PolicyObservation(Map.of(Camera.PRIMARY, image(question.agentview()), Camera.WRIST,
                image(question.wrist())), question.proprio());
    }

    private static RgbImage image(Picture picture) {
        return new RgbImage(picture.height(), picture.width(), picture.rgb());
    }

    private Tensor embedding(String instruction) {
        Shape expected = Shape.of(1, config.sizes().text(), config.net().crossattnEmbChannels());
        if (!embedded.contains(instruction) || !embedded.shape(instruction).equals(expected)) {
            throw new IllegalStateException("evaluation: " + embedded.describe() + " has no embedding " + expected
                    + " of \"" + instruction + "\"; 'embed' makes one");
        }
        return embedded.tensor(instruction).to(DType.F32); // of the policy's scope
    }

    @Override
    public void close() {
        scope.close();
        for (Checkpoint file : files) {
            file.close();
        }
    }
}
