package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.FLOAT;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * Backward of {@link LayerNormRows}. With {@code n = (x - mean) rstd} and {@code e = dOut (1 + scale)} a row's gradient
 * is {@code rstd (e - mean(e) - n mean(e n))}. The sums over rows, {@code dShift = sum dOut} and
 * {@code dScale = sum dOut n}, gather in the same pass as partial sums per {@link RowBlocks block}.
 */
final class LayerNormBackwardRows {
    private final MemorySegment gradient;
    private final MemorySegment from;
    private final MemorySegment scales;
    private final MemorySegment means;
    private final MemorySegment rstds;
    private final MemorySegment to;
    private final long dOut;
    private final long x;
    private final long scale;
    private final long mean;
    private final long rstd;
    private final long dX;
    private final int width;
    private final RowBlocks blocks;
    private final float[] partial;
    private final int scalePartials;

    /** {@code partial} has a row of sums of dShift for each block, then one of dScale for each; null without scale. */
    LayerNormBackwardRows(Operand dOut, Operand x, Operand scale, Operand mean, Operand rstd, Operand dX,
            RowBlocks blocks, float[] partial) {
        gradient = CpuBuffer.segment(dOut);
        from = CpuBuffer.segment(x);
        scales = scale == null ? null : CpuBuffer.segment(scale);
        means = CpuBuffer.segment(mean);
        rstds = CpuBuffer.segment(rstd);
        to = CpuBuffer.segment(dX);
        this.dOut = dOut.byteOffset();
        this.x = x.byteOffset();
        this.scale = scale == null ? 0 : scale.byteOffset();
        this.mean = mean.byteOffset();
        this.rstd = rstd.byteOffset();
        this.dX = dX.byteOffset();
        this.blocks = blocks;
        this.partial = partial;
        width = Math.toIntExact(x.size(2));
        scalePartials = blocks.count() * width;
    }

    void run(int block) {
        if (scales != null) {
            Arrays.fill(partial, block * width, (block + 1) * width, 0);
            Arrays.fill(partial, scalePartials + block * width, scalePartials + (block + 1) * width, 0);
        }
        for (int i = 0; i < blocks.rows(block); i++) {
            long row = blocks.first(block) + i;
            long skip = 4L * width * row;
            float m = Floats.get(means, mean, row);
            float r = Floats.get(rstds, rstd, row);
            if (scales == null) {
                plain(dOut + skip, x + skip, m, r, dX + skip);
            } else {
                long atScale = scale + 4L * width * blocks.group(block);
                addSums(dOut + skip, x + skip, m, r, block * width);
                modulated(dOut + skip, x + skip, atScale, m, r, dX + skip);
            }
        }
    }

    private void plain(long g, long at, float m, float r, long target) {
        FloatVector middle = FloatVector.broadcast(FLOAT, m);
        FloatVector factor = FloatVector.broadcast(FLOAT, r);
        FloatVector sumE = FloatVector.zero(FLOAT);
        FloatVector sumEn = sumE;
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector e = load(gradient, g, i);
            sumE = sumE.add(e);
            sumEn = e.fma(load(from, at, i).sub(middle).mul(factor), sumEn);
        }
        VectorMask<Float> rest = tail(width - end);
        if (end < width) {
            FloatVector e = load(gradient, g, end, rest);
            sumE = sumE.add(e);
            sumEn = e.fma(load(from, at, end, rest).sub(middle, rest).mul(factor), sumEn);
        }
        FloatVector meanE = FloatVector.broadcast(FLOAT, Rows.lanes(sumE) / width);
        FloatVector minusMeanEn = FloatVector.broadcast(FLOAT, -Rows.lanes(sumEn) / width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector n = load(from, at, i).sub(middle).mul(factor);
            store(to, target, i, n.fma(minusMeanEn, load(gradient, g, i).sub(meanE)).mul(factor));
        }
        if (end < width) {
            FloatVector n = load(from, at, end, rest).sub(middle).mul(factor);
            store(to, target, end, n.fma(minusMeanEn, load(gradient, g, end, rest).sub(meanE)).mul(factor), rest);
        }
    }

    private void modulated(long g, long at, long atScale, float m, float r, long target) {
        FloatVector middle = FloatVector.broadcast(FLOAT, m);
        FloatVector factor = FloatVector.broadcast(FLOAT, r);
        FloatVector sumE = FloatVector.zero(FLOAT);
        FloatVector sumEn = sumE;
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector e = load(gradient, g, i).mul(load(scales, atScale, i).add(1f));
            sumE = sumE.add(e);
            sumEn = e.fma(load(from, at, i).sub(middle).mul(factor), sumEn);
        }
        VectorMask<Float> rest = tail(width - end);
        if (end < width) {
            FloatVector e = load(gradient, g, end, rest).mul(load(scales, atScale, end, rest).add(1f));
            sumE = sumE.add(e);
            sumEn = e.fma(load(from, at, end, rest).sub(middle, rest).mul(factor), sumEn);
        }
        FloatVector meanE = FloatVector.broadcast(FLOAT, Rows.lanes(sumE) / width);
        FloatVector minusMeanEn = FloatVector.broadcast(FLOAT, -Rows.lanes(sumEn) / width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector n = load(from, at, i).sub(middle).mul(factor);
            FloatVector e = load(gradient, g, i).mul(load(scales, atScale, i).add(1f));
            store(to, target, i, n.fma(minusMeanEn, e.sub(meanE)).mul(factor));
        }
        if (end < width) {
            FloatVector n = load(from, at, end, rest).sub(middle).mul(factor);
            FloatVector e = load(gradient, g, end, rest).mul(load(scales, atScale, end, rest).add(1f));
            store(to, target, end, n.fma(minusMeanEn, e.sub(meanE)).mul(factor), rest);
        }
    }

    /** {@code partial += dOut} and {@code += dOut n}. */
    private void addSums(long g, long at, float m, float r, int sums) {
        FloatVector middle = FloatVector.broadcast(FLOAT, m);
        FloatVector factor = FloatVector.broadcast(FLOAT, r);
        int scaleSums = scalePartials + sums;
        int end = whole(width);
        for (int i = 0; i < end; i += LANES) {
            FloatVector d = load(gradient, g, i);
            FloatVector n = load(from, at, i).sub(middle).mul(factor);
            FloatVector.fromArray(FLOAT, partial, sums + i).add(d).intoArray(partial, sums + i);
            d.fma(n, FloatVector.fromArray(FLOAT, partial, scaleSums + i)).intoArray(partial, scaleSums + i);
        }
        if (end < width) {
            VectorMask<Float> rest = tail(width - end);
            FloatVector d = load(gradient, g, end, rest);
            FloatVector n = load(from, at, end, rest).sub(middle).mul(factor);
            FloatVector.fromArray(FLOAT, partial, sums + end, rest).add(d).intoArray(partial, sums + end, rest);
            d.fma(n, FloatVector.fromArray(FLOAT, partial, scaleSums + end, rest))
                    .intoArray(partial, scaleSums + end, rest);
        }
    }
}
