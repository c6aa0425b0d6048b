package org.cosmosj.tensor;

/**
 * NumPy's legacy generator {@code numpy.random.RandomState}: MT19937 and the polar method, the same numbers for the
 * same seed. The reference draws its initial noise with it; everything else draws from {@link Rng}. Not thread-safe.
 * Source: spec 03 sections 11 and 12; Matsumoto and Nishimura, "Mersenne Twister" (1998).
 */
public final class NumpyRandom {
    private static final int N = 624;
    private static final int M = 397;
    private static final int MATRIX = 0x9908b0df;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;
    private static final long LARGEST_WORD = 0xFFFFFFFFL;

    private final int[] state = new int[N];
    private int position = N;
    private double stash;
    private boolean stashed;

    private NumpyRandom(int seed) {
        state[0] = seed;
        for (int i = 1; i < N; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /**
     * The generator of a seed, as {@code RandomState(seed)} and {@code torch.manual_seed(seed)} make it.
     *
     * @param seed in [0, 2^32)
     * @return the generator
     * @throws IllegalArgumentException if the seed is out of range
     */
    public static NumpyRandom seeded(long seed) {
        if (seed < 0 || seed > LARGEST_WORD) {
            throw new IllegalArgumentException("numpy random: seed " + seed + " is outside [0, " + LARGEST_WORD
                    + "]; NumPy refuses it as well");
        }
        return new NumpyRandom((int) seed);
    }

    /**
     * The generator's next word.
     *
     * @return 32 random bits
     */
    public int nextBits() {
        if (position == N) {
            twist();
        }
        int y = state[position++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = state[i] & UPPER | state[(i + 1) % N] & LOWER;
            state[i] = state[(i + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : MATRIX);
        }
        position = 0;
    }

    /**
     * {@code random_sample()}: a uniform number in [0, 1) with 53 random bits, from two words.
     *
     * @return the number
     */
    public double nextDouble() {
        long a = nextBits() >>> 5;
        long b = nextBits() >>> 6;
        return (a * 67108864.0 + b) / 9007199254740992.0;
    }

    /**
     * {@code uniform(low, high)}.
     *
     * @param low lower bound
     * @param high upper bound
     * @return a number in [low, high)
     */
    public double nextDouble(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /**
     * {@code randint(bound)} for small bounds; see {@link #nextLong}.
     *
     * @param bound one more than the largest result, >= 1
     * @return a number in [0, bound)
     * @throws IllegalArgumentException if the bound is less than 1
     */
    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    /**
     * {@code randint(bound)}: words, or pairs of words where {@code bound - 1} needs more than 32 bits, masked to the
     * bits of {@code bound - 1}, drawn anew while they are too large; a bound of 1 draws nothing.
     *
     * @param bound one more than the largest result, >= 1
     * @return a number in [0, bound)
     * @throws IllegalArgumentException if the bound is less than 1
     */
    public long nextLong(long bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("numpy random: randint(" + bound + "), expected a bound >= 1");
        }
        if (bound == 1) {
            return 0;
        }
        long mask = -1L >>> Long.numberOfLeadingZeros(bound - 1);
        boolean pairs = bound - 1 > LARGEST_WORD;
        long value;
        do {
            long word = nextBits() & LARGEST_WORD;
            value = (pairs ? word << Integer.SIZE | nextBits() & LARGEST_WORD : word) & mask;
        } while (value >= bound);
        return value;
    }

    /**
     * Index of the next word in the generator's block of 624, as {@code get_state()[2]} gives it.
     *
     * @return in [0, 624]
     */
    public int position() {
        return position;
    }

    /**
     * Whether the second number of a pair of normal numbers waits, as {@code get_state()[3]} says.
     *
     * @return true if the next {@link #nextGaussian} draws nothing
     */
    public boolean hasGaussian() {
        return stashed;
    }

    /**
     * {@code standard_normal()}: the polar method gives two numbers, the second of which waits for the next call.
     *
     * @return a standard normal number
     */
    public double nextGaussian() {
        if (stashed) {
            stashed = false;
            return stash;
        }
        double x1;
        double x2;
        double r2;
        do {
            x1 = 2 * nextDouble() - 1;
            x2 = 2 * nextDouble() - 1;
            r2 = x1 * x1 + x2 * x2;
        } while (r2 >= 1 || r2 == 0);
        double f = Math.sqrt(-2 * RoundedLogarithm.of(r2) / r2);
        stash = f * x1;
        stashed = true;
        return f * x2;
    }

    /**
     * {@code torch.rand(1)} on the CPU: a uniform F32 in [0, 1) with 24 random bits, from one word.
     *
     * @return the number
     */
    public float nextTorchFloat() {
        return (nextBits() & 0xFFFFFF) * 0x1p-24f;
    }

    /**
     * {@code standard_normal(shape).astype(float32)}.
     *
     * @param shape sizes, filled in row-major order
     * @return an F32 tensor of the current scope
     */
    public Tensor standardNormal(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) nextGaussian();
        }
        return Tensor.of(values, shape.toArray());
    }
}
