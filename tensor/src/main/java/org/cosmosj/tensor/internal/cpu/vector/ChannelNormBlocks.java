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
import jdk.incubator.vector.VectorOperators;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.NormKernels.Activation;
import org.cosmosj.tensor.spi.Operand;

/**
 * RMS norm over the channels of (N, C, S): {@code y = x sqrt(C) / max(|x[n,:,s]|, 1e-12) gain[c]}, then perhaps SiLU.
 * Lanes run along S. A block of positions is small enough that its channels stay in the second-level cache between the
 * pass that adds squares and the pass that scales.
 */
final class ChannelNormBlocks {
    /** Positions of one block: 1 KiB of each channel. */
    static final int POSITIONS = 256;

    private static final float SMALLEST_NORM = 1e-12f;

    private final MemorySegment from;
    private final MemorySegment gains;
    private final MemorySegment to;
    private final long x;
    private final long gain;
    private final long out;
    private final Activation activation;
    private final int channels;
    private final long positions;

    ChannelNormBlocks(Operand x, Operand gain, Activation activation, Operand out) {
        from = CpuBuffer.segment(x);
        gains = CpuBuffer.segment(gain);
        to = CpuBuffer.segment(out);
        this.x = x.byteOffset();
        this.gain = gain.byteOffset();
        this.out = out.byteOffset();
        this.activation = activation;
        channels = Math.toIntExact(x.size(1));
        positions = x.size(2);
    }

    /** Blocks of all samples. */
    static int count(Operand x) {
        return Math.toIntExact(x.size(0) * Chunks.count(x.size(2), POSITIONS));
    }

    private long perSample() {
        return Chunks.count(positions, POSITIONS);
    }

    /** First element of a block's first channel. */
    private long start(int block) {
        return block / perSample() * channels * positions + block % perSample() * POSITIONS;
    }

    private int length(int block) {
        return (int) Math.min(POSITIONS, positions - block % perSample() * POSITIONS);
    }

    void forward(int block) {
        long start = 4 * start(block);
        int n = length(block);
        float[] factors = Scratch.room(POSITIONS + LANES);
        factors(x + start, n, factors);
        for (int c = 0; c < channels; c++) {
            long skip = start + 4 * c * positions;
            float g = Floats.get(gains, gain, c);
            if (activation == Activation.SILU) {
                scaleSilu(x + skip, g, factors, out + skip, n);
            } else {
                scale(x + skip, g, factors, out + skip, n);
            }
        }
    }

    /** {@code factors = sqrt(C) / max(norm, 1e-12)} for n positions; lanes beyond n hold anything finite. */
    private void factors(long at, int n, float[] factors) {
        Arrays.fill(factors, 0, POSITIONS + LANES, 0);
        for (int c = 0; c < channels; c++) {
            addSquares(at + 4 * c * positions, n, factors);
        }
        float root = (float) Math.sqrt(channels);
        for (int i = 0; i < n; i += LANES) {
            FloatVector norm = FloatVector.fromArray(FLOAT, factors, i).sqrt();
            norm = norm.blend(SMALLEST_NORM, norm.compare(VectorOperators.LT, SMALLEST_NORM));
            FloatVector.broadcast(FLOAT, root).div(norm).intoArray(factors, i);
        }
    }

