package org.cosmosj.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.policy.PlanningConfig.DepthAggregation;
import org.cosmosj.policy.PlanningConfig.ImageAggregation;
import org.cosmosj.policy.PlanningConfig.Mode;
import org.cosmosj.policy.PlanningConfig.PredictedImages;
import org.cosmosj.policy.PlanningConfig.PresentProprio;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * Makes N action chunks, judges each by its predicted value and chooses the best. Candidate i has one seed, {@code seed
 * + i} unless {@link CandidateSeeds} say otherwise, in all its queries. The candidates of a query run as one batch; the
 * result is the same as if they ran one by one.
 * Source: spec 05 sections 8 to 13.
 *
 * <p>Where a search goes deeper with an ensemble of futures, every member is continued and all values of a depth are
 * joined by the ensemble's rule.
 */
public final class BestOfNPlanner {
    private final CosmosPolicy policy;
    private final CosmosPolicy judge;
    private final PlanningConfig config;

    /** A candidate while it is worked on. */
    private static final class Rollout {
        private final long seed;
        private final List<Double> values = new ArrayList<>();
        private final List<double[][]> actions = new ArrayList<>();
        private Map<Camera, RgbImage> images = Map.of();
        private List<Tensor> actionLatents = new ArrayList<>();
        private List<Tensor> futures = new ArrayList<>();

        Rollout(long seed) {
            this.seed = seed;
        }
    }

    /** Maps a rollout to the latents its next queries start from. */
    private interface Starts {
        List<Tensor> of(Rollout rollout);
    }

    /**
     * Plans with one model.
     *
     * @param policy makes and judges the candidates
     * @param config how
     */
    public BestOfNPlanner(CosmosPolicy policy, PlanningConfig config) {
        this(policy, policy, config);
    }

    /**
     * Plans with a model of its own for futures and values, as the released ALOHA planning model.
     *
     * @param policy makes the candidates, at every depth
     * @param judge predicts their futures and values; of the same layout
     * @param config how
     */
    public BestOfNPlanner(CosmosPolicy policy, CosmosPolicy judge, PlanningConfig config) {
        if (!policy.config().layout().roles().equals(judge.config().layout().roles())) {
            throw new IllegalArgumentException("planner: the policy's layout " + policy.config().layout()
                    + " is not the judge's " + judge.config().layout() + "; they must see the same frames");
        }
        this.policy = policy;
        this.judge = judge;
        this.config = config;
    }

    /**
     * Chooses a chunk for an observation, with the seeds of the reference's serial loop.
     *
     * @param now one observation, with all frames encoded if pictures are decoded
     * @param seed of the first candidate; seed + candidates - 1 must be below 2^32
     * @return all candidates and the chosen one
     */
    public Plan plan(EncodedObservation now, long seed) {
        return plan(now, seed, CandidateSeeds.SERIAL);
    }

    /**
     * Chooses a chunk for an observation.
     *
     * @param now one observation, with all frames encoded if pictures are decoded
     * @param seed of the query; those of the candidates must be below 2^32
     * @param seeds from the query's seed to those of the candidates
     * @return all candidates and the chosen one
     */
    public Plan plan(EncodedObservation now, long seed, CandidateSeeds seeds) {
        if (now.latents().size(0) != 1) {
            throw new ShapeException("planner: " + now.latents().size(0)
                    + " observations in one; plan for each by itself");
        }
        try (Scope _ = Scope.inner("plan")) {
            List<Rollout> rollouts = new ArrayList<>();
            for (int i = 0; i < config.candidates(); i++) {
                rollouts.add(new Rollout(seeds.of(seed, i)));
            }
            act(rollouts, now, _ -> List.of(now.latents()));
            judge(rollouts, now);
            if (config.images() == PredictedImages.DECODED) {
                rollouts.forEach(rollout -> rollout.images = images(rollout, now));
            }
            EncodedObservation imagined = config.search().proprio() == PresentProprio.OBSERVED
                    ? now
                    : new EncodedObservation(now.latents(), null, now.text());
            for (int depth = 2; depth <= config.search().depth(); depth++) {
                act(rollouts, imagined, rollout -> rollout.futures.stream().map(this::advanced).toList());
                judge(rollouts, imagined);
            }
            return Plan.of(rollouts.stream().map(this::candidate).toList());
        }
    }

    private void act(List<Rollout> rollouts, EncodedObservation now, Starts starts) {
        List<List<Tensor>> latents = ask(policy, QueryKind.ACTION, rollouts, now, starts, config.steps().action(), 0);
        for (int i = 0; i < rollouts.size(); i++) {
            Rollout rollout = rollouts.get(i);
            rollout.actionLatents = latents.get(i);
            rollout.actions.add(policy.readOut().actions(latents.get(i).getFirst())[0]);
        }
    }

