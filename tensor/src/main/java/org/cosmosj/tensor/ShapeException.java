package org.cosmosj.tensor;

import java.io.Serial;

/**
 * Thrown when shapes, ranks or dtypes given to an op do not fit; the message names the op, what it got and expected.
 */
public final class ShapeException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message op, role, got, expected, cure
     */
    public ShapeException(String message) {
        super(message);
    }

    /**
     * Makes the exception with a cause.
     *
     * @param message op, role, got, expected, cure
     * @param cause what was caught
     */
    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}
