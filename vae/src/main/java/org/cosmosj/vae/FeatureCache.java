package org.cosmosj.vae;

import java.util.IdentityHashMap;
import java.util.Map;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;

/**
 * What each causal layer remembers of the frames before a chunk. Its tensors belong to the scope in which the cache
 * was made, so they outlive the scopes of single chunks. Source: spec 02 section 5.
 */
public final class FeatureCache implements AutoCloseable {
    private final Scope home = Scope.current();
    private final Map<Object, Tensor> frames = new IdentityHashMap<>();
    /** What was remembered when this stream branched off; never changed by this one. Null at a stream's start. */
    private final FeatureCache start;

    /** The cache of a stream that starts here. */
    public FeatureCache() {
        this(null);
    }

    private FeatureCache(FeatureCache start) {
        this.start = start;
    }

    /**
     * A cache that goes on from this one and leaves it as it is.
     *
     * @return the branch; this cache must stay open as long as it
     */
    FeatureCache branch() {
        return new FeatureCache(this);
    }

    /**
     * What a layer remembers.
     *
     * @param layer the layer
     * @return its last frames (B, C, n, H, W), or null before its first chunk
     */
    Tensor get(Object layer) {
        Tensor own = frames.get(layer);
        return own != null || start == null ? own : start.get(layer);
    }

    /**
     * Replaces what a layer remembers by the last frames of {@code history} followed by {@code x}.
     *
     * @param layer the layer
     * @param history earlier frames or null
     * @param x (B, C, T, H, W)
     * @param count how many frames to keep at most
     */
    void remember(Object layer, Tensor history, Tensor x, int count) {
        long fromX = Math.min(count, x.size(2));
        Tensor tail = x.narrow(2, x.size(2) - fromX, fromX);
        if (fromX < count && history != null && history.size(2) > 0) {
            long fromHistory = Math.min(count - fromX, history.size(2));
            tail = Tensor.cat(2, history.narrow(2, history.size(2) - fromHistory, fromHistory), tail);
        }
        Tensor old = frames.put(layer, Scope.current().transferTo(home, tail.copy()));
        if (old != null) {
            old.close();
        }
    }

    /** Frees what is remembered. */
    @Override
    public void close() {
        frames.values().forEach(Tensor::close);
        frames.clear();
    }
}
