package org.cosmosj.testing;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Feeds a reader with thousands of damaged files. Each must be read or be refused with the reader's own exception that
 * names the file and a place in it; nothing else may be thrown, the call must end, and it may take no more heap than
 * twice the file beside {@link #SLACK_BYTES}. All that is allocated counts, not only what is alive at once.
 *
 * <pre>{@code
 * MutationCheck.of("safetensors", folder)
 *         .originals(small, large)
 *         .refusals(CheckpointException.class, "at byte \\d+")
 *         .run(10_000, file -> Safetensors.open(file).close());
 * }</pre>
 *
 * <p>The seed is new in every run and printed; {@code -Dmutation.seed=N} repeats a run. An input that fails is kept in
 * {@code src/test/resources/mutations/FORMAT} of the module under test and tried first in every later run.
 */
public final class MutationCheck {
    /**
     * What any call may take whatever the size of its file: an exception with its stack trace and message, paths, and
     * tables of a format. At most 220 KiB were seen.
     */
    public static final long SLACK_BYTES = 512 << 10;

    private static final long SECONDS_PER_INPUT = 20;
    private static final int MOST_FAILURES = 5;

    private final String format;
    private final Path folder;
    private final List<byte[]> originals = new ArrayList<>();
    private final List<byte[]> tokens = new ArrayList<>();
    private UnaryOperator<byte[]> wrapping = UnaryOperator.identity();
    private Class<? extends Exception> refusal = IOException.class;
    private Pattern place = Pattern.compile("");
    private int bytesPerByte = 2;

    private volatile byte[] current;
    private volatile long started;
    private long tried;
    private long read;
    private long refused;
    private long mostBytes;
    private long mostBeyond;
    private final List<String> failures = new ArrayList<>();

    private MutationCheck(String format, Path folder) {
        this.format = format;
        this.folder = folder;
    }

    /** What is tested. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads a file.
         *
         * @param file what to read; deleted afterwards
         * @throws Exception if the file is refused
         */
        void read(Path file) throws Exception;
    }

    /**
     * Starts a check.
     *
     * @param format name of the format, which is also the extension of the files and the folder of the corpus
     * @param folder where files are written and deleted
     * @return the check
     */
    public static MutationCheck of(String format, Path folder) {
        return new MutationCheck(format, folder);
    }

    /**
     * Adds inputs that the reader accepts.
     *
     * @param inputs at least one in all, small ones make fast checks
     * @return this
     */
    public MutationCheck originals(byte[]... inputs) {
        originals.addAll(Arrays.asList(inputs));
        return this;
    }

    /**
     * Adds pieces that are put into inputs, such as keywords, opcodes and openings of nested values.
     *
     * @param pieces any bytes
     * @return this
     */
    public MutationCheck tokens(byte[]... pieces) {
        tokens.addAll(Arrays.asList(pieces));
        return this;
    }

    /**
     * Sets what is done to damaged bytes before they are written, such as adding a check sum that hides the damage.
     *
     * @param wrapper from damaged bytes to a file
     * @return this
     */
    public MutationCheck wrapping(UnaryOperator<byte[]> wrapper) {
        wrapping = wrapper;
        return this;
    }

    /**
     * Sets how the reader refuses a file.
     *
     * @param type its exception
     * @param pattern regular expression that occurs in each message, such as that of a byte offset
     * @return this
     */
    public MutationCheck refusals(Class<? extends Exception> type, String pattern) {
        refusal = type;
        place = Pattern.compile(pattern);
        return this;
    }

    /**
     * Sets how many bytes of heap each byte of a file may take, for formats whose values are larger than their text.
     *
     * @param factor 2 if this is not called; give the reason beside the call
     * @return this
     */
    public MutationCheck bytesPerByte(int factor) {
        bytesPerByte = factor;
        return this;
    }

    /**
     * Runs the check: the originals, the corpus, then damaged ones. Prints one line with the seed and the counts.
     *
     * @param count damaged inputs
     * @param reader what is tested
     * @throws IOException if files cannot be written
     * @throws AssertionError listing the first failures
     */
    public void run(int count, Reader reader) throws IOException {
        long seed = Long.getLong("mutation.seed", System.nanoTime());
        long start = System.nanoTime();
        List<byte[]> known = corpus();
        Thread worker = Thread.ofPlatform().daemon().name("mutations of " + format)
                .start(() -> readAll(known, count, seed, reader));
        await(worker);
        System.out.printf(Locale.ROOT,
                "mutations of %s: seed %d, %d inputs and %d of the corpus in %.1f s: %d read, %d refused, %d failed;"
                        + " at most %d KiB of heap, %d KiB beyond %d times the file%n",
                format, seed, count, known.size(), (System.nanoTime() - start) / 1e9, read, refused, failures.size(),
                mostBytes >> 10, mostBeyond >> 10, bytesPerByte);
        if (!failures.isEmpty()) {
            throw new AssertionError("mutations of " + format + ", seed " + seed + ": " + failures.size()
                    + " inputs failed\n" + String.join("\n", failures));
        }
    }

    private void readAll(List<byte[]> known, int count, long seed, Reader reader) {
        try {
            for (byte[] original : originals) {
                warmUp(wrapping.apply(original), reader);
            }
            for (byte[] input : known) {
                check(input, reader);
            }
            Mutator mutator = new Mutator(new SplittableRandom(seed), originals, tokens);
            for (int i = 0; i < count && failures.size() < MOST_FAILURES; i++) {
                check(wrapping.apply(mutator.next()), reader);
            }
        } catch (IOException e) {
            failures.add("cannot write an input: " + e);
        }
    }

    /** Must be accepted; the first calls load classes, which is not counted. */
    private void warmUp(byte[] original, Reader reader) throws IOException {
        Path file = Files.write(folder.resolve("original." + format), original);
        try {
            reader.read(file);
        } catch (Throwable e) { // whatever a reader throws
            failures.add("an original is refused: " + e);
        }
        Files.delete(file);
    }

    private void check(byte[] input, Reader reader) throws IOException {
        Path file = Files.write(folder.resolve("mutated-" + tried++ + "." + format), input);
        current = input;
        started = System.nanoTime();
        long bytes = allocated();
        try {
            reader.read(file);
            read++;
        } catch (Throwable e) { // whatever else a reader throws is what this looks for
            judge(e, input, file);
        }
        bytes = allocated() - bytes;
        current = null;
        mostBytes = Math.max(mostBytes, bytes);
        mostBeyond = Math.max(mostBeyond, bytes - (long) bytesPerByte * input.length);
        if (bytes > (long) bytesPerByte * input.length + SLACK_BYTES) {
            fail(input, "took " + bytes + " bytes of heap for " + input.length);
        }
        Files.delete(file);
    }

    private void judge(Throwable thrown, byte[] input, Path file) throws IOException {
        String message = String.valueOf(thrown.getMessage());
        if (!refusal.isInstance(thrown)) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            fail(input, "threw " + trace.toString().lines().limit(12).reduce("", (a, b) -> a + "\n    " + b));
        } else if (!message.contains(file.getFileName().toString())) {
            fail(input, "was refused without naming the file: " + message);
        } else if (!place.matcher(message).find()) {
            fail(input, "was refused without naming the place (" + place + "): " + message);
        } else {
            refused++;
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** A reader that hangs cannot be stopped: its input is kept and the test ends without it. */
    private void await(Thread worker) throws IOException {
        try {
            while (!worker.join(Duration.ofMillis(50))) {
                byte[] input = current;
                if (input != null && System.nanoTime() - started > SECONDS_PER_INPUT * 1_000_000_000L) {
                    StringBuilder stack = new StringBuilder();
                    Arrays.stream(worker.getStackTrace()).limit(12).forEach(f -> stack.append("\n    ").append(f));
                    fail(input, "is still being read after " + SECONDS_PER_INPUT + " s" + stack);
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void fail(byte[] input, String what) throws IOException {
        Path kept = Files.createDirectories(corpusFolder()).resolve(name(input));
        Files.write(kept, input);
        failures.add(kept + " " + what);
    }

    private Path corpusFolder() {
        return Path.of("src", "test", "resources", "mutations", format);
    }

    private List<byte[]> corpus() throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        if (Files.isDirectory(corpusFolder())) {
            try (Stream<Path> files = Files.list(corpusFolder())) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        return inputs;
    }

    private String name(byte[] input) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(input);
            return HexFormat.of().formatHex(digest, 0, 8) + "." + format;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
