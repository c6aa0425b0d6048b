package org.cosmosj.policy.image;

import java.io.IOException;
import java.io.Serial;

/** Thrown when bytes are no picture that can be read; the message names the file, the offset, got and expected. */
public final class ImageFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message file, offset, got, expected
     */
    public ImageFormatException(String message) {
        super(message);
    }

    /**
     * Makes the exception with a cause.
     *
     * @param message file, offset, got, expected
     * @param cause the decoder's own error
     */
    public ImageFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
