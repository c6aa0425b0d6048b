package org.cosmosj.tensor;

import java.io.Serial;

/** Thrown when a device has no room for a tensor; the message gives bytes asked, bytes live and who holds them. */
public final class OutOfDeviceMemoryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message bytes asked, bytes live, scope labels, cure
     * @param cause the device's own error, or null
     */
    public OutOfDeviceMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
