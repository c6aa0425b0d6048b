package org.cosmosj.libero.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.libero.EpisodeId;

/**
 * What is kept of one attempt at an episode: one line of {@code episodes.jsonl}.
 *
 * @param episode    suite, task, number and seed
 * @param attempt    1, or 2 after an attempt that failed to run
 * @param outcome    how it ended
 * @param steps      actions carried out
 * @param queries    questions to the policy
 * @param firstState hash of the first numbers sensed after the settle steps; empty if it did not get there
 * @param firstFrame hash of the first pictures that the policy saw; empty if none were drawn
 * @param versions   what ran, by name
 * @param started    time of the start, ISO 8601
 * @param seconds    from start to end
 * @param simulating seconds of them in the environment
 * @param drawing    seconds of them that drew pictures
 * @param error      why it failed to run; else empty
 */
public record EpisodeRecord(EpisodeId episode, int attempt, Outcome outcome, int steps, int queries,
        String firstState, String firstFrame, Map<String, String> versions, String started, double seconds,
        double simulating, double drawing, String error) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How an attempt ended. */
    public enum Outcome {
        /** The goal became true. */
        SUCCESS,
        /** The policy used up its actions. */
        FAILURE,
        /** The worker died, hung or reported an error: says nothing about the policy. */
        FAILED_TO_RUN
    }

    /** Copies the map. */
    public EpisodeRecord {
        versions = new TreeMap<>(versions);
    }

    /**
     * Writes the line.
     *
     * @return one JSON object without line break
     */
    public String toJson() {
        ObjectNode line = JSON.createObjectNode();
        line.put("suite", episode.suite()).put("task", episode.task()).put("episode", episode.episode())
                .put("seed", episode.seed()).put("attempt", attempt)
                .put("outcome", outcome.name().toLowerCase(Locale.ROOT)).put("success", outcome == Outcome.SUCCESS)
                .put("steps", steps).put("queries", queries).put("first_state", firstState)
                .put("first_frame", firstFrame);
        ObjectNode of = line.putObject("versions");
        versions.forEach(of::put);
        line.putObject("times").put("started", started).put("seconds", rounded(seconds))
                .put("simulating", rounded(simulating)).put("drawing", rounded(drawing));
        if (!error.isEmpty()) {
            line.put("error", error);
        }
        return line.toString();
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1e3) / 1e3;
    }

    /**
     * Reads a line.
     *
     * @param line what {@link #toJson} wrote
     * @return the record
     * @throws IllegalArgumentException if it is something else
     */
    public static EpisodeRecord parse(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            Map<String, String> versions = new TreeMap<>();
            json.required("versions").properties().forEach(each -> versions.put(each.getKey(),
                    each.getValue().asText()));
            JsonNode times = json.required("times");
            return new EpisodeRecord(
                    new EpisodeId(json.required("suite").asText(), json.required("task").asText(),
                            json.required("episode").intValue(), json.required("seed").longValue()),
                    json.required("attempt").intValue(),
                    Outcome.valueOf(json.required("outcome").asText().toUpperCase(Locale.ROOT)),
                    json.required("steps").intValue(), json.required("queries").intValue(),
                    json.required("first_state").asText(), json.required("first_frame").asText(), versions,
                    times.required("started").asText(), times.required("seconds").doubleValue(),
                    times.required("simulating").doubleValue(), times.required("drawing").doubleValue(),
                    json.path("error").asText(""));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON object (" + e.getOriginalMessage() + ")", e);
        }
    }
}
