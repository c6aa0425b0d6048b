package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cosmosj.policy.Plan.Candidate;
import org.cosmosj.policy.PlanningConfig.DepthAggregation;
import org.cosmosj.policy.PlanningConfig.FutureEnsemble;
import org.cosmosj.policy.PlanningConfig.ImageAggregation;
import org.cosmosj.policy.PlanningConfig.Mode;
import org.cosmosj.policy.PlanningConfig.PredictedImages;
import org.cosmosj.policy.PlanningConfig.PresentProprio;
import org.cosmosj.policy.PlanningConfig.Search;
import org.cosmosj.policy.PlanningConfig.Steps;
import org.cosmosj.policy.PlanningConfig.ValueEnsemble;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BestOfNPlannerTest {
    private static final LatentLayout LAYOUT = LatentLayout.LIBERO;

    private Scope scope;
    private int rows;

    @BeforeEach
    void openScope() {
        scope = Scope.open(Device.cpu(), "test");
        rows = 0;
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    /** Predicts velocity 0, so that the estimate is the noise scaled down: every seed has its own values. */
    private Tensor still(DiTInput input) {
        rows += (int) input.latents().size(0);
        return input.latents().mul(0);
    }

    /** Predicts clean latents of 0.5 everywhere, whatever the noise: all candidates are worth 0.75. */
    private Tensor certain(DiTInput input) {
        Tensor time = input.timesteps().reshape(input.latents().size(0), 1, LAYOUT.size(), 1, 1);
        return input.latents().add(-0.5).div(time.add(input.conditionMask()));
    }

    private Plan plan(LatentNetwork network, PlanningConfig config, long seed) {
        CosmosPolicy policy = TinyPolicy.policy(LAYOUT, network);
        EncodedObservation now = policy.observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());
        return new BestOfNPlanner(policy, config).plan(now, seed);
    }

    @Test
    void choosesTheLargestValueAmongItsSeeds() {
        Plan plan = plan(this::still, PlanningConfig.joint(6, 5), 40);

        assertThat(plan.candidates()).extracting(Candidate::seed).containsExactly(40L, 41L, 42L, 43L, 44L, 45L);
        double[] values = plan.candidates().stream().mapToDouble(Candidate::value).toArray();
        assertThat(Arrays.stream(values).distinct().count()).isEqualTo(6);
        assertThat(plan.chosen().value()).isEqualTo(Arrays.stream(values).max().orElseThrow());
        assertThat(plan.chosen()).isSameAs(plan.candidates().get(plan.best()));
    }

    @Test
    void workersOfAPoolAddTheirNumberAndRepeatWhereTheyAreTooFew() {
        CosmosPolicy policy = TinyPolicy.policy(LAYOUT, this::still);
        EncodedObservation now = policy.observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());
        BestOfNPlanner planner = new BestOfNPlanner(policy, PlanningConfig.joint(4, 5));

        Plan plan = planner.plan(now, 40, CandidateSeeds.workerPool(0, 3, 2));

        assertThat(plan.candidates()).extracting(Candidate::seed).containsExactly(40L, 43L, 42L, 40L);
        assertThat(plan.candidates().get(3).value()).isEqualTo(plan.candidates().getFirst().value());
        assertThatThrownBy(CandidateSeeds::workerPool).hasMessageContaining("a pool of no workers");
        assertThatThrownBy(() -> CandidateSeeds.workerPool(1, -1)).hasMessageContaining("[1, -1]");
    }

    @Test
    void firstOfEqualValuesWins() {
        Plan plan = plan(this::certain, PlanningConfig.joint(4, 1), 7);

        assertThat(plan.candidates()).allSatisfy(one -> assertThat(one.value()).isCloseTo(0.75, within(1e-6)));
        List<Candidate> tied = IntStream.range(0, 3)
                .mapToObj(i -> new Candidate(i, null, i == 0 ? 0.25 : 0.5, null, List.of(), List.of())).toList();
        assertThat(Plan.of(tied).best()).isEqualTo(1);
    }

    @Test
    void batchedEqualsSerialBitForBit() {
        CosmosDiT network = TinyPolicy.network();
        PlanningConfig config = PlanningConfig.autoregressive(Mode.FUTURE_VALUE, 3, new Steps(5, 3, 3))
                .with(new FutureEnsemble(2, ImageAggregation.AVERAGE), new ValueEnsemble(2, ValueAggregation.AVERAGE));

        Plan batched = plan(network::forward, config.withBatchLimit(64), 1);
        Plan serial = plan(network::forward, config.withBatchLimit(1), 1);

        for (int i = 0; i < 3; i++) {
            assertThat(batched.candidates().get(i).value()).isEqualTo(serial.candidates().get(i).value());
            assertThat(batched.candidates().get(i).actions()).isDeepEqualTo(serial.candidates().get(i).actions());
        }
    }

    @Test
    void candidatesDoNotDependOnTheirNumber() {
        CosmosDiT network = TinyPolicy.network();

        Plan few = plan(network::forward, PlanningConfig.joint(1, 5), 12);
        Plan many = plan(network::forward, PlanningConfig.joint(3, 5), 10);

        assertThat(many.candidates().get(2).actions()).isDeepEqualTo(few.candidates().getFirst().actions());
        assertThat(many.candidates().get(2).value()).isEqualTo(few.candidates().getFirst().value());
    }

    /**
     * Expected: spec 06 section 9: per candidate 10 + 9 + 42 network evaluations, and 20 per level without ensembles.
     */
    @Test
    void publishedPlansCostWhatTheReferenceCosts() {
        plan(this::still, PlanningConfig.ALOHA.with(PredictedImages.NONE), 1);
        assertThat(rows).isEqualTo(8 * 61);

        rows = 0;
        Search three = new Search(3, DepthAggregation.LAST, PresentProprio.OBSERVED);
        Plan deep = plan(this::still,
                PlanningConfig.autoregressive(Mode.FUTURE_VALUE, 2, new Steps(10, 5, 5)).with(three), 1);
        assertThat(rows).isEqualTo(2 * 60);
        assertThat(deep.chosen().valuesByDepth()).hasSize(3);
        assertThat(deep.chosen().actionsByDepth()).hasSize(3);
        assertThat(deep.chosen().value()).isEqualTo(deep.chosen().valuesByDepth().getLast());
        assertThat(deep.chosen().actions()).isSameAs(deep.chosen().actionsByDepth().getFirst());
    }

    @Test
    void depthsAreAveragedWhereAsked() {
        Search two = new Search(2, DepthAggregation.AVERAGE, PresentProprio.OBSERVED);

        Candidate one = plan(TinyPolicy.network()::forward,
                PlanningConfig.autoregressive(Mode.VALUE, 1, new Steps(3, 3, 3)).with(two), 1).chosen();

        assertThat(one.value()).isEqualTo((one.valuesByDepth().get(0) + one.valuesByDepth().get(1)) / 2);
    }

    /** The reference overwrites the predicted joint state with the observed one at every depth. */
    @Test
    void predictedJointStateIsANamedOption() {
        CosmosDiT network = TinyPolicy.network();
        PlanningConfig config = PlanningConfig.autoregressive(Mode.VALUE, 1, new Steps(3, 3, 3));

        Candidate observed = plan(network::forward,
                config.with(new Search(2, DepthAggregation.LAST, PresentProprio.OBSERVED)), 1).chosen();
        Candidate predicted = plan(network::forward,
                config.with(new Search(2, DepthAggregation.LAST, PresentProprio.PREDICTED)), 1).chosen();

        assertThat(predicted.valuesByDepth().getFirst()).isEqualTo(observed.valuesByDepth().getFirst());
        assertThat(predicted.valuesByDepth().getLast()).isNotEqualTo(observed.valuesByDepth().getLast());
    }

    @Test
    void futuresAndValuesComeFromTheJudge() {
        CosmosPolicy policy = TinyPolicy.policy(LAYOUT, TinyPolicy.network()::forward);
        CosmosPolicy judge = TinyPolicy.policy(LAYOUT, this::certain);
        EncodedObservation now = policy.observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());
        PlanningConfig config = PlanningConfig.autoregressive(Mode.VALUE, 2, new Steps(3, 3, 3));

        Plan plan = new BestOfNPlanner(policy, judge, config).plan(now, 5);

        assertThat(plan.candidates()).allSatisfy(one -> assertThat(one.value()).isCloseTo(0.75, within(1e-5)));
        assertThat(plan.chosen().actions()).isDeepEqualTo(
                new BestOfNPlanner(policy, PlanningConfig.joint(1, 3)).plan(now, 5).chosen().actions());
    }

    @Test
    void decodesPredictedPicturesWhenAsked() {
        PlanningConfig config = PlanningConfig.autoregressive(Mode.VALUE, 1, new Steps(1, 3, 1))
                .with(new FutureEnsemble(2, ImageAggregation.AVERAGE), ValueEnsemble.OFF);

        Candidate one = plan(TinyPolicy.network()::forward, config.with(PredictedImages.DECODED), 1).chosen();

        assertThat(one.futureImages()).containsOnlyKeys(Camera.WRIST, Camera.PRIMARY);
        assertThat(plan(TinyPolicy.network()::forward, config, 1).chosen().futureImages()).isEmpty();
    }

    /** What is asked one by one here, the planner asks in batches. */
    @Test
    void joinsTheFuturesOfAnEnsembleAsTheReference() {
        CosmosPolicy policy = TinyPolicy.policy(LAYOUT, TinyPolicy.network()::forward);
        EncodedObservation now = policy.observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());
        PlanningConfig config = PlanningConfig.autoregressive(Mode.VALUE, 1, new Steps(3, 3, 4))
                .with(new FutureEnsemble(2, ImageAggregation.AVERAGE), ValueEnsemble.OFF)
                .with(PredictedImages.DECODED);
        Tensor action = policy.generate(QueryKind.ACTION, now, now.latents(), new long[] {5}, 3);
        Tensor first = policy.generate(QueryKind.FUTURE, now, action, new long[] {5}, 1);
        Tensor second = policy.generate(QueryKind.FUTURE, now, action, new long[] {6}, 3);

        Candidate one = new BestOfNPlanner(policy, config).plan(now, 5).chosen();

        assertThat(one.value()).isEqualTo(policy.readOut()
                .values(policy.generate(QueryKind.VALUE, now, first, new long[] {5}, 4))[0]);
        byte[] mean = one.futureImages().get(Camera.PRIMARY).rgb();
        byte[] a = policy.readOut().futureImages(first, now.latents()).getFirst().get(Camera.PRIMARY).rgb();
        byte[] b = policy.readOut().futureImages(second, now.latents()).getFirst().get(Camera.PRIMARY).rgb();
        for (int i = 0; i < mean.length; i++) {
            assertThat(mean[i] & 0xFF).isEqualTo((int) Math.rint(((a[i] & 0xFF) + (b[i] & 0xFF)) / 2.0));
        }
    }

    /** The second decision is made in the predicted state: its pictures are those that were predicted. */
    @Test
    void deeperDecisionsStartFromThePredictedState() {
        List<float[]> wrists = new ArrayList<>();
        LatentNetwork network = input -> {
            if (input.conditionMask().select(2, LAYOUT.index(FrameRole.ACTION)).toFloatArray()[0] == 0) {
                wrists.add(input.latents().select(2, LAYOUT.index(FrameRole.CURRENT_WRIST)).toFloatArray());
            }
            return certain(input);
        };

        plan(network, PlanningConfig.autoregressive(Mode.VALUE, 1, new Steps(1, 1, 1))
                .with(new Search(2, DepthAggregation.LAST, PresentProprio.OBSERVED)), 1);

        assertThat(wrists).hasSize(2);
        assertThat(wrists.get(0)[0]).isNotCloseTo(0.5f, within(1e-5f));
        for (float predicted : wrists.get(1)) {
            assertThat(predicted).isCloseTo(0.5f, within(1e-4f));
        }
    }

    @Test
    void leavesNothingBehind() {
        CosmosPolicy policy = TinyPolicy.policy(LAYOUT, this::still);
        EncodedObservation now = policy.observe(TinyPolicy.observation(LAYOUT), TinyPolicy.text());
        int before = scope.live();

        new BestOfNPlanner(policy, PlanningConfig.joint(3, 5)).plan(now, 5);

        assertThat(scope.live()).isEqualTo(before);
    }

    @Test
    void rejectsPlansThatCannotBeMade() {
        Search two = new Search(2, DepthAggregation.LAST, PresentProprio.OBSERVED);
        assertThatThrownBy(() -> PlanningConfig.joint(4, 5).with(two)).hasMessageContaining("needs predicted futures");
        assertThatThrownBy(() -> PlanningConfig.joint(0, 5)).hasMessageContaining("must be at least 1");
        assertThatThrownBy(() -> new BestOfNPlanner(TinyPolicy.policy(LAYOUT, this::still),
                TinyPolicy.policy(LatentLayout.ALOHA, this::still), PlanningConfig.joint(1, 1)))
                .hasMessageContaining("must see the same frames");
        assertThatThrownBy(() -> plan(input -> input.latents().mul(Double.NaN), PlanningConfig.joint(1, 1), 1))
                .hasMessageContaining("is NaN");
    }
}
