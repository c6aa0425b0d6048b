package org.cosmosj.tensor;

import org.cosmosj.tensor.internal.Philox;

/**
 * Counter-based random numbers (Philox 4x32-10). A stream is keyed by a path such as (seed, step, sample): what a
 * stream yields depends on its key and on how often it was drawn, never on threads or other streams. Not thread-safe:
 * give each thread its own stream.
 */
public final class Rng {
    private final long key;
    private final long stream;
    private long draws;

    private Rng(long key, long stream) {
        this.key = key;
        this.stream = stream;
    }

    /**
     * The root stream of a seed.
     *
     * @param seed any number
     * @return the stream
     */
    public static Rng seeded(long seed) {
        return new Rng(seed, 0);
    }

    /**
     * An independent stream under this one; does not advance this one.
     *
     * @param path identifies it, for example (step, sample); at least one number
     * @return the stream
     * @throws IllegalArgumentException if the path is empty
     */
    public Rng stream(long... path) {
        if (path.length == 0) {
            throw new IllegalArgumentException("stream: an empty path names no stream of its own; give for example"
                    + " (step, sample)");
        }
        long derived = stream;
        for (long id : path) {
            derived = Philox.mix(key, derived, id);
        }
        return new Rng(key, derived);
    }

    /** Seed for kernels. */
    long key() {
        return key;
    }

    /** A stream of its own for a whole tensor, one draw of this stream. */
    long nextStream() {
        return Philox.fork(key, stream, draws++);
    }

    /**
     * 64 random bits.
     *
     * @return the bits
     */
    public long nextLong() {
        return Philox.bits(key, stream, draws++);
    }

    /**
     * A uniform number in [0, 1) with 53 random bits.
     *
     * @return the number
     */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /**
     * A uniform number in [low, high).
     *
     * @param low lower bound
     * @param high upper bound
     * @return the number
     */
    public double nextDouble(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /**
     * A uniform integer in [0, bound), without modulo bias.
     *
     * @param bound above 0
     * @return the integer
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("nextInt: bound " + bound + " must be above 0");
        }
        long limit = (1L << 62) / bound * bound;
        long bits;
        do {
            bits = nextLong() >>> 2;
        } while (bits >= limit);
        return (int) (bits % bound);
    }

    /**
     * A standard normal number (Box-Muller in double precision).
     *
     * @return the number
     */
    public double nextGaussian() {
        return Philox.gaussian(nextLong(), nextLong());
    }
}
