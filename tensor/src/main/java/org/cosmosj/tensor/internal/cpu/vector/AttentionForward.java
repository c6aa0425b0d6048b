package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.AttentionHeads.roundUp;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.COLUMNS;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;

/**
 * Attention with an online softmax over blocks of keys, computed transposed: queries are the lanes. {@code S^T = K Q^T}
 * is a tile of keys by queries, so maximum, exponential and sum run down the keys as plain vector operations without
 * horizontal reductions, and the tile already is the packed right factor of {@code O^T += V^T P^T}. A query's result
 * depends on the order of the keys alone, never on its block or thread.
 */
final class AttentionForward implements Parallel.Chunk {
    /** Keys that are packed at a time, a multiple of every tile height. */
    static final int KEYS = 192;
    private static final int MOST_QUERIES = 512;
    private static final int LEAST_QUERIES = 64;
    private static final double LN_2 = 0.6931471805599453;
    private static final double LOG2_E = 1.4426950408889634;
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;
    private static final ThreadLocal<Workspace> WORKSPACE = ThreadLocal.withInitial(Workspace::new);

    private final Operand q;
    private final Operand k;
    private final Operand v;
    private final Operand out;
    private final Operand logSumExp;
    private final float logitScale;
    private final boolean roundsWeights;
    private final int queries;
    private final int keys;
    private final int heads;
    private final int width;
    private final int valueWidth;
    private final int queryStep;
    private final int queryBlocks;

