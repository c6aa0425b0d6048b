package org.cosmosj.policy;

import java.util.stream.IntStream;

/**
 * How much of an observation's pixel sequence is encoded. The tokenizer is causal, so the frames that are encoded equal
 * those of the whole sequence bit for bit; those that are not are zero. Source: spec 02 section 12.
 */
public enum EncodedFrames {
    /** The frames that an action query is given: 13 of LIBERO's 33 pixel frames. */
    PRESENT,
    /** Also what is put back before predicted pictures are decoded: 21 of LIBERO's 33 pixel frames. */
    PICTURES,
    /** Every frame. */
    ALL;

    /**
     * Number of leading latent frames that are encoded.
     *
     * @param layout what each frame holds
     * @return in [1, T]
     */
    public int of(LatentLayout layout) {
        return switch (this) {
            case PRESENT -> layout.conditioningFrames();
            case PICTURES -> Math.max(layout.conditioningFrames(), 1 + lastRestored(layout));
            case ALL -> layout.size();
        };
    }

    /** The last frame without picture that stands before a predicted picture. */
    private static int lastRestored(LatentLayout layout) {
        return IntStream.of(restored(layout)).max().orElse(0);
    }

    /** Frames without picture that stand before a predicted picture and so would leak into its decoding. */
    static int[] restored(LatentLayout layout) {
        return IntStream.range(0, pictured(layout)).filter(t -> layout.roles().get(t).camera().isEmpty()).toArray();
    }

    /** Number of leading frames up to the last predicted picture. */
    static int pictured(LatentLayout layout) {
        return 1 + layout.roles().stream().filter(role -> role.isFuture() && role.camera().isPresent())
                .mapToInt(layout::index).max().orElse(0);
    }
}
