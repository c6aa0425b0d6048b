package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Chunks.ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.INLINE_ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.isF32;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.Philox;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarCopyKernels;
import org.cosmosj.tensor.spi.Operand;

/**
 * Copies in blocks and tiles, casts of dense runs, and parallel gathers, fills and random numbers; the rest goes to the
 * scalar reference. All results equal the reference's bit for bit.
 */
final class VectorCopyKernels extends ScalarCopyKernels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
    /** Drawing a normal number costs about 50 additions. */
    private static final int DRAWS = 1024;
    private static final int PANEL = 4096;

    @Override
    public void copy(Operand x, Operand out) {
        if (out.numel() == 0) {
            return;
        }
        if (x.dtype() == out.dtype() && x.dtype() != DType.BOOL) {
            new StridedCopy(x, out).run();
        } else if (CastLoops.knows(x.dtype(), out.dtype())) {
            cast(x, out);
        } else {
            super.copy(x, out);
        }
    }

    private void cast(Operand x, Operand out) {
        CopyAxes axes = new CopyAxes(x.layout(), out.layout());
        if (!axes.dense()) {
            super.copy(x, out);
            return;
        }
        long n = out.numel();
        if (n <= INLINE_ELEMENTS) {
            castRows(x, out, axes, 0, (int) n);
        } else {
            Parallel.run(Chunks.count(n, ELEMENTS),
                    i -> castRows(x, out, axes, (long) i * ELEMENTS, Chunks.length(n, i)));
        }
    }

    private static void castRows(Operand x, Operand out, CopyAxes axes, long first, int n) {
        MemorySegment source = CpuBuffer.segment(x);
        MemorySegment target = CpuBuffer.segment(out);
        int fromBytes = x.dtype().byteSize();
        int toBytes = out.dtype().byteSize();
        long size = axes.sizes[0];
        CopyAxes.Walk walk = axes.walk(0);
        walk.seek(first / size);
        long column = first % size;
        for (int done = 0; done < n;) {
            int run = (int) Math.min(size - column, n - done);
            CastLoops.run(x.dtype(), source, x.byteOffset() + fromBytes * (walk.from() + column), out.dtype(), target,
                    out.byteOffset() + toBytes * (walk.to() + column), run);
            done += run;
            column = 0;
            walk.next();
        }
    }

    @Override
    public void fill(double value, Operand out) {
        if (!isF32(out) || !out.layout().isContiguous()) {
            super.fill(value, out);
            return;
        }
        MemorySegment to = CpuBuffer.segment(out);
        long at = out.byteOffset();
        long n = out.numel();
        float constant = (float) value;
        if (n <= INLINE_ELEMENTS) {
            FusedLoops.fill(constant, to, at, (int) n);
        } else {
            Parallel.run(Chunks.count(n, ELEMENTS),
                    i -> FusedLoops.fill(constant, to, at + 4L * ELEMENTS * i, Chunks.length(n, i)));
        }
    }

    @Override
    public void gather(Operand x, Operand index, Operand out) {
        long rows = x.size(0) * index.numel();
        long width = x.size(2);
        if (rows * width <= INLINE_ELEMENTS) {
            gatherRows(x, index, out, 0, rows);
        } else {
            int perChunk = Chunks.rows(width);
            Parallel.run(Chunks.count(rows, perChunk),
                    i -> gatherRows(x, index, out, (long) i * perChunk, Math.min(rows, (i + 1L) * perChunk)));
        }
    }

    private static void gatherRows(Operand x, Operand index, Operand out, long first, long end) {
        long bytes = x.size(2) * x.dtype().byteSize();
        long count = index.numel();
        for (long row = first; row < end; row++) {
            long from = row / count * x.size(1) + at(index, row % count);
            MemorySegment.copy(CpuBuffer.segment(x), x.byteOffset() + from * bytes, CpuBuffer.segment(out),
                    out.byteOffset() + row * bytes, bytes);
        }
    }

    private static long at(Operand index, long i) {
        return CpuBuffer.segment(index).get(I64, index.byteOffset() + 8 * i);
    }

    @Override
    public void scatterAdd(Operand dOut, Operand index, Operand dX) {
        if (!isF32(dOut, dX)) {
            super.scatterAdd(dOut, index, dX);
            return;
        }
        int panels = Chunks.count(dX.size(2), PANEL);
        int count = Math.toIntExact(dX.size(0) * panels);
        if (dOut.numel() <= INLINE_ELEMENTS) {
            for (int i = 0; i < count; i++) {
                scatterPanel(dOut, index, dX, i / panels, i % panels);
            }
        } else {
            Parallel.run(count, i -> scatterPanel(dOut, index, dX, i / panels, i % panels));
        }
    }

    /** All indices in order for one panel of columns, because two may name the same row. */
    private static void scatterPanel(Operand dOut, Operand index, Operand dX, long a, long panel) {
        long width = dX.size(2);
        long count = index.numel();
        int n = (int) Math.min(PANEL, width - panel * PANEL);
        for (long i = 0; i < count; i++) {
            long from = (a * count + i) * width + panel * PANEL;
            long to = (a * dX.size(1) + at(index, i)) * width + panel * PANEL;
            FusedLoops.axpy(1, CpuBuffer.segment(dOut), dOut.byteOffset() + 4 * from, CpuBuffer.segment(dX),
                    dX.byteOffset() + 4 * to, n);
        }
    }

    @Override
    public void normal(long key, long stream, Operand out) {
        long n = out.numel();
        Parallel.run(Chunks.count(n, DRAWS),
                i -> draw(key, stream, out, (long) i * DRAWS, Math.min(n, (i + 1L) * DRAWS)));
    }

    private static void draw(long key, long stream, Operand out, long first, long end) {
        MemorySegment to = CpuBuffer.segment(out);
        boolean single = out.dtype() == DType.F32;
        int[] words = new int[4];
        for (long i = first; i < end; i++) {
            Philox.block(key, stream, i, words);
            double value = Philox.gaussian((long) words[1] << 32 | words[0] & 0xFFFFFFFFL,
                    (long) words[3] << 32 | words[2] & 0xFFFFFFFFL);
            if (single) {
                to.set(F32, out.byteOffset() + 4 * i, (float) value);
            } else {
                to.set(F64, out.byteOffset() + 8 * i, value);
            }
        }
    }
}
