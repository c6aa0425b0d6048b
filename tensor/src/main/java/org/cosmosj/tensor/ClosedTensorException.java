package org.cosmosj.tensor;

import java.io.Serial;

/** Thrown when a tensor is used after its scope closed it; the message names the scope. */
public final class ClosedTensorException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message the tensor and the scope that closed it
     */
    public ClosedTensorException(String message) {
        super(message);
    }
}
