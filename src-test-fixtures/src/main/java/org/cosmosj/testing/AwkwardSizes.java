package org.cosmosj.testing;

/** Sizes that kernels get wrong: below, between and above vector widths, tiles and blocks, and never round. */
public final class AwkwardSizes {
    private static final long[] AXES = {1, 7, 13, 64, 207, 702};
    private static final long[] SMALL = {1, 3, 8, 17};

    private AwkwardSizes() {}

    /**
     * Sizes of the axis that a kernel vectorises or reduces.
     *
     * @return 1, 7, 13, 64, 207, 702
     */
    public static long[] axes() {
        return AXES.clone();
    }

    /**
     * Sizes for the other axes, where every pair or triple of them is tried.
     *
     * @return 1, 3, 8, 17
     */
    public static long[] small() {
        return SMALL.clone();
    }
}
