package org.cosmosj.policy.verify;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.cosmosj.policy.ActionChunks;
import org.cosmosj.policy.DimensionStatistics;
import org.cosmosj.policy.LatentInjection;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Tensor;

/** Writing into latents and reading back, data statistics and normalisation, action chunks. */
final class LatentInjectionCheck implements FixtureCheck {
    private static final String CHUNK = "chunk.start";

    @Override
    public String kind() {
        return "latent_injection";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        fixture.config().expect("proprio_dim", fixture.input("proprio").size(1));
        putInjections(fixture, results);
        putReadOuts(fixture, results);
        putStatistics(fixture, results);
        putChunks(fixture, results);
        Tensor undone = fixture.input("undo.sample").copy();
        LatentInjection.restore(undone, indices(fixture, "undo.indices"), fixture.input("undo.orig"));
        results.put("undo.out", undone);
    }

    private static void putInjections(Fixture fixture, Results results) throws CheckpointException {
        for (String role : new String[] {"action", "proprio", "value"}) {
            Tensor latents = fixture.input("x0").copy();
            Tensor values = fixture.input(role);
            int[] frames = indices(fixture, role + "_idx");
            for (int b = 0; b < frames.length; b++) { // a fixture may hold another frame per sample
                LatentInjection.write(latents.narrow(0, b, 1), frames[b], values.narrow(0, b, 1));
            }
            results.put("injected." + role, latents);
            results.put(role + "_idx", fixture.input(role + "_idx"));
        }
    }

    private static void putReadOuts(Fixture fixture, Results results) throws CheckpointException {
        long chunk = fixture.config().integer("chunk_size");
        long action = fixture.config().integer("action_dim");
        for (String source : new String[] {"injected", "noisy"}) {
            boolean injected = source.equals("injected");
            Tensor forActions = fixture.input(injected ? "injected.action" : source);
            Tensor forValues = fixture.input(injected ? "injected.value" : source);
            results.put("extracted.action_from_" + source,
                    each(fixture, "action_idx", forActions, (latents, frame) -> LatentInjection.read(latents, frame,
                            chunk, action)));
            Tensor value = each(fixture, "value_idx", forValues, LatentInjection::readScalar);
            results.put("extracted.value_from_" + source, value);
            results.put("extracted.value01_from_" + source,
                    Arrays.stream(value.toDoubleArray()).map(LatentInjection::unitValue).toArray());
        }
    }

    /** Reads one sample's frame. */
    private interface ReadOut {
        Tensor of(Tensor latents, int frame);
    }

    private static Tensor each(Fixture fixture, String indices, Tensor latents, ReadOut readOut)
            throws CheckpointException {
        int[] frames = indices(fixture, indices);
        Tensor[] parts = new Tensor[frames.length];
        for (int b = 0; b < frames.length; b++) {
            parts[b] = readOut.of(latents.narrow(0, b, 1), frames[b]);
        }
        return Tensor.cat(0, parts);
    }

    private static void putStatistics(Fixture fixture, Results results) throws CheckpointException {
        for (String role : new String[] {"actions", "proprio"}) {
            double[][] raw = rows(fixture.input("norm." + role + "_raw"));
            DimensionStatistics statistics = DimensionStatistics.measure(raw);
            String prefix = "stats." + role + "_";
            results.put(prefix + "min", statistics.min());
            results.put(prefix + "max", statistics.max());
            results.put(prefix + "mean", statistics.mean());
            results.put(prefix + "std", statistics.std());
            results.put(prefix + "median", statistics.median());
            results.put("norm." + role, map(fixture.input("norm." + role + "_raw"), statistics::normalize));
            if (role.equals("actions")) {
                Tensor normalized = fixture.input("norm.actions").unsqueeze(0);
                results.put("norm.actions_unnormalized", map(normalized, statistics::unnormalize));
                results.put("norm.model_actions_unnormalized",
                        map(fixture.input("norm.model_actions"), statistics::unnormalize));
            } else {
                results.put("norm.proprio_eval", map(fixture.input("norm.proprio_raw"), statistics::normalize));
            }
        }
    }

    private static void putChunks(Fixture fixture, Results results) throws CheckpointException {
        long[] episodes = fixture.config().integers("episodes");
        double[][] all = rows(fixture.input("norm.actions_raw"));
        fixture.config().expect("action_dim", all[0].length);
        if (Arrays.stream(episodes).sum() != all.length) {
            throw new IllegalArgumentException(fixture + ": episodes " + Arrays.toString(episodes)
                    + " do not add up to the " + all.length + " rows of norm.actions_raw");
        }
        double[][] episode = Arrays.copyOf(all, (int) episodes[0]);
        int chunk = fixture.config().integer("chunk_size");
        for (String name : fixture.names()) {
            if (name.startsWith(CHUNK)) {
                int start = Integer.parseInt(name.substring(CHUNK.length()));
                results.put(name, tensor(ActionChunks.at(episode, start, chunk)));
            }
        }
    }

    private static int[] indices(Fixture fixture, String name) throws CheckpointException {
        return Arrays.stream(fixture.input(name).toDoubleArray()).mapToInt(i -> (int) i).toArray();
    }

    private static double[][] rows(Tensor tensor) {
        int width = (int) tensor.size(-1);
        double[] flat = tensor.toDoubleArray();
        double[][] rows = new double[flat.length / width][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width));
        return rows;
    }

    private static Tensor map(Tensor tensor, UnaryOperator<double[]> function) {
        double[][] mapped = Arrays.stream(rows(tensor)).map(function).toArray(double[][]::new);
        return tensor(mapped).reshape(tensor.shape());
    }

    private static Tensor tensor(double[][] rows) {
        double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return Tensor.of(flat, rows.length, rows[0].length);
    }
}
