package org.cosmosj.policy.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.image.RgbImage;

/**
 * What a query says.
 *
 * @param actions in the robot's units, (K, A)
 * @param value predicted probability of success, in [0, 1]
 * @param pictures what each camera is predicted to see after the chunk; empty if not asked for
 */
record QueryResult(double[][] actions, double value, Map<Camera, RgbImage> pictures) {
    /**
     * The answer as one JSON object: {@code actions}, K lists of A numbers, and the value under two names. The
     * reference's server sends {@code value_prediction}, its client reads {@code value_predictions}; a reader of either
     * finds it. Source: spec 05 sections 15 and 21.
     */
    String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("actions");
            for (double[] action : actions) {
                json.writeArray(action, 0, action.length);
            }
            json.writeEndArray();
            json.writeNumberField("value_prediction", value);
            json.writeNumberField("value_predictions", value);
            json.writeEndObject();
        } catch (IOException e) { // a StringWriter does not fail
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** SHA-256 of the actions as little-endian F32, row-major. */
    String actionChecksum() {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * actions.length * actions[0].length)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (double[] action : actions) {
            for (double number : action) {
                bytes.putFloat((float) number);
            }
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("checksum: every JDK has SHA-256", e);
        }
    }
}
