package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.BestOfNPlanner;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.Conditioning;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicy;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.DimensionStatistics;
import org.cosmosj.policy.EncodedObservation;
import org.cosmosj.policy.EnsembleMember;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.Plan;
import org.cosmosj.policy.PlanningConfig;
import org.cosmosj.policy.PolicyObservation;
import org.cosmosj.policy.QueryJob;
import org.cosmosj.policy.QueryKind;
import org.cosmosj.policy.SamplingConfig;
import org.cosmosj.policy.SamplingConfig.Variance;
import org.cosmosj.policy.ValueAggregation;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.WanVae;

/**
 * Queries of a policy: actions, futures, values, ensembles and best-of-N. What is asked follows from the names in the
 * fixture: {@code action5.*} is an action query of 5 steps.
 */
final class InferenceCheck implements FixtureCheck {
    private static final Pattern QUERY = Pattern.compile("(action|future|qvalue|value)(\\d+)(_masked)?");
    /** Group of {@link #QUERY}. */
    private static final int MASKED = 3;
    private static final Pattern VARIANCE = Pattern.compile("variance_scale\\.seed(\\d+)");
    private static final Pattern NOISE = Pattern.compile("noise\\.seed(\\d+)");
    /** Steps of the future and value queries in {@code bestofn.ar}; spec 05 has one and two steps equal. */
    private static final int AUTOREGRESSIVE_STEPS = 2;

    @Override
    public String kind() {
        return "inference";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        new Run(fixture, results).run();
    }

    /** One fixture being checked. */
    private static final class Run {
        private final Fixture fixture;
        private final Results results;
        private final CosmosPolicyConfig config;
        private final CosmosDiT network;
        private final WanVae tokenizer;
        private final CosmosPolicy policy;
        private final EncodedObservation now;
        private final long seed;

        Run(Fixture fixture, Results results) throws CheckpointException {
            this.fixture = fixture;
            this.results = results;
            this.config = CosmosPolicyConfig.of(fixture.config());
            this.network = CosmosDiT.load(config.net(), fixture.weights("net."), DType.F32);
            this.tokenizer = config.tokenizer(Weights.of(fixture.weights("vae."), DType.F32));
            this.policy = policy(config);
            this.now = policy.observe(observation(), fixture.input("obs.text_embedding"));
            this.seed = fixture.config().longInteger("base_seed");
        }

        private CosmosPolicy policy(CosmosPolicyConfig sampled) throws CheckpointException {
            return new CosmosPolicy(sampled, network::forward, tokenizer,
                    new NormalizationStatistics(statistics("actions"), statistics("proprio")));
        }

        private DimensionStatistics statistics(String role) throws CheckpointException {
            double[] min = fixture.input("stats." + role + "_min").toDoubleArray();
            double[] max = fixture.input("stats." + role + "_max").toDoubleArray();
            return new DimensionStatistics(min, max, min, min, min); // only the range has an effect
        }

        private PolicyObservation observation() throws CheckpointException {
            Map<Camera, RgbImage> images = new EnumMap<>(Camera.class);
            for (String name : fixture.names()) {
                if (name.startsWith("obs.") && name.endsWith("_image")) {
                    Camera camera =
                            FrameRole.parse("current_" + name.substring("obs.".length())).camera().orElseThrow();
                    images.put(camera, RgbImage.of(fixture.input(name)));
                }
            }
            return new PolicyObservation(images, fixture.input("obs.proprio").toDoubleArray());
        }

        void run() throws CheckpointException {
            fixture.config().expect("text_tokens", now.text().size(1));
            List<String> runs = fixture.names().stream().filter(name -> name.contains("."))
                    .map(name -> name.substring(0, name.lastIndexOf('.'))).distinct().toList();
            String actionRun = mainRun("action", "generated_latent", runs)
                    .orElseThrow(() -> new IllegalArgumentException(fixture + ": no tensor is called actionN.*; every"
                            + " other query starts from an action query"));
            Tensor action = putAction(actionRun);
            putObservation(actionRun);
            Optional<String> futureRun = mainRun("future", "sample", runs);
            Tensor future = futureRun.isEmpty() ? null : putQuery(futureRun.get(), QueryKind.FUTURE, action);
            for (String run : runs) {
                if (!run.equals(actionRun) && !run.equals(futureRun.orElse(null))) {
                    putOther(run, actionRun, action, future);
                }
            }
            putNoise();
        }

        /** The run of a kind that the other queries start from: that with its whole result, else the fullest one. */
        private Optional<String> mainRun(String kind, String result, List<String> runs) {
            Comparator<String> fullest = Comparator.comparing((String run) -> fixture.has(run + "." + result))
                    .thenComparing(run -> fixture.names().stream().filter(name -> name.startsWith(run + ".")).count());
            return runs.stream().filter(run -> {
                Matcher query = QUERY.matcher(run);
                return query.matches() && query.group(1).equals(kind);
            }).max(fullest);
        }

