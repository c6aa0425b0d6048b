package org.cosmosj.libero.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.cosmosj.tensor.NumpyRandom;

/** NumPy's generator, number for number: {@code rng.json}. */
public final class RandomCheck implements GoldenCheck {

    private static final int SKIPPED_DRAWS = 700;

    @Override
    public boolean covers(Path file) {
        return file.getFileName().toString().equals("rng.json");
    }

    @Override
    public void run(Path file, GoldenContext context, GoldenResults results) throws Exception {
        for (Map.Entry<String, JsonNode> seed : new JsonMapper().readTree(file.toFile()).get("seeds").properties()) {
            JsonNode golden = seed.getValue();
            for (Map.Entry<String, JsonNode> stream : golden.properties()) {
                List<Double> drawn = draw(stream.getKey(), golden, NumpyRandom.seeded(Long.parseLong(seed.getKey())));
                String what = "seed " + seed.getKey() + " " + stream.getKey();
                if (drawn == null) {
                    results.skip(what, "the generator's inner state is seen by its draws");
                    continue;
                }
                List<Double> expected = expected(stream.getValue());
                results.check(what, drawn.equals(expected), drawn.equals(expected)
                        ? drawn.size() + " numbers equal"
                        : "got " + drawn + ", expected " + expected);
            }
        }
    }

    /** Numbers of a stream in the golden's order, or null for a stream that cannot be asked for. */
    private static List<Double> draw(String stream, JsonNode all, NumpyRandom random) {
        JsonNode golden = all.get(stream);
        return switch (stream) {
            case "random_sample_20" -> take(golden.size(), random::nextDouble);
            case "tomaxint_like_uint32_first10" ->
                take(golden.size(), () -> Integer.toUnsignedLong(random.nextBits()));
            case "uniform" ->
                each(golden, call -> random.nextDouble(call.get("low").asDouble(), call.get("high").asDouble()));
            case "randn_15" -> take(golden.size(), random::nextGaussian);
            case "normal_mean2_std3_5" -> take(golden.size(), () -> 2 + 3 * random.nextGaussian());
            case "randint" -> each(golden, call -> integer(random, call));
            case "randint_next_random_sample" -> {
                each(all.get("randint"), call -> integer(random, call));
                yield List.of(random.nextDouble());
            }
            case "mixed_in_this_order" -> mixed(golden, random);
            case "random_sample_after_700_draws_5" -> {
                take(SKIPPED_DRAWS, random::nextDouble);
                yield take(golden.size(), random::nextDouble);
            }
            case "permutation_10" -> permutation(golden.size(), random);
            case "state_pos" -> List.of((double) random.position());
            case "after_randn3" -> {
                take(3, random::nextGaussian);
                yield List.of((double) random.position(), random.hasGaussian() ? 1.0 : 0.0, random.nextGaussian());
            }
            default -> null;
        };
    }

    private static double integer(NumpyRandom random, JsonNode call) {
        long low = call.get("low").asLong();
        return low + random.nextLong(call.get("high").asLong() - low);
    }

    private static List<Double> take(int count, DoubleSupplier next) {
        return DoubleStream.generate(next).limit(count).boxed().toList();
    }

    private static List<Double> each(JsonNode calls, Function<JsonNode, Double> draw) {
        List<Double> drawn = new ArrayList<>();
        calls.forEach(call -> drawn.add(draw.apply(call)));
        return drawn;
    }

    private static List<Double> mixed(JsonNode calls, NumpyRandom random) {
        List<Double> drawn = new ArrayList<>();
        for (JsonNode call : calls) {
            JsonNode arguments = call.get("args");
            switch (call.get("fn").asText()) {
                case "randn" -> drawn.addAll(take(arguments.asInt(), random::nextGaussian));
                case "random_sample" -> drawn.addAll(take(arguments.asInt(), random::nextDouble));
                case "randint" -> drawn.add((double) random.nextInt(arguments.asInt()));
                case "uniform" ->
                    drawn.add(random.nextDouble(arguments.get(0).asDouble(), arguments.get(1).asDouble()));
                default -> throw new IllegalArgumentException("unknown function " + call);
            }
        }
        return drawn;
    }

    /** {@code permutation(n)}: Fisher and Yates from the end. */
    private static List<Double> permutation(int count, NumpyRandom random) {
        List<Double> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add((double) i);
        }
        for (int i = count - 1; i > 0; i--) {
            order.set(i, order.set(random.nextInt(i + 1), order.get(i)));
        }
        return order;
    }

    /** Numbers inside a golden value: of lists and calls their results, of a state its fields. */
    private static List<Double> expected(JsonNode golden) {
        List<Double> numbers = new ArrayList<>();
        if (golden.isNumber()) {
            numbers.add(golden.asDouble());
        } else if (golden.has("result")) {
            numbers.addAll(expected(golden.get("result")));
        } else {
            golden.forEach(each -> numbers.addAll(expected(each)));
        }
        return numbers;
    }
}
