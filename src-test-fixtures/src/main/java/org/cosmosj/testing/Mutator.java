package org.cosmosj.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages bytes: flips bits, cuts, repeats, splices, and lies about sizes in binary and in decimal. */
final class Mutator {
    private static final int MOST_STEPS = 4;
    private static final int LONGEST_REPEAT = 20_000;
    private static final long[] LIES = {0, 1, 2, 7, 127, 128, 255, 256, 32767, 65535, 65536, Integer.MAX_VALUE,
        0x8000_0000L, 0xFFFF_FFFFL, 1L << 32, 1L << 40, Long.MAX_VALUE / 8, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2};

    private final RandomGenerator random;
    private final List<byte[]> originals;
    private final List<byte[]> tokens;

    Mutator(RandomGenerator random, List<byte[]> originals, List<byte[]> tokens) {
        this.random = random;
        this.originals = originals;
        this.tokens = tokens;
    }

    byte[] next() {
        byte[] bytes = originals.get(random.nextInt(originals.size())).clone();
        int steps = 1 + random.nextInt(MOST_STEPS);
        for (int i = 0; i < steps; i++) {
            bytes = step(bytes);
        }
        return bytes;
    }

    private byte[] step(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(tokens.isEmpty() ? 9 : 10)) {
            case 0, 1 -> flipped(bytes);
            case 2 -> replaced(bytes, at, at + 1, new byte[] {(byte) random.nextInt()});
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> replaced(bytes, at, at + random.nextInt(Math.min(bytes.length - at, 64)) + 1, new byte[0]);
            case 5 -> spliced(bytes, at);
            case 6 -> repeated(bytes, at);
            case 7 -> lied(bytes, at);
            case 8 -> liedInDecimal(bytes, at);
            default ->
                replaced(bytes, at, random.nextBoolean() ? at : at + 1, tokens.get(random.nextInt(tokens.size())));
        };
    }

    private byte[] flipped(byte[] bytes) {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] spliced(byte[] bytes, int at) {
        byte[] other = originals.get(random.nextInt(originals.size()));
        int from = random.nextInt(other.length + 1);
        return replaced(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
    }

    /** Mostly a few times, sometimes deep enough for any stack. */
    private byte[] repeated(byte[] bytes, int at) {
        int length = 1 + random.nextInt(Math.min(8, bytes.length - at));
        int most = random.nextInt(8) == 0 ? LONGEST_REPEAT : 16;
        byte[] copies = new byte[length * (1 + random.nextInt(most))];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = bytes[at + i % length];
        }
        return replaced(bytes, at, at, copies);
    }

    private byte[] lied(byte[] bytes, int at) {
        int size = 1 << random.nextInt(4);
        ByteOrder order = random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer lie = ByteBuffer.allocate(Long.BYTES).order(order).putLong(lie(bytes.length));
        int start = order == ByteOrder.BIG_ENDIAN ? Long.BYTES - size : 0;
        int end = Math.min(bytes.length, at + size);
        System.arraycopy(lie.array(), start, bytes, at, end - at);
        return bytes;
    }

    private long lie(int length) {
        return random.nextInt(4) == 0 ? length + random.nextInt(-2, 3) : LIES[random.nextInt(LIES.length)];
    }

    private byte[] liedInDecimal(byte[] bytes, int at) {
        int start = at;
        while (start < bytes.length && !isDigit(bytes[start])) {
            start++;
        }
        int end = start;
        while (end < bytes.length && isDigit(bytes[end])) {
            end++;
        }
        return replaced(bytes, start, end, Long.toString(lie(bytes.length)).getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
        byte[] result = Arrays.copyOf(bytes, from + by.length + bytes.length - to);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
        return result;
    }
}