    /** Contract of {@code AttentionKernels#attention}; F32 results, no size 0. */
    AttentionForward(Operand q, Operand k, Operand v, double scale, Operand out, Operand logSumExp) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.out = out;
        this.logSumExp = logSumExp;
        this.logitScale = logitScale(scale);
        this.roundsWeights = q.dtype() == DType.BF16;
        this.queries = Math.toIntExact(q.size(1));
        this.keys = Math.toIntExact(k.size(1));
        this.heads = Math.toIntExact(q.size(2));
        this.width = Math.toIntExact(q.size(3));
        this.valueWidth = Math.toIntExact(v.size(3));
        int parts = (queries + MOST_QUERIES - 1) / MOST_QUERIES;
        long blocks = q.size(0) * heads * parts;
        long wanted = Parallel.threads() == 1 ? 1 : 4L * Parallel.threads();
        if (blocks < wanted) {
            parts = Math.toIntExact(Math.clamp(parts * wanted / blocks, 1, Math.max(parts, queries / LEAST_QUERIES)));
        }
        this.queryStep = roundUp((queries + parts - 1) / parts, COLUMNS);
        this.queryBlocks = (queries + queryStep - 1) / queryStep;
    }

    /** Factor of the queries that makes logits powers of 2 instead of e. */
    static float logitScale(double scale) {
        return (float) (scale * LOG2_E);
    }

    void run() {
        Parallel.run(Math.toIntExact(q.size(0) * heads * queryBlocks), this);
    }

    @Override
    public void run(int index) {
        int first = index % queryBlocks * queryStep;
        int head = index / queryBlocks % heads;
        int batch = index / queryBlocks / heads;
        block(batch, head, first, Math.min(queryStep, queries - first));
    }

    private void block(int batch, int head, int first, int count) {
        Workspace w = WORKSPACE.get();
        w.ensure(width, valueWidth);
        StridedMatrix keyTokens = AttentionHeads.tokens(k, batch, head);
        StridedMatrix valueWidths = AttentionHeads.widths(v, batch, head);
        Panels.pack(AttentionHeads.tokens(q, batch, head), first, count, 0, width, COLUMNS, w.queries, 0, w.stage);
        int panels = (count + COLUMNS - 1) / COLUMNS;
        scale(w.queries, panels * Panels.distance(width, COLUMNS), logitScale);
        int resultSize = resultSize(valueWidth);
        Arrays.fill(w.results, 0, Workspace.LEAD + panels * resultSize, 0f);
        Arrays.fill(w.largest, 0, panels * COLUMNS, -Float.MAX_VALUE);
        Arrays.fill(w.sums, 0, panels * COLUMNS, 0f);
        for (int key = 0; key < keys; key += KEYS) {
            int deep = Math.min(KEYS, keys - key);
            Panels.pack(keyTokens, key, deep, 0, width, ROWS, w.keys, 0, w.stage);
            Panels.pack(valueWidths, 0, valueWidth, key, deep, ROWS, w.values, 0, w.stage);
            for (int p = 0; p < panels; p++) {
                logits(w, p, deep);
                softmax(w, p * COLUMNS, Workspace.LEAD + p * resultSize, deep);
                mix(w, Workspace.LEAD + p * resultSize, deep);
            }
        }
        for (int p = 0; p < panels; p++) {
            store(w, p, batch, head, first + p * COLUMNS, Math.min(COLUMNS, count - p * COLUMNS));
        }
    }

    /** Floats of a transposed result, (width, COLUMNS) with the width rounded up to whole tiles. */
    private static int resultSize(int width) {
        return (roundUp(width, ROWS) + 8) * COLUMNS;
    }

    private void logits(Workspace w, int panel, int deep) {
        int from = panel * Panels.distance(width, COLUMNS);
        int distance = Panels.distance(width, ROWS);
        for (int i = 0; i * ROWS < deep; i++) {
            Microkernel.multiply(w.keys, i * distance, w.queries, from, w.logits, i * Microkernel.TILE, width);
        }
    }

    private void mix(Workspace w, int result, int deep) {
        int distance = Panels.distance(deep, ROWS);
        for (int i = 0; i * ROWS < valueWidth; i++) {
            Microkernel.multiplyAdd(w.values, i * distance, w.logits, 0, w.results, result + i * Microkernel.TILE,
                    deep);
        }
    }

    static void scale(float[] x, int count, float factor) {
        for (int i = 0; i < count; i++) {
            x[i] *= factor;
        }
    }

    /** Replaces logits by weights relative to the largest so far, and brings earlier sums and results to that. */
    private void softmax(Workspace w, int at, int result, int deep) {
        System.arraycopy(w.largest, at, w.factors, 0, COLUMNS);
        maxima(w.logits, deep, w.largest, at);
        boolean grown = false;
        for (int i = 0; i < COLUMNS; i++) {
            grown |= w.factors[i] != w.largest[at + i];
        }
        if (grown) {
            shrinkSums(w.factors, w.largest, w.sums, at);
            shrinkResults(w.results, result, valueWidth, w.factors);
        }
        exponentials(w.logits, deep, w.largest, w.sums, at);
        if (roundsWeights) {
            round(w.logits, deep);
        }
    }

    // Each loop is a method of its own that takes arrays only: so C2 compiles it early and never boxes a vector.

    private static void maxima(float[] logits, int deep, float[] largest, int at) {
        FloatVector left = FloatVector.fromArray(S, largest, at);
        FloatVector right = FloatVector.fromArray(S, largest, at + LANES);
        for (int i = 0; i < deep; i++) {
            FloatVector nextLeft = FloatVector.fromArray(S, logits, 2 * LANES * i);
            FloatVector nextRight = FloatVector.fromArray(S, logits, 2 * LANES * i + LANES);
            // NaN compares false and is left to the exponentials.
            left = left.blend(nextLeft, left.compare(VectorOperators.LT, nextLeft));
            right = right.blend(nextRight, right.compare(VectorOperators.LT, nextRight));
        }
        left.intoArray(largest, at);
        right.intoArray(largest, at + LANES);
    }

    /** On entry factors are the earlier maxima, on return {@code 2^(earlier - largest)}. */
    private static void shrinkSums(float[] factors, float[] largest, float[] sums, int at) {
        for (int i = 0; i < 2 * LANES; i += LANES) {
            FloatVector shrink = VectorMath
                    .exp2UpTo127(FloatVector.fromArray(S, factors, i).sub(FloatVector.fromArray(S, largest, at + i)));
            shrink.intoArray(factors, i);
            shrink.mul(FloatVector.fromArray(S, sums, at + i)).intoArray(sums, at + i);
        }
    }

    private static void shrinkResults(float[] results, int result, int width, float[] factors) {
        FloatVector left = FloatVector.fromArray(S, factors, 0);
        FloatVector right = FloatVector.fromArray(S, factors, LANES);
        for (int i = 0; i < width; i++) {
            int p = result + 2 * LANES * i;
            FloatVector.fromArray(S, results, p).mul(left).intoArray(results, p);
            FloatVector.fromArray(S, results, p + LANES).mul(right).intoArray(results, p + LANES);
        }
    }

    private static void exponentials(float[] logits, int deep, float[] largest, float[] sums, int at) {
        FloatVector left = FloatVector.fromArray(S, largest, at);
        FloatVector right = FloatVector.fromArray(S, largest, at + LANES);
        FloatVector sumLeft = FloatVector.fromArray(S, sums, at);
        FloatVector sumRight = FloatVector.fromArray(S, sums, at + LANES);
        for (int i = 0; i < deep; i++) {
            int p = 2 * LANES * i;
            FloatVector weightLeft = VectorMath.exp2UpTo127(FloatVector.fromArray(S, logits, p).sub(left));
            FloatVector weightRight = VectorMath.exp2UpTo127(FloatVector.fromArray(S, logits, p + LANES).sub(right));
            weightLeft.intoArray(logits, p);
            weightRight.intoArray(logits, p + LANES);
            sumLeft = sumLeft.add(weightLeft);
            sumRight = sumRight.add(weightRight);
        }
        sumLeft.intoArray(sums, at);
        sumRight.intoArray(sums, at + LANES);
    }

    /** To the nearest BF16, ties to even. A NaN may become infinite; it stays one in the sums, and so in the result. */
    private static void round(float[] weights, int deep) {
        for (int p = 0; p < 2 * LANES * deep; p += LANES) {
            IntVector bits = FloatVector.fromArray(S, weights, p).reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            bits.add(odd).add(0x7FFF).and(0xFFFF0000).reinterpretAsFloats().intoArray(weights, p);
        }
    }

    private static void logarithms(float[] sums, int at, float[] logs) {
        for (int i = 0; i < COLUMNS; i += LANES) {
            VectorMath.log(FloatVector.fromArray(S, sums, at + i)).intoArray(logs, i);
        }
    }

    private void store(Workspace w, int panel, int batch, int head, int first, int count) {
        MemorySegment memory = CpuBuffer.segment(logSumExp);
        long lse = logSumExp.byteOffset() + 4 * (batch * logSumExp.layout().stride(0)
                + head * logSumExp.layout().stride(1) + first * logSumExp.layout().stride(2));
        logarithms(w.sums, panel * COLUMNS, w.logs);
        for (int i = 0; i < count; i++) {
            int at = panel * COLUMNS + i;
            double log = w.largest[at] * LN_2 + w.logs[i];
            memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, lse + 4 * i * logSumExp.layout().stride(2), (float) log);
            w.factors[i] = 1 / w.sums[at];
        }
        TransposedResult.store(w.results, Workspace.LEAD + panel * resultSize(valueWidth), valueWidth, w.factors, count,
                CpuBuffer.segment(out), AttentionHeads.start(out, batch, head) + 4 * first * out.layout().stride(1),
                4 * out.layout().stride(1), w.stage);
    }

    /** Belongs to a thread, not to a call. */
    private static final class Workspace {
        /** The transpose reads a few floats before its start. */
        private static final int LEAD = 16;
        private final float[] largest = new float[MOST_QUERIES + COLUMNS];
        private final float[] sums = new float[MOST_QUERIES + COLUMNS];
        private final float[] factors = new float[COLUMNS];
        private final float[] logs = new float[COLUMNS];
        private final float[] logits = new float[(KEYS + ROWS) * COLUMNS];
        private float[] queries = {};
        private float[] keys = {};
        private float[] values = {};
        private float[] results = {};
        private float[] stage = {};

        void ensure(int width, int valueWidth) {
            int panels = MOST_QUERIES / COLUMNS + 1;
            queries = atLeast(queries, panels * Panels.distance(width, COLUMNS));
            keys = atLeast(keys, (KEYS / ROWS + 1) * Panels.distance(width, ROWS));
            values = atLeast(values, (valueWidth / ROWS + 1) * Panels.distance(KEYS, ROWS));
            results = atLeast(results, LEAD + panels * resultSize(valueWidth));
            stage = atLeast(stage, Math.max(Panels.stageSize(KEYS, Math.max(width, KEYS)),
                    Math.max(Panels.stageSize(valueWidth, KEYS), TransposedResult.stageSize(valueWidth))));
        }

        private static float[] atLeast(float[] array, int size) {
            return array.length < size + Panels.SLACK ? new float[size + Panels.SLACK] : array;
        }
    }
}
