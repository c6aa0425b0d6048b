package org.cosmosj.bench.peer;

/** One row cannot be compared; the others can. */
final class RowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RowException(String message) {
        super(message);
    }
}