    private void judge(List<Rollout> rollouts, EncodedObservation now) {
        Mode mode = config.mode();
        if (mode == Mode.JOINT) {
            rollouts.forEach(rollout -> rollout.values.add(value(rollout.actionLatents)));
            return;
        }
        if (mode.predictsFuture()) {
            List<List<Tensor>> futures = ask(judge, QueryKind.FUTURE, rollouts, now, rollout -> rollout.actionLatents,
                    config.steps().future(), config.futures().size());
            for (int i = 0; i < rollouts.size(); i++) {
                rollouts.get(i).futures = futures.get(i);
            }
        }
        Starts judged = rollout -> mode.predictsFuture() ? rollout.futures : rollout.actionLatents;
        List<List<Tensor>> values =
                ask(judge, mode.valueQuery(), rollouts, now, judged, config.steps().value(), config.values().size());
        for (int i = 0; i < rollouts.size(); i++) {
            rollouts.get(i).values.add(value(values.get(i)));
        }
    }

    /** Asks a query for every rollout, every latent it starts from and every member; results in that order. */
    private List<List<Tensor>> ask(CosmosPolicy model, QueryKind query, List<Rollout> rollouts, EncodedObservation now,
            Starts starts, int steps, int ensemble) {
        List<QueryJob> jobs = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (Rollout rollout : rollouts) {
            List<EnsembleMember> members = ensemble == 0
                    ? List.of(new EnsembleMember(rollout.seed, steps))
                    : EnsembleMember.of(rollout.seed, steps, ensemble);
            for (Tensor start : starts.of(rollout)) {
                members.forEach(member -> jobs.add(new QueryJob(start, member.seed(), member.steps())));
            }
            ends.add(jobs.size());
        }
        List<Tensor> results = model.generate(query, now, jobs, config.batchLimit());
        List<List<Tensor>> byRollout = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            byRollout.add(results.subList(from, end));
            from = end;
        }
        return byRollout;
    }

    private double value(List<Tensor> latents) {
        double[] values = latents.stream().mapToDouble(latent -> judge.readOut().values(latent)[0]).toArray();
        return config.values().size() == 0 ? values[0] : config.values().aggregation().of(values);
    }

    /** The predicted future as the present of the next decision. */
    private Tensor advanced(Tensor future) {
        LatentLayout layout = policy.config().layout();
        Tensor present = future.copy();
        for (FrameRole role : layout.roles()) {
            if (role.isFuture() && layout.has(role.current())) {
                present.select(2, layout.index(role.current())).copyFrom(future.select(2, layout.index(role)));
            }
        }
        return present;
    }

    private Map<Camera, RgbImage> images(Rollout rollout, EncodedObservation now) {
        List<Tensor> predicted = config.mode().predictsFuture() ? rollout.futures : rollout.actionLatents;
        ReadOut readOut = (config.mode().predictsFuture() ? judge : policy).readOut();
        boolean average = config.futures().images() == ImageAggregation.AVERAGE && predicted.size() > 1;
        List<Map<Camera, RgbImage>> views = (average ? predicted : List.of(predicted.getLast())).stream()
                .map(latent -> readOut.futureImages(latent, now.latents()).getFirst()).toList();
        return average ? averaged(views) : views.getFirst();
    }

    private static Map<Camera, RgbImage> averaged(List<Map<Camera, RgbImage>> members) {
        Map<Camera, RgbImage> mean = new EnumMap<>(Camera.class);
        members.getFirst().forEach((camera, first) -> {
            byte[] rgb = new byte[first.rgb().length];
            for (int i = 0; i < rgb.length; i++) {
                float sum = 0;
                for (Map<Camera, RgbImage> member : members) {
                    sum += member.get(camera).rgb()[i] & 0xFF;
                }
                rgb[i] = (byte) (int) Math.rint(sum / members.size());
            }
            mean.put(camera, new RgbImage(first.height(), first.width(), rgb));
        });
        return mean;
    }

    private Plan.Candidate candidate(Rollout rollout) {
        List<Double> values = rollout.values;
        double value = config.search().aggregation() == DepthAggregation.LAST
                ? values.getLast()
                : values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
        return new Plan.Candidate(rollout.seed, rollout.actions.getFirst(), value, rollout.images, List.copyOf(values),
                List.copyOf(rollout.actions));
    }
}
