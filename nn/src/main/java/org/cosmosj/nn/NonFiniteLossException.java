package org.cosmosj.nn;

import java.io.Serial;

/** Thrown when a training loss is NaN or infinite; the parameters are as they were before the step. */
public final class NonFiniteLossException extends ArithmeticException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message step, loss, cure
     */
    public NonFiniteLossException(String message) {
        super(message);
    }
}
