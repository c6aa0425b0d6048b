package org.cosmosj.tensor.internal;

/**
 * Philox 4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), figure 2: ten rounds of
 * multiply-and-xor turn a 128-bit counter into 128 random bits under a 64-bit key.
 */
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    private Philox() {}

    /**
     * One block.
     *
     * @param key the seed
     * @param high upper 64 bits of the counter, the stream
     * @param low lower 64 bits, the position
     * @param out four 32-bit words
     */
    public static void block(long key, long high, long low, int[] out) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = MULTIPLIER_0 * (c0 & LOW);
            long p1 = MULTIPLIER_1 * (c2 & LOW);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /**
     * 64 bits of a block.
     *
     * @param key the seed
     * @param stream which stream
     * @param position which block
     * @return its first two words
     */
    public static long bits(long key, long stream, long position) {
        int[] words = new int[4];
        block(key, stream, position, words);
        return (long) words[1] << 32 | words[0] & LOW;
    }

    /**
     * Derives a stream number; the last two words of a block, so that it never repeats drawn bits.
     *
     * @param key the seed
     * @param stream the parent
     * @param id which child
     * @return the child's stream
     */
    public static long mix(long key, long stream, long id) {
        int[] words = new int[4];
        block(~key, stream, id, words);
        return (long) words[3] << 32 | words[2] & LOW;
    }

    /**
     * Derives the stream of one draw; the first two words of the same block, so that no child collides with a draw.
     *
     * @param key the seed
     * @param stream the parent
     * @param draw how many draws came before
     * @return the stream of a whole tensor
     */
    public static long fork(long key, long stream, long draw) {
        return bits(~key, stream, draw);
    }

    /**
     * Box-Muller: {@code sqrt(-2 ln u1) cos(2 pi u2)} with u1 in (0, 1].
     *
     * @param bits1 random bits of u1
     * @param bits2 random bits of u2
     * @return a standard normal number, the same on every platform
     */
    public static double gaussian(long bits1, long bits2) {
        double u1 = ((bits1 >>> 11) + 1) * 0x1p-53;
        double u2 = (bits2 >>> 11) * 0x1p-53;
        return StrictMath.sqrt(-2 * StrictMath.log(u1)) * StrictMath.cos(2 * Math.PI * u2);
    }
}
