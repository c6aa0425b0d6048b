package org.cosmosj.policy.query;

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
