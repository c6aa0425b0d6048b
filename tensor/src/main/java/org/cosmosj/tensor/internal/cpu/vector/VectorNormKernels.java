package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Chunks.INLINE_ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.isF32;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarNormKernels;
import org.cosmosj.tensor.spi.Operand;

/** Normalisations, softmax and rotary embedding in F32 on vectors; other dtypes go to the scalar reference. */
final class VectorNormKernels extends ScalarNormKernels {
    /** Rows [first, end). */
    private interface RowRange {
        void run(long first, long end);
    }

    private static void overRows(long rows, long width, RowRange body) {
        if (rows * width <= INLINE_ELEMENTS) {
            body.run(0, rows);
            return;
        }
        int perChunk = Chunks.rows(width);
        Parallel.run(Chunks.count(rows, perChunk),
                i -> body.run((long) i * perChunk, Math.min(rows, (i + 1L) * perChunk)));
    }

    private static void overBlocks(int blocks, long elements, Parallel.Chunk body) {
        if (elements <= INLINE_ELEMENTS) {
            for (int i = 0; i < blocks; i++) {
                body.run(i);
            }
        } else {
            Parallel.run(blocks, body);
        }
    }

    @Override
    public void layerNorm(Operand x, Operand shift, Operand scale, double eps, Operand out, Operand mean,
            Operand rstd) {
        if (!isF32(x, out) || !isF32(mean, rstd) || scale != null && !isF32(shift, scale)) {
            super.layerNorm(x, shift, scale, eps, out, mean, rstd);
            return;
        }
        LayerNormRows rows = new LayerNormRows(x, shift, scale, eps, out, mean, rstd);
        overRows(x.size(0) * x.size(1), x.size(2), rows::run);
    }

    @Override
    public void layerNormBackward(Operand dOut, Operand x, Operand scale, Operand mean, Operand rstd, Operand dX,
            Operand dShift, Operand dScale) {
        boolean modulated = scale != null;
        if (!isF32(dOut, x, dX) || !isF32(mean, rstd) || modulated && !isF32(scale, dShift, dScale)) {
            super.layerNormBackward(dOut, x, scale, mean, rstd, dX, dShift, dScale);
            return;
        }
        int width = Math.toIntExact(x.size(2));
        RowBlocks blocks = RowBlocks.of(x.size(0), x.size(1), width);
        int sums = blocks.count() * width;
        float[] partial = modulated ? Scratch.partials(2L * sums) : null;
        LayerNormBackwardRows rows = new LayerNormBackwardRows(dOut, x, scale, mean, rstd, dX, blocks, partial);
        overBlocks(blocks.count(), x.numel(), rows::run);
        if (modulated) {
            ColumnSums.join(blocks, partial, 0, width, CpuBuffer.segment(dShift), dShift.byteOffset());
            ColumnSums.join(blocks, partial, sums, width, CpuBuffer.segment(dScale), dScale.byteOffset());
        }
    }

    @Override
    public void rmsNorm(Operand x, Operand gain, double eps, Operand out, Operand rstd) {
        if (!isF32(x, gain) || !isF32(out, rstd)) {
            super.rmsNorm(x, gain, eps, out, rstd);
            return;
        }
        RmsNormRows rows = new RmsNormRows(x, gain, rstd, out);
        overRows(x.size(0), x.size(1), (first, end) -> rows.forward(first, end, eps));
    }

    @Override
    public void rmsNormBackward(Operand dOut, Operand x, Operand gain, Operand rstd, Operand dX, Operand dGain) {
        if (!isF32(dOut, x, gain) || !isF32(rstd, dX, dGain)) {
            super.rmsNormBackward(dOut, x, gain, rstd, dX, dGain);
            return;
        }
        int width = Math.toIntExact(x.size(1));
        RowBlocks blocks = RowBlocks.of(1, x.size(0), width);
        float[] partial = Scratch.partials((long) blocks.count() * width);
        RmsNormRows rows = new RmsNormRows(x, gain, rstd, dX);
        MemorySegment gradient = CpuBuffer.segment(dOut);
        long g = dOut.byteOffset();
        overBlocks(blocks.count(), x.numel(), i -> rows.backward(gradient, g, blocks, i, partial));
        ColumnSums.join(blocks, partial, 0, width, CpuBuffer.segment(dGain), dGain.byteOffset());
    }

    @Override
    public void channelNorm(Operand x, Operand gain, Activation activation, Operand out) {
        if (!isF32(x, gain, out)) {
            super.channelNorm(x, gain, activation, out);
            return;
        }
        ChannelNormBlocks blocks = new ChannelNormBlocks(x, gain, activation, out);
        overBlocks(ChannelNormBlocks.count(x), x.numel(), blocks::forward);
    }

    @Override
    public void channelNormBackward(Operand dOut, Operand x, Operand gain, Activation activation, Operand dX,
            Operand dGain) {
        if (!isF32(dOut, x, gain) || !isF32(dX, dGain)) {
            super.channelNormBackward(dOut, x, gain, activation, dX, dGain);
            return;
        }
        int channels = Math.toIntExact(x.size(1));
        int count = ChannelNormBlocks.count(x);
        float[] partial = Scratch.partials((long) count * channels);
        ChannelNormBlocks blocks = new ChannelNormBlocks(x, gain, activation, dX);
        MemorySegment gradient = CpuBuffer.segment(dOut);
        long g = dOut.byteOffset();
        overBlocks(count, x.numel(), i -> blocks.backward(gradient, g, i, partial));
        ColumnSums.join(new RowBlocks(1, count, 1), partial, 0, channels, CpuBuffer.segment(dGain),
                dGain.byteOffset());
    }

    @Override
    public void softmax(Operand x, Operand out) {
        if (!isF32(x, out)) {
            super.softmax(x, out);
            return;
        }
        MemorySegment from = CpuBuffer.segment(x);
        MemorySegment to = CpuBuffer.segment(out);
        int width = Math.toIntExact(x.size(1));
        overRows(x.size(0), width, (first, end) -> {
            for (long row = first; row < end; row++) {
                long skip = 4L * width * row;
                SoftmaxRows.forward(from, x.byteOffset() + skip, to, out.byteOffset() + skip, width);
            }
        });
    }

    @Override
    public void softmaxBackward(Operand dY, Operand y, Operand dX) {
        if (!isF32(dY, y, dX)) {
            super.softmaxBackward(dY, y, dX);
            return;
        }
        MemorySegment gradient = CpuBuffer.segment(dY);
        MemorySegment result = CpuBuffer.segment(y);
        MemorySegment to = CpuBuffer.segment(dX);
        int width = Math.toIntExact(y.size(1));
        overRows(y.size(0), width, (first, end) -> {
            for (long row = first; row < end; row++) {
                long skip = 4L * width * row;
                SoftmaxRows.backward(gradient, dY.byteOffset() + skip, result, y.byteOffset() + skip, to,
                        dX.byteOffset() + skip, width);
            }
        });
    }

    @Override
    public void rope(Operand x, Operand cos, Operand sin, Rotation rotation, Operand out) {
        if (!isF32(x, cos, sin) || !isF32(out)) {
            super.rope(x, cos, sin, rotation, out);
            return;
        }
        RopeRows rows = new RopeRows(x, cos, sin, rotation == Rotation.FORWARD ? 1 : -1, out);
        overRows(x.size(0) * x.size(1) * x.size(2), x.size(3), rows::run);
    }
}
