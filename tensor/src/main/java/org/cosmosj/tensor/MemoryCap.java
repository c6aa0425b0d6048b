package org.cosmosj.tensor;

import java.util.concurrent.atomic.AtomicLong;

/** What a capped scope, the scopes inside it and what their tapes keep may hold at the same time. */
final class MemoryCap {
    private final String label;
    private final long limit;
    private final MemoryCap outer;
    private final AtomicLong held = new AtomicLong();

    MemoryCap(String label, long limit, MemoryCap outer) {
        this.label = label;
        this.limit = limit;
        this.outer = outer;
    }

    /** Counts bytes against this cap and those around it, against all or against none. */
    void take(long bytes) {
        if (outer != null) {
            outer.take(bytes);
        }
        long now = held.addAndGet(bytes);
        if (now > limit) {
            give(bytes);
            throw new OutOfDeviceMemoryException("scope '" + label + "': " + bytes + " bytes asked, "
                    + (now - bytes) + " bytes live, the cap is " + limit
                    + " bytes; close or promote less inside it, or raise the cap; held by scopes " + Scope.report(),
                    null);
        }
    }

    void give(long bytes) {
        for (MemoryCap cap = this; cap != null; cap = cap.outer) {
            cap.held.addAndGet(-bytes);
        }
    }
}
