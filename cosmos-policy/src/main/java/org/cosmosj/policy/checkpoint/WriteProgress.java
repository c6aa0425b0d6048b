package org.cosmosj.policy.checkpoint;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.TensorValues;

/** Says every few seconds how much of a file is written and how long the rest takes. */
final class WriteProgress implements TensorValues {
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final TensorValues values;
    private final long total;
    private final long started = System.nanoTime();
    private long shown = started;
    private long done;

    WriteProgress(PrintWriter out, Collection<TensorSpec> specs, TensorValues values) {
        this.out = out;
        this.values = values;
        this.total = specs.stream().mapToLong(TensorSpec::byteSize).sum();
    }

    @Override
    public Tensor of(TensorSpec spec) {
        long now = System.nanoTime();
        if (now - shown >= INTERVAL_NANOS && done > 0) {
            shown = now;
            double left = (now - started) / 1e9 * (total - done) / done;
            out.printf(Locale.ROOT, "%3d %% of %s written, %.0f s left%n", 100 * done / total, megabytes(total), left);
            out.flush();
        }
        done += spec.byteSize();
        return values.of(spec);
    }

    String summary() {
        return String.format(Locale.ROOT, "%s in %.1f s", megabytes(total), (System.nanoTime() - started) / 1e9);
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
