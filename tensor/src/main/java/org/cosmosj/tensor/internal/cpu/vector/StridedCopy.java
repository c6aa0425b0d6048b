package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;

/**
 * Copies between two layouts of one dtype without looking at values: dense runs as blocks of memory, transposed pairs
 * of axes in tiles, everything else element by element along the destination.
 */
final class StridedCopy {
    /** Shorter runs are quicker element by element than by a call of a block copy. */
    private static final int SHORTEST_BLOCK = 16;
    private static final int TILE = 64;
    /** Rows that a tile reads side by side: one line each of the first-level cache, even if all fall into one set. */
    private static final int LINES = 8;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final MemorySegment source;
    private final MemorySegment target;
    private final long fromBase;
    private final long toBase;
    private final int bytes;
    private final CopyAxes axes;

    StridedCopy(Operand x, Operand out) {
        source = CpuBuffer.segment(x);
        target = CpuBuffer.segment(out);
        fromBase = x.byteOffset();
        toBase = out.byteOffset();
        bytes = x.dtype().byteSize();
        axes = new CopyAxes(x.layout(), out.layout());
    }

    void run() {
        int transposed = axes.transposed();
        if (axes.dense() || transposed < 0) {
            runRows();
        } else {
            runTiles(transposed);
        }
    }

    private void runRows() {
        long elements = axes.walkLength(0) * axes.sizes[0];
        if (elements <= Chunks.INLINE_ELEMENTS) {
            rows(0, (int) elements);
        } else {
            Parallel.run(Chunks.count(elements, Chunks.ELEMENTS),
                    i -> rows((long) i * Chunks.ELEMENTS, Chunks.length(elements, i)));
        }
    }

    /** Elements [first, first + n), counted along the destination. */
    private void rows(long first, int n) {
        long size = axes.sizes[0];
        CopyAxes.Walk walk = axes.walk(0);
        walk.seek(first / size);
        long column = first % size;
        for (int done = 0; done < n;) {
            int run = (int) Math.min(size - column, n - done);
            long from = fromBase + bytes * (walk.from() + column * axes.fromSteps[0]);
            long to = toBase + bytes * (walk.to() + column * axes.toSteps[0]);
            if (axes.dense() && run >= SHORTEST_BLOCK) {
                MemorySegment.copy(source, from, target, to, (long) run * bytes);
            } else {
                elements(from, bytes * axes.fromSteps[0], to, bytes * axes.toSteps[0], run);
            }
            done += run;
            column = 0;
            walk.next();
        }
    }

    /** n elements, each {@code fromStep} and {@code toStep} bytes after the last. */
    private void elements(long from, long fromStep, long to, long toStep, int n) {
        switch (bytes) {
            case 1 -> {
                for (int i = 0; i < n; i++) {
                    target.set(BYTE, to + i * toStep, source.get(BYTE, from + i * fromStep));
                }
            }
            case 2 -> {
                for (int i = 0; i < n; i++) {
                    target.set(SHORT, to + i * toStep, source.get(SHORT, from + i * fromStep));
                }
            }
            case 4 -> {
                for (int i = 0; i < n; i++) {
                    target.set(INT, to + i * toStep, source.get(INT, from + i * fromStep));
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    target.set(LONG, to + i * toStep, source.get(LONG, from + i * fromStep));
                }
            }
        }
    }

    /** The innermost axis and another change places: each work item is a strip of TILE rows of the other axis. */
    private void runTiles(int other) {
        int strips = Chunks.count(axes.sizes[other], TILE);
        long planes = axes.walkLength(other);
        int count = Math.toIntExact(planes * strips);
        if (planes * axes.sizes[0] * axes.sizes[other] <= Chunks.INLINE_ELEMENTS) {
            for (int i = 0; i < count; i++) {
                strip(other, strips, i);
            }
        } else {
            Parallel.run(count, i -> strip(other, strips, i));
        }
    }

    private void strip(int other, int strips, int i) {
        CopyAxes.Walk walk = axes.walk(other);
        walk.seek(i / strips);
        long first = (long) (i % strips) * TILE;
        int rows = (int) Math.min(TILE, axes.sizes[other] - first);
        long lineStep = bytes * axes.fromSteps[0];
        long rowStep = bytes * axes.toSteps[other];
        long from = fromBase + bytes * (walk.from() + first);
        long to = toBase + bytes * walk.to() + first * rowStep;
        long column = 0;
        if (bytes == 4) {
            for (; column + LINES <= axes.sizes[0]; column += LINES) {
                eightColumns(from + column * lineStep, lineStep, to + column * 4, rowStep, rows);
            }
        }
        for (; column < axes.sizes[0]; column += LINES) {
            int columns = (int) Math.min(LINES, axes.sizes[0] - column);
            for (int row = 0; row < rows; row++) {
                elements(from + column * lineStep + (long) row * bytes, lineStep,
                        to + column * bytes + row * rowStep, bytes, columns);
            }
        }
    }

    /** Reads eight dense lines side by side, writes eight neighbours of each row. */
    private void eightColumns(long from, long lineStep, long to, long rowStep, int rows) {
        for (int row = 0; row < rows; row++) {
            long at = from + 4L * row;
            int a = source.get(INT, at);
            int b = source.get(INT, at + lineStep);
            int c = source.get(INT, at + 2 * lineStep);
            int d = source.get(INT, at + 3 * lineStep);
            int e = source.get(INT, at + 4 * lineStep);
            int f = source.get(INT, at + 5 * lineStep);
            int g = source.get(INT, at + 6 * lineStep);
            int h = source.get(INT, at + 7 * lineStep);
            long place = to + row * rowStep;
            target.set(INT, place, a);
            target.set(INT, place + 4, b);
            target.set(INT, place + 8, c);
            target.set(INT, place + 12, d);
            target.set(INT, place + 16, e);
            target.set(INT, place + 20, f);
            target.set(INT, place + 24, g);
            target.set(INT, place + 28, h);
        }
    }
}
