package org.cosmosj.libero.mujoco;

import java.io.Serial;

/** MuJoCo cannot be found, does not fit, or refused what it was asked; the message names the cure. */
public final class MujocoException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed, what was found, what was expected
     */
    public MujocoException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what failed, what was found, what was expected
     * @param cause   what it followed from
     */
    public MujocoException(String message, Throwable cause) {
        super(message, cause);
    }
}
