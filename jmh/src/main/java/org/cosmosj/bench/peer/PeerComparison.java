package org.cosmosj.bench.peer;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;

/**
 * The command's comparison with PyTorch.
 *
 * @param python command that starts a Python with PyTorch
 * @param timeoutSeconds how long the other side may take for one answer
 * @param threads numbers of threads to run with, one after the other
 * @param pace how long to measure
 * @param pairs pairs of windows per row; empty for those of its {@link PeerRow.Effort}
 */
public record PeerComparison(String python, long timeoutSeconds, List<Integer> threads, Pace pace, OptionalInt pairs) {
    /** How long to measure. */
    public enum Pace {
        /** For a published number. */
        FULL(Duel.Pace.FULL),
        /** To see where one stands. */
        QUICK(Duel.Pace.QUICK);

        private final Duel.Pace times;

        Pace(Duel.Pace times) {
            this.times = times;
        }
    }

    /**
     * Runs the rows and prints results as they come, then the verdict on every goal that has rows.
     *
     * @param rows which
     * @param out receives the lines
     * @return all results
     * @throws PeerException if a side is missing, ends or is stuck
     */
    public Run run(List<PeerRow> rows, PrintWriter out) {
        List<RowResult> results = new ArrayList<>();
        Path folder = folder();
        try (Sides sides = new Sides(python, folder, timeoutSeconds)) {
            out.println(sides.versions());
            out.println(Backends.of(Device.cpu()).description());
            out.println(PeerReport.HEADING);
            for (int count : threads) {
                Duel duel = new Duel(sides, folder, pace.times, pairs);
                String[] peaks = sides.ours(PeerRow.Opponent.TORCH, count).ask("peak");
                out.printf(Locale.ROOT, "%d thread(s): %.1f GFLOP/s of multiply-adds, %.1f GB/s of copies%n", count,
                        Double.parseDouble(peaks[0]), Double.parseDouble(peaks[1]));
                for (PeerRow row : rows) {
                    if (isForThreads(row, count)) {
                        RowResult result = duel.run(row, count);
                        results.add(result);
                        out.println(PeerReport.line(result));
                        out.flush();
                    }
                }
            }
            return new Run(sides.versions(), results);
        } finally {
            delete(folder);
        }
    }

    /** Some rows make sense with some numbers of threads only. */
    private boolean isForThreads(PeerRow row, int count) {
        return switch (row.goal()) {
            case SCALING -> count > 1;
            case DIT_TINY, MEMORY, MEMORY_CHECKPOINTED, START_UP, FIRST_STEP -> count == threads.getFirst();
            default -> true;
        };
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("cosmosj-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
