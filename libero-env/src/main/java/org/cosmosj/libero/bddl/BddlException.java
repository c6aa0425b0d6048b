package org.cosmosj.libero.bddl;

import java.io.Serial;

/** A task file that cannot be read or that asks for something unknown; the message names the file and the place. */
public final class BddlException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message file, place, what was found and what was expected
     */
    public BddlException(String message) {
        super(message);
    }
}
