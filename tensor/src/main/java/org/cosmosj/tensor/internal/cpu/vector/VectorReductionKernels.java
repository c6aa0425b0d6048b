package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Chunks.INLINE_ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.isF32;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarReductionKernels;
import org.cosmosj.tensor.spi.Operand;

/**
 * Reductions in F32 on vectors; other dtypes go to the scalar reference. Sums run in double over fixed chunks that are
 * joined in order, so that neither the length nor the number of threads matters.
 */
final class VectorReductionKernels extends ScalarReductionKernels {
    /** Elements of one work item. */
    private static final int CHUNK = 2 * Chunks.ELEMENTS;

    /** A partial sum over elements [first, first + n) of a flat array. */
    private interface Partial {
        double of(long first, int n);
    }

    @Override
    public void reduce(Reduce how, Operand x, Operand out) {
        if (!isF32(x, out)) {
            super.reduce(how, x, out);
            return;
        }
        if (out.numel() == 0) {
            return;
        }
        if (x.size(2) > 1) {
            new ColumnReduction(how, x, out).run();
        } else if (x.size(1) > CHUNK) {
            longRows(how, x, out);
        } else {
            shortRows(how, x, out);
        }
    }

    private static void shortRows(Reduce how, Operand x, Operand out) {
        long rows = x.size(0);
        if (x.numel() <= INLINE_ELEMENTS) {
            reduceRows(how, x, out, 0, rows);
        } else {
            int perChunk = Chunks.rows(x.size(1));
            Parallel.run(Chunks.count(rows, perChunk),
                    i -> reduceRows(how, x, out, (long) i * perChunk, Math.min(rows, (i + 1L) * perChunk)));
        }
    }

    private static void reduceRows(Reduce how, Operand x, Operand out, long first, long end) {
        int n = (int) x.size(1);
        MemorySegment to = CpuBuffer.segment(out);
        for (long row = first; row < end; row++) {
            Floats.set(to, out.byteOffset(), row, (float) reduceSpan(how, x, row * n, n));
        }
    }

    private static void longRows(Reduce how, Operand x, Operand out) {
        long n = x.size(1);
        for (long row = 0; row < x.size(0); row++) {
            long start = row * n;
            double[] partial = partials(n, (first, count) -> reduceSpan(how, x, start + first, count));
            double total = partial[0];
            for (int i = 1; i < partial.length; i++) {
                total = join(how, total, partial[i]);
            }
            Floats.set(CpuBuffer.segment(out), out.byteOffset(), row, (float) total);
        }
    }

    /** One number per chunk of n &gt; 0 elements, in order. */
    private static double[] partials(long n, Partial body) {
        double[] partial = new double[Chunks.count(n, CHUNK)];
        if (partial.length == 1) {
            partial[0] = body.of(0, (int) n);
        } else {
            Parallel.run(partial.length, i -> {
                long first = (long) i * CHUNK;
                partial[i] = body.of(first, (int) Math.min(CHUNK, n - first));
            });
        }
        return partial;
    }

    private static double join(Reduce how, double a, double b) {
        return switch (how) {
            case SUM, SUM_OF_SQUARES -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    /** At most a chunk of elements. */
    private static double reduceSpan(Reduce how, Operand x, long first, int n) {
        MemorySegment from = CpuBuffer.segment(x);
        long at = x.byteOffset() + 4 * first;
        return switch (how) {
            case SUM -> DoubleSums.sum(from, at, n, Scratch.doubleRoom());
            case SUM_OF_SQUARES -> DoubleSums.squares(from, at, n, Scratch.doubleRoom());
            case MAX -> Rows.max(from, at, n);
            case MIN -> Rows.min(from, at, n);
        };
    }

    @Override
    public void weightedSquaredError(Operand prediction, Operand target, Operand weight, double scale, Operand out) {
        if (!isF32(prediction, target, weight) || !isF32(out)) {
            super.weightedSquaredError(prediction, target, weight, scale, out);
            return;
        }
        double total = 0;
        if (prediction.numel() > 0) {
            double[] partial = partials(prediction.numel(),
                    (first, n) -> weightedErrors(prediction, target, weight, first, n));
            for (double part : partial) {
                total += part;
            }
        }
        Floats.set(CpuBuffer.segment(out), out.byteOffset(), 0, (float) (scale * total));
    }

    private static double weightedErrors(Operand prediction, Operand target, Operand weight, long first, int n) {
        MemorySegment left = CpuBuffer.segment(prediction);
        MemorySegment right = CpuBuffer.segment(target);
        double[] room = Scratch.doubleRoom();
        long size = prediction.size(3);
        double total = 0;
        for (int done = 0; done < n;) {
            long at = first + done;
            int run = (int) Math.min(n - done, size - at % size);
            double sum = DoubleSums.squaredDifferences(left, prediction.byteOffset() + 4 * at, right,
                    target.byteOffset() + 4 * at, run, room);
            total += sum * weightOf(prediction, weight, at / size);
            done += run;
        }
        return total;
    }

    /** The weight (B, T) of row {@code (b C + c) T + t} of (B, C, T, S). */
    private static double weightOf(Operand prediction, Operand weight, long row) {
        long frames = prediction.size(2);
        long sample = row / (prediction.size(1) * frames);
        return Floats.get(CpuBuffer.segment(weight), weight.byteOffset(), sample * frames + row % frames);
    }

    @Override
    public void weightedSquaredErrorBackward(Operand dOut, Operand prediction, Operand target, Operand weight,
            double scale, Operand dPrediction) {
        if (!isF32(prediction, target, weight) || !isF32(dOut, dPrediction)) {
            super.weightedSquaredErrorBackward(dOut, prediction, target, weight, scale, dPrediction);
            return;
        }
        double factor = 2 * scale * Floats.get(CpuBuffer.segment(dOut), dOut.byteOffset(), 0);
        long n = prediction.numel();
        if (n <= INLINE_ELEMENTS) {
            errors(prediction, target, weight, factor, dPrediction, 0, (int) n);
        } else {
            Parallel.run(Chunks.count(n, CHUNK), i -> errors(prediction, target, weight, factor, dPrediction,
                    (long) i * CHUNK, (int) Math.min(CHUNK, n - (long) i * CHUNK)));
        }
    }

    private static void errors(Operand prediction, Operand target, Operand weight, double factor, Operand dPrediction,
            long first, int n) {
        long size = prediction.size(3);
        for (int done = 0; done < n;) {
            long at = first + done;
            int run = (int) Math.min(n - done, size - at % size);
            float rowFactor = (float) (factor * weightOf(prediction, weight, at / size));
            FusedLoops.scaledDifference(rowFactor, CpuBuffer.segment(prediction), prediction.byteOffset() + 4 * at,
                    CpuBuffer.segment(target), target.byteOffset() + 4 * at, CpuBuffer.segment(dPrediction),
                    dPrediction.byteOffset() + 4 * at, run);
            done += run;
        }
    }
}
