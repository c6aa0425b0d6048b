package org.cosmosj.tensor;

/** The facade's argument checks; every message names the op, the role, what it got and what it expected. */
final class Checks {
    private Checks() {}

    static void sameShape(String op, String role, Tensor got, Shape expected) {
        if (!got.shape().equals(expected)) {
            throw new ShapeException(op + ": " + role + " has shape " + got.shape() + ", expected " + expected);
        }
    }

    static void rank(String op, String role, Tensor got, int rank, String axes) {
        if (got.shape().rank() != rank) {
            throw new ShapeException(op + ": " + role + " has shape " + got.shape() + ", expected rank " + rank + " "
                    + axes);
        }
    }

    static void require(boolean holds, String op, String message) {
        if (!holds) {
            throw new ShapeException(op + ": " + message);
        }
    }

    /** All operands on one device and of one compute dtype; nulls are skipped. */
    static void compute(String op, Tensor first, Tensor... others) {
        first.requireOpen(op);
        if (!first.dtype().isCompute()) {
            throw new ShapeException(op + ": dtype " + first.dtype() + " of " + first.shape()
                    + " is storage only; call to(DType.F32) first");
        }
        for (Tensor other : others) {
            if (other == null) {
                continue;
            }
            sameDevice(op, first, other);
            sameDType(op, first, other);
        }
    }

    static void sameDType(String op, Tensor first, Tensor other) {
        if (other.dtype() != first.dtype()) {
            throw new ShapeException(op + ": dtypes " + first.dtype() + " " + first.shape() + " and "
                    + other.dtype() + " " + other.shape() + " differ; convert one with to(DType)");
        }
    }

    static void sameDevice(String op, Tensor first, Tensor other) {
        first.requireOpen(op);
        other.requireOpen(op);
        if (!first.device().equals(other.device())) {
            throw new ShapeException(op + ": operands live on " + first.device() + " and " + other.device()
                    + "; move one with to(Device)");
        }
    }

    /** Refuses to write into a tensor of a mapped file. */
    static void writable(String op, Tensor target) {
        if (target.storage.buffer.readOnly()) {
            throw new UnsupportedOperationException(op + ": " + target + " is read-only memory of a file; copy() it"
                    + " first");
        }
    }
}
