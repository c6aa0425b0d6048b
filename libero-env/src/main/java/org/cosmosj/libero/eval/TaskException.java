package org.cosmosj.libero.eval;

/** A task whose files are wrong, or an agent that cannot act on it: no episode of it can run. */
final class TaskException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TaskException(String message, Throwable cause) {
        super(message, cause);
    }
}
