package org.cosmosj.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;

/** Times a row: both sides do it once and are compared, then windows of both alternate. */
final class Duel {
    private final Sides sides;
    private final Path folder;
    private final Pace pace;
    private final OptionalInt pairs;

    /**
     * How long to measure.
     *
     * @param warmUp seconds before anything counts, each side
     * @param window seconds of a window, at least one run
     */
    record Pace(double warmUp, double window) {
        /** For a published number. */
        static final Pace FULL = new Pace(1.5, 0.1);
        /** To see where one stands. */
        static final Pace QUICK = new Pace(0.5, 0.015);
    }

    Duel(Sides sides, Path folder, Pace pace, OptionalInt pairs) {
        this.sides = sides;
        this.folder = folder;
        this.pace = pace;
        this.pairs = pairs;
    }

    /** Never throws for a row that fails; only when a side is gone. */
    RowResult run(PeerRow row, int threads) {
        try {
            return row.opponent() == PeerRow.Opponent.NOBODY ? number(row, threads) : ratio(row, threads);
        } catch (RowException e) {
            return RowResult.failed(row, threads, e.getMessage());
        } finally {
            delete("inputs", "ours", "theirs");
        }
    }

    private RowResult number(PeerRow row, int threads) {
        double value = switch (row.goal()) {
            case START_UP -> StartUp.help();
            case FIRST_STEP -> StartUp.firstStep();
            default -> {
                SideProcess ours = sides.ours(row.opponent(), threads);
                ours.ask("prepare", row.name(), Worker.WORK, Worker.NONE, Worker.NONE, threads);
                yield Long.parseLong(ours.ask("memory")[0]) * 1e-9;
            }
        };
        return RowResult.number(row, threads, value);
    }

    private RowResult ratio(PeerRow row, int threads) {
        SideProcess ours = sides.ours(row.opponent(), threads);
        SideProcess theirs = sides.theirs(row.opponent(), threads);
        boolean toCompare = !Double.isNaN(row.tolerance());
        ours.ask("prepare", row.name(), Worker.WORK, row.spec().isEmpty() ? Worker.NONE : file("inputs"),
                toCompare ? file("ours") : Worker.NONE, threads);
        String spec = row.spec().isEmpty() ? row.rival() == null ? Worker.WORK : Worker.RIVAL : row.spec();
        theirs.ask("prepare", row.name(), spec, row.spec().isEmpty() ? Worker.NONE : file("inputs"),
                toCompare ? file("theirs") : Worker.NONE, threads);
        double difference = toCompare ? difference(row) : Double.NaN;
        boolean heavy = row.effort() == PeerRow.Effort.HEAVY;
        double warmUp = heavy ? 0 : pace.warmUp();
        Window.of(ours, warmUp, 1);
        Window.of(theirs, warmUp / 4, 1);
        String[] peaks = sides.ours(PeerRow.Opponent.TORCH, threads).ask("peak");
        Window[] here = new Window[pairs.orElse(row.effort().pairs())];
        Window[] there = new Window[here.length];
        for (int i = 0; i < here.length; i++) {
            here[i] = Window.of(ours, pace.window(), 1);
            there[i] = Window.of(theirs, pace.window(), 1);
        }
        double best = Window.shortest(here);
        double rival = Window.shortest(there);
        return new RowResult(row.name(), threads, here.length, best, Window.median(here), rival, Window.median(there),
                best / rival, Double.parseDouble(peaks[0]), Double.parseDouble(peaks[1]), difference, "");
    }

    /** Times of the runs that fitted into a stretch of time. */
    private record Window(double shortest, double median) {
        static Window of(SideProcess side, double seconds, int atLeast) {
            String[] answer = side.ask("time", seconds, atLeast);
            return new Window(Double.parseDouble(answer[0]), Double.parseDouble(answer[1]));
        }

        static double shortest(Window[] windows) {
            return Arrays.stream(windows).mapToDouble(Window::shortest).min().orElse(Double.NaN);
        }

        static double median(Window[] windows) {
            double[] medians = Arrays.stream(windows).mapToDouble(Window::median).sorted().toArray();
            return medians[medians.length / 2];
        }
    }

    /** Largest difference of any result relative to the largest number of the same result. */
    private double difference(PeerRow row) {
        double worst = 0;
        try (Scope _ = Scope.open(Device.cpu(), row.name());
                Safetensors ours = Safetensors.open(Path.of(file("ours")));
                Safetensors theirs = Safetensors.open(Path.of(file("theirs")))) {
            for (String name : ours.keys()) {
                if (!theirs.contains(name) || !theirs.shape(name).equals(ours.shape(name))) {
                    throw new RowException(name + " is " + ours.shape(name) + " here and "
                            + (theirs.contains(name) ? theirs.shape(name) : "missing") + " there");
                }
                worst = Math.max(worst, difference(ours.tensor(name).to(DType.F32).toFloatArray(),
                        theirs.tensor(name).to(DType.F32).toFloatArray()));
            }
        } catch (CheckpointException e) {
            throw new RowException("results cannot be read: " + e.getMessage());
        }
        if (!(worst <= row.tolerance())) {
            throw new RowException(String.format(java.util.Locale.ROOT,
                    "results differ by %.2g of the largest, at most %.2g is allowed", worst, row.tolerance()));
        }
        return worst;
    }

    /** NaN if anything is NaN. */
    static double difference(float[] a, float[] b) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(b[i]));
            difference = Math.max(difference, Math.abs((double) a[i] - b[i]));
        }
        return difference == 0 ? 0 : difference / largest;
    }

    private String file(String name) {
        return folder.resolve(name + ".safetensors").toString();
    }

    private void delete(String... names) {
        try {
            for (String name : names) {
                Files.deleteIfExists(Path.of(file(name)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
