package org.cosmosj.libero.scene;

import java.io.Serial;

/** A scene that cannot be assembled or started from the given folders; the message names files and the cure. */
public final class SceneException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message file, what was found, what was expected, the cure
     */
    public SceneException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message file, what was found, what was expected, the cure
     * @param cause   what was found in detail
     */
    public SceneException(String message, Throwable cause) {
        super(message, cause);
    }
}