        private void putOther(String run, String actionRun, Tensor action, Tensor future) throws CheckpointException {
            Matcher query = QUERY.matcher(run);
            Matcher variance = VARIANCE.matcher(run);
            if (query.matches()) {
                putQuery(run, query.group(1), query.group(MASKED) != null, action, future);
            } else if (variance.matches()) {
                putVariance(run, Long.parseLong(variance.group(1)));
            } else if (run.equals("ensemble")) {
                putEnsemble(action);
            } else if (run.startsWith("aggregate.")) {
                putAggregates(run);
            } else if (run.startsWith("bestofn.")) {
                putBestOfN(run, steps(actionRun), action);
            }
        }

        private void putQuery(String run, String kind, boolean masked, Tensor action, Tensor future)
                throws CheckpointException {
            if (kind.equals("value") && future == null) {
                throw new IllegalArgumentException(fixture + ": " + run + " needs a future, but no tensor is called"
                        + " futureN.*");
            }
            switch (kind) {
                case "action" -> putAction(run);
                case "future" -> putQuery(run, QueryKind.FUTURE, action);
                case "value" -> putQuery(run, masked ? QueryKind.FUTURE_VALUE : QueryKind.VALUE, future);
                default -> putQuery(run, QueryKind.Q_VALUE, action);
            }
        }

        private static int steps(String run) {
            Matcher query = QUERY.matcher(run);
            if (!query.matches()) {
                throw new IllegalArgumentException("inference: " + run + " does not say how many steps");
            }
            return Integer.parseInt(query.group(2));
        }

        private Tensor putAction(String run) throws CheckpointException {
            Tensor latent = putQuery(run, QueryKind.ACTION, now.latents());
            results.put(run + ".generated_latent", latent);
            putActions(run, latent);
            return latent;
        }

        private void putActions(String run, Tensor latent) {
            results.put(run + ".actions", tensor(policy.readOut().actions(latent)[0]));
            results.put(run + ".future_proprio_normalized_mean",
                    tensor(policy.readOut().normalizedFutureProprio(latent)));
        }

        private void putObservation(String run) throws CheckpointException {
            results.put(run + ".vae_latents", now.latents());
            results.put(run + ".orig_clean_latent_frames", now.latents());
            results.put(run + ".proprio_normalized", now.proprio().reshape(-1));
            results.put(run + ".text_embedding", now.text());
            Map<Camera, RgbImage> raw = observation().images();
            Tensor[] prepared = config.layout().cameras().stream()
                    .map(camera -> config.imagePreparation().apply(raw.get(camera)).toTensor()).toArray(Tensor[]::new);
            results.put(run + ".processed_images", Tensor.cat(0, prepared));
        }

        /** Samples with every call of the denoiser kept; the policy's own {@code generate} is used by best-of-N. */
        private Tensor putQuery(String run, QueryKind kind, Tensor frames) {
            Conditioning given = policy.conditioning(kind, now, frames);
            SdeSamplingCheck.Trajectory trajectory =
                    new SdeSamplingCheck.Trajectory(policy.denoiser(kind, now, frames));
            Tensor noise = CosmosPolicy.noise(new long[] {seed}, frames.shape());
            Tensor start = noise.mul(config.sampling().schedule(seed).sigmaMax());
            Tensor sample = config.sampling().sampler(seed).sample(trajectory, start, steps(run));
            results.put(run + ".noise", noise);
            results.put(run + ".gt_frames", given.frames());
            results.put(run + ".condition_mask", given.mask());
            results.put(run + ".sigmas", trajectory.levels());
            results.put(run + ".xt", trajectory.inputs());
            results.put(run + ".x0", trajectory.estimates());
            results.put(run + ".sample", sample);
            results.put(run + ".value", policy.readOut().values(sample)[0]);
            if (fixture.names().stream()
                    .anyMatch(name -> name.startsWith(run + ".future_") && name.contains("image"))) {
                putImages(run, policy.readOut().futureImages(sample, now.latents()).getFirst());
            }
            return sample;
        }

        private void putImages(String run, Map<Camera, RgbImage> images) {
            images.forEach((camera, image) -> results.put(run + switch (camera) {
                case WRIST -> ".future_wrist_image";
                case WRIST2 -> ".future_wrist_image2";
                case PRIMARY -> ".future_image";
                case SECONDARY -> ".future_image2";
            }, image.toTensor().squeeze(0)));
        }

