package org.cosmosj.tensor;

import java.io.IOException;
import java.io.Serial;

/**
 * Thrown when a checkpoint cannot be read or written; the message names the file, the key, got, expected and the cure.
 */
public final class CheckpointException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message file, key, got, expected, cure
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * Makes the exception with a cause.
     *
     * @param message file, key, got, expected, cure
     * @param cause the system's own error
     */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
