package org.cosmosj.tensor.internal.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.Philox;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Copies, casts, fills and gathers, element by element. */
public class ScalarCopyKernels implements CopyKernels {
    @Override
    public void copy(Operand x, Operand out) {
        if (x.dtype() == out.dtype() && x.layout().isContiguous() && out.layout().isContiguous()) {
            MemorySegment.copy(CpuBuffer.segment(x), x.byteOffset(), CpuBuffer.segment(out), out.byteOffset(),
                    out.numel() * out.dtype().byteSize());
            return;
        }
        boolean exactLong = x.dtype() == DType.I64 && out.dtype() == DType.I64;
        Elements from = Elements.of(x);
        Elements to = Elements.of(out);
        new Walk(out.layout(), x.layout()) {
            @Override
            void visit(long target, long source) {
                if (exactLong) {
                    long value = from.memory.get(ValueLayout.JAVA_LONG_UNALIGNED, from.start + 8 * source);
                    to.memory.set(ValueLayout.JAVA_LONG_UNALIGNED, to.start + 8 * target, value);
                } else {
                    to.set(target, from.get(source));
                }
            }
        }.run();
    }

    @Override
    public void fill(double value, Operand out) {
        Elements to = Elements.of(out);
        new Walk(out.layout(), out.layout()) {
            @Override
            void visit(long target, long source) {
                to.set(target, value);
            }
        }.run();
    }

    @Override
    public void gather(Operand x, Operand index, Operand out) {
        long width = x.size(2) * x.dtype().byteSize();
        Elements where = Elements.of(index);
        long count = index.numel();
        for (long a = 0; a < x.size(0); a++) {
            for (long i = 0; i < count; i++) {
                long row = a * x.size(1) + (long) where.get(i);
                MemorySegment.copy(CpuBuffer.segment(x), x.byteOffset() + row * width, CpuBuffer.segment(out),
                        out.byteOffset() + (a * count + i) * width, width);
            }
        }
    }

    @Override
    public void scatterAdd(Operand dOut, Operand index, Operand dX) {
        Elements where = Elements.of(index);
        Elements from = Elements.of(dOut);
        Elements to = Elements.of(dX);
        long width = dX.size(2);
        long count = index.numel();
        for (long a = 0; a < dX.size(0); a++) {
            for (long i = 0; i < count; i++) {
                long row = (a * dX.size(1) + (long) where.get(i)) * width;
                for (long b = 0; b < width; b++) {
                    to.add(row + b, from.get((a * count + i) * width + b));
                }
            }
        }
    }

    @Override
    public void normal(long key, long stream, Operand out) {
        Elements to = Elements.of(out);
        long count = out.numel();
        int[] words = new int[4];
        for (long i = 0; i < count; i++) {
            Philox.block(key, stream, i, words);
            long first = (long) words[1] << 32 | words[0] & 0xFFFFFFFFL;
            long second = (long) words[3] << 32 | words[2] & 0xFFFFFFFFL;
            to.set(i, Philox.gaussian(first, second));
        }
    }

    /** Visits all positions of two layouts of one shape in row-major order; positions exclude the layouts' offsets. */
    private abstract static class Walk {
        private final Layout target;
        private final Layout source;
        private final int rank;

        Walk(Layout target, Layout source) {
            this.target = target;
            this.source = source;
            this.rank = target.shape().rank();
        }

        abstract void visit(long target, long source);

        void run() {
            if (target.shape().numel() > 0) {
                walk(0, 0, 0);
            }
        }

        private void walk(int axis, long to, long from) {
            if (axis == rank) {
                visit(to, from);
                return;
            }
            long size = target.shape().size(axis);
            long stepTo = target.stride(axis);
            long stepFrom = source.stride(axis);
            for (long i = 0; i < size; i++) {
                walk(axis + 1, to + i * stepTo, from + i * stepFrom);
            }
        }
    }
}
