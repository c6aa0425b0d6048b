package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.policy.SamplingConfig.Variance;
import org.cosmosj.policy.image.JpegCodec;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CosmosPolicyTest {
    private static final LatentLayout LAYOUT = LatentLayout.ALOHA;

    private Scope scope;
    private CosmosPolicy policy;
    private EncodedObservation now;

    @BeforeEach
    void observe() {
        scope = Scope.open(Device.cpu(), "test");
        policy = TinyPolicy.policy(LAYOUT, TinyPolicy.network()::forward);
        now = policy.observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private Tensor generate(QueryKind query, Tensor frames, int steps, long... seeds) {
        return policy.generate(query, now, frames, seeds, steps);
    }

    @Test
    void observationHasTheLayoutsFramesAndNormalizedProprio() {
        assertThat(now.latents().shape()).isEqualTo(Shape.of(1, 4, 11, 4, 4));
        assertThat(now.proprio().toFloatArray()).containsExactly(new float[] {0.1f, -0.2f, 0.3f, 0.5f, 0},
                within(1e-6f));
    }

    @Test
    void roundsJointStateAndTextWhereThePolicyWasTrainedSo() {
        CosmosPolicyConfig plain = policy.config();
        CosmosPolicyConfig rounding = new CosmosPolicyConfig(plain.layout(), plain.net(), plain.vae(),
                plain.latentStatistics(), plain.sizes(), plain.diffusion(), plain.sampling(), plain.objective(),
                plain.crop(), Rounding.BFLOAT16);

        EncodedObservation rounded = new CosmosPolicy(rounding, TinyPolicy.network()::forward, TinyPolicy.tokenizer(),
                TinyPolicy.statistics()).observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());

        assertThat(rounded.proprio().toFloatArray())
                .isEqualTo(Rounding.BFLOAT16.apply(now.proprio()).toFloatArray())
                .isNotEqualTo(now.proprio().toFloatArray());
        assertThat(rounded.text().toFloatArray()).isEqualTo(Rounding.BFLOAT16.apply(now.text()).toFloatArray())
                .isNotEqualTo(now.text().toFloatArray());
        assertThat(rounded.latents().toFloatArray()).isEqualTo(now.latents().toFloatArray());
    }

    @Test
    void compressesPicturesAsTheConfigurationSays() {
        PolicyObservation plain = TinyPolicy.observation(LAYOUT);
        Map<Camera, RgbImage> images = new EnumMap<>(Camera.class);
        plain.images().forEach((camera, image) -> images.put(camera, JpegCodec.compress(image, 95)));

        EncodedObservation seen = new CosmosPolicy(policy.config().compressed(95), TinyPolicy.network()::forward,
                TinyPolicy.tokenizer(), TinyPolicy.statistics()).observe(plain, TinyPolicy.text());

        assertThat(seen.latents().toFloatArray()).isNotEqualTo(now.latents().toFloatArray()).isEqualTo(policy
                .observe(new PolicyObservation(images, plain.proprio()), TinyPolicy.text()).latents().toFloatArray());
    }

    @Test
    void batchesEqualSerialQueriesBitForBit() {
        Tensor batch = generate(QueryKind.ACTION, now.latents(), 5, 3, 4, 5);

        for (int i = 0; i < 3; i++) {
            assertThat(batch.narrow(0, i, 1).toFloatArray())
                    .isEqualTo(generate(QueryKind.ACTION, now.latents(), 5, 3 + i).toFloatArray());
        }
        assertThat(generate(QueryKind.ACTION, now.latents(), 5, 3).toFloatArray())
                .isNotEqualTo(generate(QueryKind.ACTION, now.latents(), 5, 4).toFloatArray());
    }

    @Test
    void groupingOfJobsChangesNoResult() {
        List<QueryJob> jobs = List.of(new QueryJob(now.latents(), 9, 3), new QueryJob(now.latents(), 8, 1),
                new QueryJob(now.latents(), 9, 1), new QueryJob(now.latents(), 7, 3));

        List<Tensor> together = policy.generate(QueryKind.ACTION, now, jobs, 4);
        List<Tensor> alone = policy.generate(QueryKind.ACTION, now, jobs, 1);

        for (int i = 0; i < jobs.size(); i++) {
            assertThat(together.get(i).toFloatArray()).isEqualTo(alone.get(i).toFloatArray()).isEqualTo(
                    generate(QueryKind.ACTION, now.latents(), jobs.get(i).steps(), jobs.get(i).seed()).toFloatArray());
        }
    }

    @Test
    void givenFramesComeBackAsGiven() {
        Tensor latent = generate(QueryKind.ACTION, now.latents(), 3, 1);

        for (int t : new int[] {0, 2, 3, 4}) {
            assertThat(latent.select(2, t).toFloatArray()).isEqualTo(now.latents().select(2, t).toFloatArray());
        }
        assertThat(LatentInjection.read(latent, 1, TinyPolicy.PROPRIO).toFloatArray())
                .containsExactly(now.proprio().toFloatArray(), within(1e-6f));
        Tensor future = generate(QueryKind.FUTURE, latent, 3, 1);
        assertThat(future.select(2, 5).toFloatArray()).isEqualTo(latent.select(2, 5).toFloatArray());
        assertThat(future.select(2, 6).toFloatArray()).isNotEqualTo(latent.select(2, 6).toFloatArray());
    }

    @Test
    void valueOfTheFutureIgnoresThePresentAndTheAction() {
        Tensor latent = generate(QueryKind.ACTION, now.latents(), 3, 1);
        Tensor other = latent.copy();
        for (int t = 2; t < 6; t++) {
            other.select(2, t).fill(0.25);
        }

        double[] masked = policy.readOut().values(generate(QueryKind.FUTURE_VALUE, latent, 3, 1));
        double[] unmasked = policy.readOut().values(generate(QueryKind.VALUE, latent, 3, 1));

        assertThat(policy.readOut().values(generate(QueryKind.FUTURE_VALUE, other, 3, 1))).isEqualTo(masked);
        assertThat(policy.readOut().values(generate(QueryKind.VALUE, other, 3, 1))).isNotEqualTo(unmasked);
    }

    @Test
    void severalObservationsShareABatch() {
        PolicyObservation first = TinyPolicy.observation(LAYOUT);
        EncodedObservation other =
                policy.observe(new PolicyObservation(first.images(), new double[] {0, 0, 0, 0, 0.5}),
                        TinyPolicy.text());
        EncodedObservation both = new EncodedObservation(Tensor.cat(0, now.latents(), other.latents()),
                Tensor.cat(0, now.proprio(), other.proprio()), now.text());

        Tensor rows = policy.generate(QueryKind.ACTION, both, both.latents(), new long[] {5, 5}, 3);

        assertThat(rows.narrow(0, 1, 1).toFloatArray()).isEqualTo(policy
                .generate(QueryKind.ACTION, other, other.latents(), new long[] {5}, 3).toFloatArray());
        assertThat(rows.narrow(0, 0, 1).toFloatArray())
                .isEqualTo(generate(QueryKind.ACTION, now.latents(), 3, 5).toFloatArray());
    }

    /** Expected: numpy.random.RandomState(1).standard_normal. */
    @Test
    void noiseIsNumpysAndTheSameForEveryQuery() {
        float[] noise = CosmosPolicy.noise(new long[] {1, 195}, Shape.of(1, 4, 11, 4, 4)).toFloatArray();

        assertThat(noise[0]).isEqualTo(1.6243453636632417f);
        assertThat(noise[1]).isEqualTo(-0.6117564136500754f);
        assertThat(noise[4 * 11 * 16]).isEqualTo(0.9696848372425425f);
    }

    @Test
    void seededVarianceGivesEverySeedItsOwnSchedule() {
        CosmosPolicy varied = new CosmosPolicy(policy.config().with(policy.config().sampling().with(Variance.SEEDED)),
                TinyPolicy.network()::forward, TinyPolicy.tokenizer(), TinyPolicy.statistics());

        assertThat(varied.config().sampling().schedule(3).sigmaMax()).isCloseTo(80 * 1.0085270404815674, within(1e-9));
        assertThat(varied.config().sampling().schedule(3).sigmaMin()).isCloseTo(4 * 0.19501242637634278, within(1e-9));
        Tensor both = varied.generate(QueryKind.ACTION, now, now.latents(), new long[] {3, 4}, 3);
        assertThat(both.narrow(0, 1, 1).toFloatArray()).isEqualTo(
                varied.generate(QueryKind.ACTION, now, now.latents(), new long[] {4}, 3).toFloatArray());
    }

    @Test
    void readsOutEverythingThatWasGenerated() {
        Tensor latents = generate(QueryKind.ACTION, now.latents(), 3, 1, 2);

        assertThat(policy.readOut().actions(latents)).hasDimensions(2, TinyPolicy.CHUNK);
        assertThat(Arrays.stream(policy.readOut().values(latents))).hasSize(2).allMatch(v -> v >= 0 && v <= 1);
        assertThat(policy.readOut().futureProprio(latents)[1][4]).isEqualTo(0.5);
        List<Map<Camera, RgbImage>> images = policy.readOut().futureImages(latents, now.latents());
        assertThat(images).hasSize(2);
        assertThat(images.getFirst()).containsOnlyKeys(Camera.WRIST, Camera.WRIST2, Camera.PRIMARY);
        assertThat(images.getFirst().get(Camera.PRIMARY).width()).isEqualTo(32);
    }

    /** Rows of predicted pictures do not depend on their neighbours, and injected numbers do not leak into them. */
    @Test
    void picturesDoNotSeeWhatWasWrittenIntoFrames() {
        Tensor latents = generate(QueryKind.ACTION, now.latents(), 3, 1);
        Tensor written = latents.copy();
        for (FrameRole role : List.of(FrameRole.CURRENT_PROPRIO, FrameRole.ACTION, FrameRole.FUTURE_PROPRIO,
                FrameRole.VALUE)) {
            written.select(2, LAYOUT.index(role)).fill(3);
        }

        byte[] clean = policy.readOut().futureImages(latents, now.latents()).getFirst().get(Camera.WRIST).rgb();
        byte[] other = policy.readOut().futureImages(written, now.latents()).getFirst().get(Camera.WRIST).rgb();

        assertThat(other).isEqualTo(clean);
    }

    @Test
    void queryOwnsNothingButItsResult() {
        int before = scope.live();

        generate(QueryKind.ACTION, now.latents(), 5, 1, 2);

        assertThat(scope.live()).isEqualTo(before + 1);
    }

    @Test
    void rejectsWhatDoesNotFit() {
        assertThatThrownBy(() -> generate(QueryKind.ACTION, now.latents().narrow(2, 0, 9), 1, 1))
                .hasMessageContaining("expected (n, C, 11, H, W) for layout aloha");
        assertThatThrownBy(() -> generate(QueryKind.ACTION, Tensor.cat(0, now.latents(), now.latents()), 1, 1, 2, 3))
                .hasMessageContaining("3 rows for an input of (2, 4, 11, 4, 4)");
        assertThatThrownBy(() -> generate(QueryKind.ACTION, now.latents(), 1, -1)).hasMessageContaining("seed -1");
        PolicyObservation blind = new PolicyObservation(Map.of(), new double[TinyPolicy.PROPRIO]);
        assertThatThrownBy(() -> policy.observe(blind, TinyPolicy.text())).hasMessageContaining("camera WRIST");
        assertThatThrownBy(() -> new CosmosPolicy(CosmosPolicyConfig.LIBERO, TinyPolicy.network()::forward,
                TinyPolicy.tokenizer(), TinyPolicy.statistics())).hasMessageContaining("they belong to other data");
    }
}
