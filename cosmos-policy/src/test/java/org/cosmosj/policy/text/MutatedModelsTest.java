package org.cosmosj.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cosmosj.tensor.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MutatedModelsTest {
    private static final String SEED = "cosmosj.test.mutationSeed";
    private static final String WHAT = "sentencepiece mutant";
    private static final int SMALL_MUTANTS = 10_000;
    private static final int LARGE_MUTANTS = 100;
    /** Room for an exception, a path and tables that every model has. */
    private static final long FIXED_BYTES = 64 << 10;
    private static final List<String> TEXTS =
            List.of("pick up the black bowl", "  caf\u00e9 \ud83e\udd63\u4e0a \ufb01nd\tmicrowave  ", "xxxxxxxxxxxx");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A damaged model is refused by name or cuts texts into pieces it has; it takes no memory beyond its size. */
    @Test
    @Timeout(600)
    void damagedModelsAreRefusedOrHarmless() {
        long seed = Long.getLong(SEED, System.nanoTime());
        System.out.println("mutated sentencepiece models: -D" + SEED + "=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        byte[] small = GoldenModels.bytes(GoldenModels.BYTES);
        byte[] large = GoldenModels.bytes(GoldenModels.T5);
        int refused = 0;
        for (int i = 0; i < SMALL_MUTANTS + LARGE_MUTANTS; i++) {
            byte[] mutant = Mutation.of(i < SMALL_MUTANTS ? small : large, random);
            refused += isRefused(mutant, "mutant " + i + " of seed " + seed) ? 1 : 0;
        }
        System.out.println("mutated sentencepiece models: " + refused + " of " + (SMALL_MUTANTS + LARGE_MUTANTS)
                + " refused");
        assertThat(refused).isGreaterThan(SMALL_MUTANTS / 10).isLessThan(SMALL_MUTANTS);
    }

    private boolean isRefused(byte[] mutant, String name) {
        Opened opened = open(mutant, name);
        if (opened.allocated() > mutant.length + FIXED_BYTES) {
            opened = open(mutant, name); // the first time may have loaded classes
        }
        assertThat(opened.allocated()).as(name).isLessThanOrEqualTo(mutant.length + FIXED_BYTES);
        if (opened.model() == null) {
            return true;
        }
        for (String text : TEXTS) {
            for (int id : opened.model().encode(text)) {
                assertThat(id).as(name).isBetween(0, opened.model().size() - 1);
            }
        }
        return false;
    }

    /** What came of a file, null if it was refused, and the heap bytes that it took besides those of the file. */
    private record Opened(SentencePieceModel model, long allocated) {}

    private Opened open(byte[] mutant, String name) {
        long before = threads.getCurrentThreadAllocatedBytes();
        SentencePieceModel model = null;
        try {
            model = new SentencePieceModel(WHAT, mutant);
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).as(name).startsWith(WHAT + ": ");
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail(name, e);
        }
        return new Opened(model, threads.getCurrentThreadAllocatedBytes() - before);
    }

    /** Ways to damage a file. */
    private enum Mutation {
        FLIP_A_BIT, RANDOM_BYTE, EXTREME_INTEGER, LONG_VARINT, CUT_OFF, LEAVE_OUT, REPEAT, INSERT;

        private static final int[] EXTREMES = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7F800000, 0x7FC00000};

        static byte[] of(byte[] file, SplittableRandom random) {
            byte[] mutant = file.clone();
            int times = 1 + random.nextInt(3);
            for (int i = 0; i < times && mutant.length > 0; i++) {
                // Most of a file is text or map: half of the damage goes where a message begins or ends.
                int at = random.nextBoolean()
                        ? random.nextInt(mutant.length)
                        : (mutant.length - random.nextInt(Math.min(mutant.length, 400))) % mutant.length;
                mutant = values()[random.nextInt(values().length)].apply(mutant, at, random);
            }
            return mutant;
        }

        private byte[] apply(byte[] file, int at, SplittableRandom random) {
            int count = Math.min(file.length - at, 1 + random.nextInt(40));
            switch (this) {
                case FLIP_A_BIT -> file[at] ^= (byte) (1 << random.nextInt(8));
                case RANDOM_BYTE -> file[at] = (byte) random.nextInt();
                case EXTREME_INTEGER -> {
                    int value = EXTREMES[random.nextInt(EXTREMES.length)];
                    for (int i = 0; i < Math.min(4, file.length - at); i++) {
                        file[at + i] = (byte) (value >>> 8 * i);
                    }
                }
                case LONG_VARINT -> Arrays.fill(file, at, at + Math.min(count, 9), (byte) -1);
                case CUT_OFF -> {
                    return Arrays.copyOf(file, at);
                }
                case LEAVE_OUT -> {
                    return spliced(file, at, at + count, new byte[0]);
                }
                case REPEAT -> {
                    return spliced(file, at, at, Arrays.copyOfRange(file, at, at + count));
                }
                case INSERT -> {
                    byte[] noise = new byte[count];
                    random.nextBytes(noise);
                    return spliced(file, at, at, noise);
                }
            }
            return file;
        }

        private static byte[] spliced(byte[] file, int from, int to, byte[] middle) {
            byte[] out = Arrays.copyOf(file, file.length - (to - from) + middle.length);
            System.arraycopy(middle, 0, out, from, middle.length);
            System.arraycopy(file, to, out, from + middle.length, file.length - to);
            return out;
        }
    }
}
