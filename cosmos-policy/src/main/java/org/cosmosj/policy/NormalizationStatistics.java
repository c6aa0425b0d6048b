package org.cosmosj.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cosmosj.tensor.CheckpointException;

/**
 * Statistics of a data set's actions and proprioception, as the reference's {@code dataset_statistics.json} holds them:
 * lists {@code actions_min, actions_max, actions_mean, actions_std, actions_median} and the same for {@code proprio}.
 *
 * @param actions per action dimension, A
 * @param proprio per proprioceptive number
 */
public record NormalizationStatistics(DimensionStatistics actions, DimensionStatistics proprio) {
    /** Ten lists of numbers; a longer file holds something else. */
    private static final long LONGEST = 1L << 20;

    /**
     * Reads a file of the reference's format, such as {@code libero_dataset_statistics.json}.
     *
     * @param file what to read
     * @return the statistics
     * @throws CheckpointException if it cannot be read or holds something else; the message names file and place
     */
    public static NormalizationStatistics read(Path file) throws CheckpointException {
        try {
            if (Files.size(file) > LONGEST) {
                throw new CheckpointException("statistics " + file + ": has " + Files.size(file)
                        + " bytes, expected at most " + LONGEST + "; give a dataset_statistics.json");
            }
            return parse("statistics " + file, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (CheckpointException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            throw new CheckpointException(message.contains(file.toString())
                    ? message
                    : "statistics " + file + ": " + message, e);
        } catch (IOException e) {
            throw new CheckpointException("statistics " + file + ": cannot be read (" + e + "); check the path", e);
        }
    }

    /**
     * Reads the reference's format.
     *
     * @param where what the text is, for messages
     * @param json the text
     * @return the statistics
     */
    public static NormalizationStatistics parse(String where, String json) {
        JsonFields fields = JsonFields.parse(where, json);
        return new NormalizationStatistics(parse(fields, "actions"), parse(fields, "proprio"));
    }

    private static DimensionStatistics parse(JsonFields fields, String name) {
        return new DimensionStatistics(fields.numbers(name + "_min"), fields.numbers(name + "_max"),
                fields.numbers(name + "_mean"), fields.numbers(name + "_std"), fields.numbers(name + "_median"));
    }

    /**
     * Writes the reference's format; reading it gives the same doubles.
     *
     * @return one JSON object
     */
    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            write(json, "actions", actions);
            write(json, "proprio", proprio);
            json.writeEndObject();
        } catch (IOException e) { // a StringWriter does not fail
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, String name, DimensionStatistics statistics) throws IOException {
        write(json, name + "_min", statistics.min());
        write(json, name + "_max", statistics.max());
        write(json, name + "_mean", statistics.mean());
        write(json, name + "_std", statistics.std());
        write(json, name + "_median", statistics.median());
    }

    private static void write(JsonGenerator json, String name, double[] values) throws IOException {
        json.writeFieldName(name);
        json.writeArray(values, 0, values.length);
    }
}
