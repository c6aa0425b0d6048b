package org.cosmosj.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.Buffer;

/**
 * A device buffer shared by views, the scope that owns them and the tape that saved them; freed by the last of these.
 */
final class Storage {
    final Backend backend;
    final Buffer buffer;
    private final AtomicInteger references = new AtomicInteger(1);
    private final Runnable onFree;

    Storage(Backend backend, Buffer buffer, Runnable onFree) {
        this.backend = backend;
        this.buffer = buffer;
        this.onFree = onFree;
    }

    static Storage allocate(Backend backend, long bytes) {
        MemoryCap cap = Scope.current().memoryCap();
        if (cap != null) {
            cap.take(bytes);
        }
        try {
            return new Storage(backend, backend.allocate(bytes), cap == null ? () -> {} : () -> cap.give(bytes));
        } catch (OutOfDeviceMemoryException e) {
            if (cap != null) {
                cap.give(bytes);
            }
            throw new OutOfDeviceMemoryException(e.getMessage() + "; held by scopes " + Scope.report(), e);
        }
    }

    boolean isShared() {
        return references.get() > 1;
    }

    Storage retain() {
        references.incrementAndGet();
        return this;
    }

    void release() {
        int left = references.decrementAndGet();
        if (left == 0) {
            backend.free(buffer);
            onFree.run();
        } else if (left < 0) {
            throw new IllegalStateException("storage: released more often than retained");
        }
    }
}
