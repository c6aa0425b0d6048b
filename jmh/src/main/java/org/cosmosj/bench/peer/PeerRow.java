package org.cosmosj.bench.peer;

/**
 * One comparison.
 *
 * @param name unique, a word without spaces
 * @param goal what it counts for
 * @param opponent who does the same work
 * @param spec JSON that tells the peer script what to do; empty where the opponent is this library
 * @param work what is timed here
 * @param rival the same result in another way, timed where the opponent is {@link Opponent#SELF}, else null
 * @param cost arithmetic and bytes of one run
 * @param tolerance largest difference of results relative to the largest result, NaN where there is nothing to compare
 * @param effort how long the row takes
 */
public record PeerRow(String name, Goal goal, Opponent opponent, String spec, Workload.Factory work,
        Workload.Factory rival,
        Cost cost, double tolerance, Effort effort) {
    /** Who does the same work. */
    public enum Opponent {
        /** PyTorch, through the peer script. */
        TORCH,
        /** OpenBLAS, through NumPy in the peer script. */
        OPENBLAS,
        /** PyTorch; this side runs without the Vector API. */
        TORCH_WITHOUT_VECTORS,
        /** This library with one thread. */
        ONE_THREAD,
        /** This library, work of another row. */
        SELF,
        /** Nobody: a number with a limit of its own. */
        NOBODY
    }

    /**
     * What one run takes at least; NaN where it is not counted.
     *
     * @param flops multiplications and additions
     * @param bytes read and written once
     */
    public record Cost(double flops, double bytes) {
        static final Cost UNCOUNTED = new Cost(Double.NaN, Double.NaN);

        static Cost flops(double flops) {
            return new Cost(flops, Double.NaN);
        }

        static Cost bytes(double bytes) {
            return new Cost(Double.NaN, bytes);
        }
    }

    /** How long a row takes. */
    public enum Effort {
        /** Milliseconds, and part of {@code --quick}. */
        QUICK(20),
        /** Up to a second. */
        NORMAL(20),
        /** Seconds each. */
        LONG(20),
        /** Half a minute and more each: fewer pairs. */
        HEAVY(5);

        private final int pairs;

        Effort(int pairs) {
            this.pairs = pairs;
        }

        /** Pairs of windows. */
        int pairs() {
            return pairs;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