    private void addSquares(long at, int n, float[] sums) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = load(from, at, i);
            v.fma(v, FloatVector.fromArray(FLOAT, sums, i)).intoArray(sums, i);
        }
        if (end < n) {
            FloatVector v = load(from, at, end, tail(n - end));
            v.fma(v, FloatVector.fromArray(FLOAT, sums, end)).intoArray(sums, end);
        }
    }

    private void scale(long at, float g, float[] factors, long target, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, target, i, load(from, at, i).mul(FloatVector.fromArray(FLOAT, factors, i)).mul(g));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            FloatVector y = load(from, at, end, rest).mul(FloatVector.fromArray(FLOAT, factors, end)).mul(g);
            store(to, target, end, y, rest);
        }
    }

    private void scaleSilu(long at, float g, float[] factors, long target, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector y = load(from, at, i).mul(FloatVector.fromArray(FLOAT, factors, i)).mul(g);
            store(to, target, i, VectorMath.silu(y));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            FloatVector y = load(from, at, end, rest).mul(FloatVector.fromArray(FLOAT, factors, end)).mul(g);
            store(to, target, end, VectorMath.silu(y), rest);
        }
    }

    /**
     * One block of the backward pass. With {@code n = x factor}, {@code d} the gradient before the activation and
     * {@code e = d gain}, the gradient of x is {@code factor (e - n sum_c(e n) / C)}, without the second term where the
     * norm is below its minimum. {@code e} waits in the result between the passes. The block's row of {@code partial}
     * becomes {@code sum_s d n} for each channel.
     */
    void backward(MemorySegment gradient, long dOut, int block, float[] partial) {
        long start = 4 * start(block);
        int n = length(block);
        float[] room = Scratch.room(2 * (POSITIONS + LANES));
        int dots = POSITIONS + LANES;
        factors(x + start, n, room);
        Arrays.fill(room, dots, dots + POSITIONS + LANES, 0);
        for (int c = 0; c < channels; c++) {
            long skip = start + 4 * c * positions;
            float g = Floats.get(gains, gain, c);
            FloatVector sum = activation == Activation.SILU
                    ? siluGradient(gradient, dOut + skip, x + skip, g, room, out + skip, n)
                    : plainGradient(gradient, dOut + skip, x + skip, g, room, out + skip, n);
            partial[block * channels + c] = Rows.lanes(sum);
        }
        projections(room, n);
        for (int c = 0; c < channels; c++) {
            long skip = start + 4 * c * positions;
            project(x + skip, room, out + skip, n);
        }
    }

    /** Stores {@code e}, adds {@code e n} to the dots, returns the lanes of {@code sum d n}. */
    private FloatVector siluGradient(MemorySegment gradient, long g, long at, float gain, float[] room, long target,
            int count) {
        FloatVector sum = FloatVector.zero(FLOAT);
        int end = whole(count);
        for (int i = 0; i < end; i += LANES) {
            FloatVector n = load(from, at, i).mul(FloatVector.fromArray(FLOAT, room, i));
            FloatVector d = load(gradient, g, i).mul(VectorMath.siluDerivative(n.mul(gain)));
            sum = d.fma(n, sum);
            store(to, target, i, addDot(d.mul(gain), n, room, i));
        }
        if (end < count) {
            VectorMask<Float> rest = tail(count - end);
            FloatVector n = load(from, at, end, rest).mul(FloatVector.fromArray(FLOAT, room, end));
            FloatVector d = load(gradient, g, end, rest).mul(VectorMath.siluDerivative(n.mul(gain)));
            sum = d.fma(n, sum);
            store(to, target, end, addDot(d.mul(gain), n, room, end), rest);
        }
        return sum;
    }

    private FloatVector plainGradient(MemorySegment gradient, long g, long at, float gain, float[] room, long target,
            int count) {
        FloatVector sum = FloatVector.zero(FLOAT);
        int end = whole(count);
        for (int i = 0; i < end; i += LANES) {
            FloatVector n = load(from, at, i).mul(FloatVector.fromArray(FLOAT, room, i));
            FloatVector d = load(gradient, g, i);
            sum = d.fma(n, sum);
            store(to, target, i, addDot(d.mul(gain), n, room, i));
        }
        if (end < count) {
            VectorMask<Float> rest = tail(count - end);
            FloatVector n = load(from, at, end, rest).mul(FloatVector.fromArray(FLOAT, room, end));
            FloatVector d = load(gradient, g, end, rest);
            sum = d.fma(n, sum);
            store(to, target, end, addDot(d.mul(gain), n, room, end), rest);
        }
        return sum;
    }

    private static FloatVector addDot(FloatVector e, FloatVector n, float[] room, int i) {
        int at = POSITIONS + LANES + i;
        e.fma(n, FloatVector.fromArray(FLOAT, room, at)).intoArray(room, at);
        return e;
    }

    /** Turns the dots into {@code -sum_c(e n) / C}, and 0 where the norm is below its minimum. */
    private void projections(float[] room, int n) {
        float clamped = (float) Math.sqrt(channels) / SMALLEST_NORM;
        for (int i = 0; i < n; i += LANES) {
            int at = POSITIONS + LANES + i;
            FloatVector p = FloatVector.fromArray(FLOAT, room, at).div(-channels);
            VectorMask<Float> constant = FloatVector.fromArray(FLOAT, room, i).compare(VectorOperators.EQ, clamped);
            p.blend(0f, constant).intoArray(room, at);
        }
    }

    private void project(long at, float[] room, long target, int n) {
        int end = whole(n);
        for (int i = 0; i < end; i += LANES) {
            store(to, target, i, projected(load(from, at, i), load(to, target, i), room, i));
        }
        if (end < n) {
            VectorMask<Float> rest = tail(n - end);
            store(to, target, end, projected(load(from, at, end, rest), load(to, target, end, rest), room, end), rest);
        }
    }

    private static FloatVector projected(FloatVector x, FloatVector e, float[] room, int i) {
        FloatVector factor = FloatVector.fromArray(FLOAT, room, i);
        FloatVector projection = FloatVector.fromArray(FLOAT, room, POSITIONS + LANES + i);
        return x.mul(factor).fma(projection, e).mul(factor);
    }
}
