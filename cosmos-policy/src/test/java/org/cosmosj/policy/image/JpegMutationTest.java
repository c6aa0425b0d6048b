package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Damaged files never do anything but decode or be refused; the seed is another one in every run. */
class JpegMutationTest {
    private static final int MUTATIONS = 12_000;
    /**
     * A progressive grey file may hold 512 pixels in a byte: three values each, and once more in the decoder's raster.
     */
    private static final long BYTES_PER_BYTE = 512 * (3 + 1);
    /** What the JDK's reader takes by itself: up to 65535 rows cost it some small objects each. */
    private static final long CONSTANT_BYTES = 16 << 20;
    private static final Duration ALL = Duration.ofSeconds(120);
    private static final List<byte[]> FILES = List.of(GoldenPictures.jpeg("420"),
            GoldenPictures.jpeg("444_progressive"), GoldenPictures.jpeg("422_restart"), GoldenPictures.jpeg("grey"));
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void mutatedFilesDecodeOrAreRefused() {
        long seed = System.nanoTime();
        System.out.println("JPEG mutations: seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int[] decoded = {0};

        assertTimeoutPreemptively(ALL, () -> {
            for (int i = 0; i < MUTATIONS; i++) {
                decoded[0] += decode(mutated(random), "seed " + seed + ", mutation " + i) ? 1 : 0;
            }
        });

        System.out.println("JPEG mutations: " + MUTATIONS + ", of which " + decoded[0] + " still decode");
        assertThat(decoded[0]).isBetween(1, MUTATIONS - 1);
    }

    private static boolean decode(byte[] bytes, String name) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean decoded = false;
        try {
            RgbImage image = JpegCodec.decode(bytes, name);
            decoded = image.rgb().length == image.height() * image.width() * RgbImage.CHANNELS;
        } catch (ImageFormatException e) {
            assertThat(e.getMessage()).startsWith(name + ": ").containsPattern("(at|behind) byte \\d+: .");
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name + " throws on " + HexFormat.of().formatHex(bytes), e);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as("%s: bytes allocated", name)
                .isLessThan(CONSTANT_BYTES + BYTES_PER_BYTE * bytes.length);
        return decoded;
    }

    private static byte[] mutated(RandomGenerator random) {
        byte[] bytes = FILES.get(random.nextInt(FILES.size())).clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            bytes = switch (random.nextInt(8)) {
                case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                case 1 -> withNumber(bytes, 2 + random.nextInt(Math.max(1, headerOf(bytes))), random.nextInt(1 << 16));
                case 2 -> withFrameSize(bytes, random.nextInt(1 << 16), random.nextInt(1 << 16));
                case 3 -> spliced(bytes, random);
                case 4 -> withNumber(bytes, random.nextInt(bytes.length + 1), 0xFF00 | random.nextInt(256));
                default -> flipped(bytes, random);
            };
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, RandomGenerator random) {
        for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** A lying length, size or table, or a marker where none belongs. */
    private static byte[] withNumber(byte[] bytes, int at, int number) {
        if (at + 1 < bytes.length) {
            bytes[at] = (byte) (number >> 8);
            bytes[at + 1] = (byte) number;
        }
        return bytes;
    }

    private static byte[] withFrameSize(byte[] bytes, int height, int width) {
        for (int i = 2; i + 8 < bytes.length; i++) {
            if ((bytes[i] & 0xFF) == 0xFF && ((bytes[i + 1] & 0xFF) == 0xC0 || (bytes[i + 1] & 0xFF) == 0xC2)) {
                return withNumber(withNumber(bytes, i + 5, height), i + 7, width);
            }
        }
        return bytes;
    }

    /** A part of another file in the middle of this one. */
    private static byte[] spliced(byte[] bytes, RandomGenerator random) {
        byte[] other = FILES.get(random.nextInt(FILES.size()));
        int at = random.nextInt(bytes.length + 1);
        int from = random.nextInt(other.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(other, from, random.nextInt(other.length - from));
        int rest = at + random.nextInt(bytes.length - at + 1);
        out.write(bytes, rest, bytes.length - rest);
        return out.toByteArray();
    }

    /** Bytes before the first scan. */
    private static int headerOf(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if ((bytes[i] & 0xFF) == 0xFF && (bytes[i + 1] & 0xFF) == 0xDA) {
                return i;
            }
        }
        return bytes.length;
    }
}
