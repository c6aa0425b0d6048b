package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Floats.load;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.store;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.tail;
import static org.cosmosj.tensor.internal.cpu.vector.Floats.whole;
import static org.cosmosj.tensor.internal.cpu.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * Rotary embedding of the heads of (B, L, h, D), half-split: {@code out[d] = x[d] cos - x[d+D/2] sin} and
 * {@code out[d+D/2] = x[d+D/2] cos + x[d] sin} for d &lt; D/2; a negative sign of the sine turns back.
 */
final class RopeRows {
    private final MemorySegment from;
    private final MemorySegment cosines;
    private final MemorySegment sines;
    private final MemorySegment to;
    private final long x;
    private final long cos;
    private final long sin;
    private final long out;
    private final long tokens;
    private final long heads;
    private final int half;
    private final float sign;

    RopeRows(Operand x, Operand cos, Operand sin, float sign, Operand out) {
        from = CpuBuffer.segment(x);
        cosines = CpuBuffer.segment(cos);
        sines = CpuBuffer.segment(sin);
        to = CpuBuffer.segment(out);
        this.x = x.byteOffset();
        this.cos = cos.byteOffset();
        this.sin = sin.byteOffset();
        this.out = out.byteOffset();
        this.sign = sign;
        tokens = x.size(1);
        heads = x.size(2);
        half = Math.toIntExact(x.size(3) / 2);
    }

    /** Heads [first, end), counted over all tokens and samples. */
    void run(long first, long end) {
        for (long row = first; row < end; row++) {
            long skip = 8L * half * row;
            long angle = 4L * half * (row / heads % tokens);
            row(x + skip, cos + angle, sin + angle, out + skip);
        }
    }

    private void row(long at, long atCos, long atSin, long target) {
        long upper = at + 4L * half;
        long targetUpper = target + 4L * half;
        int end = whole(half);
        for (int i = 0; i < end; i += LANES) {
            FloatVector c = load(cosines, atCos, i);
            FloatVector s = load(sines, atSin, i).mul(sign);
            FloatVector a = load(from, at, i);
            FloatVector b = load(from, upper, i);
            store(to, target, i, b.neg().fma(s, a.mul(c)));
            store(to, targetUpper, i, a.fma(s, b.mul(c)));
        }
        if (end < half) {
            VectorMask<Float> rest = tail(half - end);
            FloatVector c = load(cosines, atCos, end, rest);
            FloatVector s = load(sines, atSin, end, rest).mul(sign);
            FloatVector a = load(from, at, end, rest);
            FloatVector b = load(from, upper, end, rest);
            store(to, target, end, b.neg().fma(s, a.mul(c)), rest);
            store(to, targetUpper, end, a.fma(s, b.mul(c)), rest);
        }
    }
}
