package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Chunks.ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.INLINE_ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.isF32;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarElementwiseKernels;
import org.cosmosj.tensor.spi.Operand;

/** Elementwise arithmetic in F32 on vectors; other dtypes go to the scalar reference. */
final class VectorElementwiseKernels extends ScalarElementwiseKernels {
    @Override
    public void unary(Unary f, Operand x, Operand out) {
        if (!isF32(x, out)) {
            super.unary(f, x, out);
            return;
        }
        MemorySegment from = CpuBuffer.segment(x);
        MemorySegment to = CpuBuffer.segment(out);
        long atX = x.byteOffset();
        long atY = out.byteOffset();
        long n = out.numel();
        if (n <= INLINE_ELEMENTS) {
            UnaryLoops.run(f, from, atX, to, atY, (int) n);
            return;
        }
        Parallel.run(Chunks.count(n, ELEMENTS), i -> {
            long skip = 4L * ELEMENTS * i;
            UnaryLoops.run(f, from, atX + skip, to, atY + skip, Chunks.length(n, i));
        });
    }

    @Override
    public void unaryBackward(Unary f, Operand x, Operand dY, Operand dX) {
        if (!isF32(x, dY, dX)) {
            super.unaryBackward(f, x, dY, dX);
            return;
        }
        MemorySegment from = CpuBuffer.segment(x);
        MemorySegment gradient = CpuBuffer.segment(dY);
        MemorySegment to = CpuBuffer.segment(dX);
        long atX = x.byteOffset();
        long atG = dY.byteOffset();
        long atD = dX.byteOffset();
        long n = dX.numel();
        if (n <= INLINE_ELEMENTS) {
            UnaryBackwardLoops.run(f, from, atX, gradient, atG, to, atD, (int) n);
            return;
        }
        Parallel.run(Chunks.count(n, ELEMENTS), i -> {
            long skip = 4L * ELEMENTS * i;
            UnaryBackwardLoops.run(f, from, atX + skip, gradient, atG + skip, to, atD + skip, Chunks.length(n, i));
        });
    }

    @Override
    public void binary(Binary f, Operand a, Operand b, Operand out) {
        if (!isF32(a, b, out)) {
            super.binary(f, a, b, out);
            return;
        }
        long n = out.numel();
        if (n <= INLINE_ELEMENTS && a.layout().isContiguous() && b.layout().isContiguous()) {
            BinaryLoops.both(f, CpuBuffer.segment(a), a.byteOffset(), CpuBuffer.segment(b), b.byteOffset(),
                    CpuBuffer.segment(out), out.byteOffset(), (int) n);
            return;
        }
        Broadcast broadcast = new Broadcast(f, a, b, out);
        if (n <= INLINE_ELEMENTS) {
            broadcast.run(0, (int) n);
        } else {
            Parallel.run(Chunks.count(n, ELEMENTS), i -> broadcast.run((long) i * ELEMENTS, Chunks.length(n, i)));
        }
    }

    @Override
    public void affine(Operand x, double scale, double shift, Operand out) {
        if (!isF32(x, out)) {
            super.affine(x, scale, shift, out);
            return;
        }
        MemorySegment from = CpuBuffer.segment(x);
        MemorySegment to = CpuBuffer.segment(out);
        long atX = x.byteOffset();
        long atY = out.byteOffset();
        long n = out.numel();
        float factor = (float) scale;
        float summand = (float) shift;
        if (n <= INLINE_ELEMENTS) {
            FusedLoops.affine(from, atX, factor, summand, to, atY, (int) n);
            return;
        }
        Parallel.run(Chunks.count(n, ELEMENTS), i -> {
            long skip = 4L * ELEMENTS * i;
            FusedLoops.affine(from, atX + skip, factor, summand, to, atY + skip, Chunks.length(n, i));
        });
    }

    @Override
    public void axpy(double alpha, Operand x, Operand y) {
        if (!isF32(x, y)) {
            super.axpy(alpha, x, y);
            return;
        }
        MemorySegment from = CpuBuffer.segment(x);
        MemorySegment to = CpuBuffer.segment(y);
        long atX = x.byteOffset();
        long atY = y.byteOffset();
        long n = y.numel();
        float factor = (float) alpha;
        if (n <= INLINE_ELEMENTS) {
            FusedLoops.axpy(factor, from, atX, to, atY, (int) n);
            return;
        }
        Parallel.run(Chunks.count(n, ELEMENTS), i -> {
            long skip = 4L * ELEMENTS * i;
            FusedLoops.axpy(factor, from, atX + skip, to, atY + skip, Chunks.length(n, i));
        });
    }

    @Override
    public void gatedResidual(Operand x, Operand gate, Operand y, Operand out) {
        if (!isF32(x, gate, y) || !isF32(out)) {
            super.gatedResidual(x, gate, y, out);
            return;
        }
        GatedResidual op = new GatedResidual(x, gate, y, out);
        long rows = x.size(0) * x.size(1);
        int perChunk = Chunks.rows(x.size(2));
        if (out.numel() <= INLINE_ELEMENTS) {
            op.forward(0, rows);
        } else {
            Parallel.run(Chunks.count(rows, perChunk),
                    i -> op.forward((long) i * perChunk, Math.min(rows, (i + 1L) * perChunk)));
        }
    }

    @Override
    public void gatedResidualBackward(Operand dOut, Operand gate, Operand y, Operand dY, Operand dGate) {
        if (!isF32(dOut, gate, y) || !isF32(dY, dGate)) {
            super.gatedResidualBackward(dOut, gate, y, dY, dGate);
            return;
        }
        int width = Math.toIntExact(y.size(2));
        RowBlocks blocks = RowBlocks.of(y.size(0), y.size(1), width);
        float[] partial = Scratch.partials((long) blocks.count() * width);
        GatedResidual op = new GatedResidual(dOut, gate, y, dY);
        if (y.numel() <= INLINE_ELEMENTS) {
            for (int i = 0; i < blocks.count(); i++) {
                op.backward(blocks, i, partial);
            }
        } else {
            Parallel.run(blocks.count(), i -> op.backward(blocks, i, partial));
        }
        ColumnSums.join(blocks, partial, 0, width, CpuBuffer.segment(dGate), dGate.byteOffset());
    }
}
