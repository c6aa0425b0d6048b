package org.cosmosj.bench.peer;

/** The comparison cannot go on: a side is missing, ended or stuck. */
public final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
