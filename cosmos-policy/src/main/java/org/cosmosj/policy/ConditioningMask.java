package org.cosmosj.policy;

import java.util.List;
import org.cosmosj.tensor.Tensor;

/**
 * Which latent frames are given to the network (1) and which it generates (0), per sample. Frame 0 is always given.
 * Source: spec 04 section 4 for training, spec 03 section 14 for queries.
 */
public final class ConditioningMask {
    private final boolean[][] given;

    private ConditioningMask(boolean[][] given) {
        this.given = given;
    }

    /**
     * The mask of a training batch.
     *
     * @param layout the frames
     * @param kinds what each sample teaches, B entries
     * @param flags whether value samples lose the present or the future
     * @return B masks
     */
    public static ConditioningMask training(LatentLayout layout, List<SampleKind> kinds, ObjectiveFlags flags) {
        QueryKind value = flags.has(ObjectiveFlag.MASK_CURRENT_STATE_ACTION_FOR_VALUE_PREDICTION)
                ? QueryKind.FUTURE_VALUE
                : QueryKind.VALUE;
        boolean[][] given = new boolean[kinds.size()][];
        for (int b = 0; b < given.length; b++) {
            given[b] = switch (kinds.get(b)) {
                case DEMO -> leading(layout, layout.conditioningFrames());
                case WORLD_MODEL -> withAction(layout);
                case VALUE -> frames(layout, value);
            };
            if (kinds.get(b) == SampleKind.VALUE && flags.has(ObjectiveFlag.MASK_FUTURE_STATE_FOR_QVALUE_PREDICTION)) {
                clearFuture(layout, given[b]);
            }
        }
        return new ConditioningMask(given);
    }

    /**
     * The mask of a query.
     *
     * @param layout the frames
     * @param query what is asked
     * @param count B, the same mask for each
     * @return B masks
     */
    public static ConditioningMask query(LatentLayout layout, QueryKind query, int count) {
        boolean[][] given = new boolean[count][];
        java.util.Arrays.setAll(given, b -> frames(layout, query));
        return new ConditioningMask(given);
    }

    private static boolean[] frames(LatentLayout layout, QueryKind query) {
        boolean[] given = switch (query) {
            case ACTION -> leading(layout, layout.conditioningFrames());
            case FUTURE -> leading(layout, layout.conditioningFrames() + 1);
            case VALUE, FUTURE_VALUE, Q_VALUE -> leading(layout, layout.size() - 1);
        };
        if (query == QueryKind.FUTURE_VALUE) {
            for (int t = 0; t < given.length; t++) {
                FrameRole role = layout.roles().get(t);
                given[t] &= !role.isCurrent() && role != FrameRole.ACTION;
            }
        } else if (query == QueryKind.Q_VALUE) {
            clearFuture(layout, given);
        }
        return given;
    }

    private static boolean[] leading(LatentLayout layout, int count) {
        boolean[] given = new boolean[layout.size()];
        java.util.Arrays.fill(given, 0, count, true);
        return given;
    }

    private static boolean[] withAction(LatentLayout layout) {
        boolean[] given = leading(layout, layout.conditioningFrames());
        given[layout.index(FrameRole.ACTION)] = true;
        return given;
    }

    private static void clearFuture(LatentLayout layout, boolean[] given) {
        for (int t = 0; t < given.length; t++) {
            given[t] &= !layout.roles().get(t).isFuture();
        }
    }

    /**
     * Number of samples.
     *
     * @return B
     */
    public int samples() {
        return given.length;
    }

    /**
     * Whether a frame is given.
     *
     * @param sample in [0, B)
     * @param frame in [0, T)
     * @return true if it is
     */
    public boolean isGiven(int sample, int frame) {
        return given[sample][frame];
    }

    /**
     * The mask as the network reads it.
     *
     * @param height H
     * @param width W
     * @return (B, 1, T, H, W) of ones and zeros, F32
     */
    public Tensor tensor(long height, long width) {
        int frames = given[0].length;
        float[] values = new float[given.length * frames];
        for (int i = 0; i < values.length; i++) {
            values[i] = given[i / frames][i % frames] ? 1 : 0;
        }
        return Tensor.of(values, given.length, 1, frames, 1, 1).expand(given.length, 1, frames, height, width)
                .contiguous();
    }
}