        private void putVariance(String run, long varied) throws CheckpointException {
            CosmosPolicyConfig seeded = config.with(config.sampling().with(Variance.SEEDED));
            SamplingConfig.Scales scales = SamplingConfig.Scales.of(varied);
            int steps = (int) fixture.expected(run + ".sigmas").shape().size(0); // one evaluation per step beyond two
            SdeSamplingCheck.Trajectory trajectory = new SdeSamplingCheck.Trajectory(
                    policy.denoiser(QueryKind.ACTION, now, now.latents()));
            Tensor start = CosmosPolicy.noise(new long[] {varied}, now.latents().shape())
                    .mul(seeded.sampling().schedule(varied).sigmaMax());
            seeded.sampling().sampler(varied).sample(trajectory, start, steps);
            Tensor latent = policy(seeded)
                    .generate(QueryKind.ACTION, now, now.latents(), new long[] {varied}, steps);
            results.put(run + ".x_sigma_max", start);
            results.put(run + ".sigmas", trajectory.levels());
            results.put(run + ".scales", new double[] {scales.max(), scales.min()});
            putActions(run, latent);
        }

        /** Futures of the action, and values of each future under masked present, as the released planner asks them. */
        private void putEnsemble(Tensor action) {
            JsonFields schedule = fixture.config().object("ensemble_schedule");
            List<Tensor> futures = ask(QueryKind.FUTURE, List.of(action), members(schedule, "future"));
            results.put("ensemble.future_samples",
                    Tensor.cat(0, futures.stream().map(future -> future.unsqueeze(0)).toArray(Tensor[]::new)));
            List<Tensor> latents = ask(QueryKind.FUTURE_VALUE, futures, members(schedule, "value"));
            double[] values = latents.stream().mapToDouble(latent -> policy.readOut().values(latent)[0]).toArray();
            results.put("ensemble.all_values", Tensor.of(values, values.length, 1));
            for (ValueAggregation scheme : ValueAggregation.values()) {
                results.put("ensemble.value." + scheme.key(), scheme.of(values));
            }
        }

        /**
         * Members as this version schedules them, from the first seed, the number of members and the steps of the last;
         * the fixture lists all of them.
         */
        private List<EnsembleMember> members(JsonFields schedule, String query) {
            long[] seeds = schedule.integers(query + "_seeds");
            long[] steps = schedule.integers(query + "_steps");
            List<EnsembleMember> members =
                    EnsembleMember.of(seeds[0], Math.toIntExact(steps[steps.length - 1]), steps.length);
            schedule.expect(query + "_seeds", members.stream().map(EnsembleMember::seed).toList());
            schedule.expect(query + "_steps", members.stream().map(EnsembleMember::steps).toList());
            return members;
        }

        private List<Tensor> ask(QueryKind kind, List<Tensor> starts, List<EnsembleMember> members) {
            List<QueryJob> jobs = new ArrayList<>();
            for (Tensor start : starts) {
                members.forEach(member -> jobs.add(new QueryJob(start, member.seed(), member.steps())));
            }
            return policy.generate(kind, now, jobs, jobs.size());
        }

        private void putAggregates(String run) throws CheckpointException {
            double[] values = fixture.input(run + ".in").toDoubleArray(); // (members, 1)
            for (ValueAggregation scheme : ValueAggregation.values()) {
                results.put(run + "." + scheme.key(), new double[] {scheme.of(values)});
            }
        }

        private void putBestOfN(String run, int steps, Tensor action) throws CheckpointException {
            int candidates = (int) fixture.expected(run + ".values").shape().size(0);
            PlanningConfig planning = run.equals("bestofn.ar")
                    ? PlanningConfig.autoregressive(PlanningConfig.Mode.FUTURE_VALUE, candidates,
                            new PlanningConfig.Steps(steps, AUTOREGRESSIVE_STEPS, AUTOREGRESSIVE_STEPS))
                    : PlanningConfig.joint(candidates, steps);
            Plan plan = new BestOfNPlanner(policy, planning).plan(now, seed);
            List<Plan.Candidate> all = plan.candidates();
            long[] seeds = all.stream().mapToLong(Plan.Candidate::seed).toArray();
            Tensor[] chunks = all.stream().map(one -> tensor(one.actions()).unsqueeze(0)).toArray(Tensor[]::new);
            results.put(run + ".actions", Tensor.cat(0, chunks));
            results.put(run + ".values", all.stream().mapToDouble(Plan.Candidate::value).toArray());
            results.put(run + ".best_seed", (double) plan.chosen().seed());
            results.put(run + ".best_actions", tensor(plan.chosen().actions()));
            results.put(run + ".noise", CosmosPolicy.noise(seeds, action.shape()).unsqueeze(1));
        }

        private void putNoise() {
            for (String name : fixture.names()) {
                Matcher noise = NOISE.matcher(name);
                if (noise.matches()) {
                    long[] seeds = {Long.parseLong(noise.group(1))};
                    results.put(name, CosmosPolicy.noise(seeds, now.latents().shape()));
                }
            }
        }

        private static Tensor tensor(double[][] rows) {
            double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
            return Tensor.of(flat, rows.length, rows[0].length);
        }
    }
}
