package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.AttentionBackwardWorkspace.KEYS;
import static org.cosmosj.tensor.internal.cpu.vector.AttentionBackwardWorkspace.LEAD;
import static org.cosmosj.tensor.internal.cpu.vector.AttentionBackwardWorkspace.QUERIES;
import static org.cosmosj.tensor.internal.cpu.vector.AttentionBackwardWorkspace.panels;
import static org.cosmosj.tensor.internal.cpu.vector.AttentionBackwardWorkspace.sumSize;
import static org.cosmosj.tensor.internal.cpu.vector.AttentionHeads.roundUp;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.COLUMNS;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.ROWS;
import static org.cosmosj.tensor.internal.cpu.vector.Microkernel.TILE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;

/**
 * Gradients of attention by blocks of queries and keys, with the weights P computed again from {@code logSumExp}. Keys
 * are the lanes: a panel of P or dS, (queries, COLUMNS), is the packed right factor of {@code dV^T += dOut^T P} and
 * {@code dK^T += q^T dS}; only dS is transposed, for {@code dQ += dS k}.
 *
 * <p>
 * A chunk is a part of one head's keys and sums dK and dV over the queries in order. A head has several parts only
 * where heads are few or keys very many, as the sizes alone decide; each part then sums its own dQ, and they are added
 * in order.
 */
final class AttentionBackward implements Parallel.Chunk {
    private static final int WANTED_CHUNKS = 16;
    private static final int MOST_KEYS = 4096;
    private static final double LOG2_E = 1.4426950408889634;
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ThreadLocal<AttentionBackwardWorkspace> WORKSPACE =
            ThreadLocal.withInitial(AttentionBackwardWorkspace::new);

    private final Operand dOut;
    private final Operand q;
    private final Operand k;
    private final Operand v;
    private final Operand out;
    private final Operand logSumExp;
    private final float scale;
    private final float logitScale;
    private final Operand dQ;
    private final Operand dK;
    private final Operand dV;
    private final int queries;
    private final int keys;
    private final int heads;
    private final int width;
    private final int valueWidth;
    private final int queryStep;
    private final int keyStep;
    private final int parts;
    /** One dQ per part, (parts, B, L, h, d); null where dQ itself serves. */
    private final float[] partialQ;

    /** Contract of {@code AttentionKernels#attentionBackward}; all F32, no size 0. */
    AttentionBackward(Operand dOut, Operand q, Operand k, Operand v, Operand out, Operand logSumExp, double scale,
            Operand dQ, Operand dK, Operand dV) {
        this.dOut = dOut;
        this.q = q;
        this.k = k;
        this.v = v;
        this.out = out;
        this.logSumExp = logSumExp;
        this.scale = (float) scale;
        this.logitScale = AttentionForward.logitScale(scale);
        this.dQ = dQ;
        this.dK = dK;
        this.dV = dV;
        this.queries = Math.toIntExact(q.size(1));
        this.keys = Math.toIntExact(k.size(1));
        this.heads = Math.toIntExact(q.size(2));
        this.width = Math.toIntExact(q.size(3));
        this.valueWidth = Math.toIntExact(v.size(3));
        int queryBlocks = (queries + QUERIES - 1) / QUERIES;
        this.queryStep = roundUp((queries + queryBlocks - 1) / queryBlocks, ROWS);
        int keyBlocks = (keys + KEYS - 1) / KEYS;
        int few = Math.toIntExact(Math.clamp(WANTED_CHUNKS / (q.size(0) * heads), 1, keyBlocks));
        int wanted = Math.max(few, (keys + MOST_KEYS - 1) / MOST_KEYS);
        this.keyStep = (keyBlocks + wanted - 1) / wanted * KEYS;
        this.parts = (keys + keyStep - 1) / keyStep;
        this.partialQ = parts == 1 ? null : Scratch.partials(parts * q.numel());
    }

    void run() {
        Parallel.run(Math.toIntExact(q.size(0) * heads * parts), this);
        if (partialQ != null) {
            int tokens = Math.toIntExact(q.size(0)) * queries;
            Parallel.run(tokens, this::addParts);
        }
    }

    @Override
    public void run(int index) {
        int first = index % parts * keyStep;
        int head = index / parts % heads;
        int batch = index / parts / heads;
        chunk(WORKSPACE.get(), batch, head, first, Math.min(keyStep, keys - first));
    }

    private void chunk(AttentionBackwardWorkspace w, int batch, int head, int firstKey, int keyCount) {
        w.ensure(Math.min(keyStep, keys), width, valueWidth);
        packKeys(w, batch, head, firstKey, keyCount);
        int keyPanels = (keyCount + COLUMNS - 1) / COLUMNS;
        Arrays.fill(w.dK, 0, LEAD + keyPanels * sumSize(width), 0f);
        Arrays.fill(w.dV, 0, LEAD + keyPanels * sumSize(valueWidth), 0f);
        for (int query = 0; query < queries; query += queryStep) {
            int count = Math.min(queryStep, queries - query);
            packQueries(w, batch, head, query, count);
            Arrays.fill(w.dQ, 0, roundUp(count, ROWS) * roundUp(width, COLUMNS), 0f);
            for (int key = 0; key < keyCount; key += KEYS) {
                int deep = Math.min(KEYS, keyCount - key);
                for (int panel = 0; panel * COLUMNS < deep; panel++) {
                    weights(w, key / COLUMNS + panel, count);
                    sumKeyGradients(w, key / COLUMNS + panel, count);
                    transposeSlopes(w, panel, count);
                }
                sumQueryGradients(w, key / KEYS, count, deep);
            }
            storeQueries(w, batch, head, query, count, firstKey / keyStep);
        }
        for (int panel = 0; panel < keyPanels; panel++) {
            int first = firstKey + panel * COLUMNS;
            int count = Math.min(COLUMNS, keyCount - panel * COLUMNS);
            storeKeys(w, w.dK, dK, width, scale, panel, batch, head, first, count);
            storeKeys(w, w.dV, dV, valueWidth, 1, panel, batch, head, first, count);
        }
    }

    private void packKeys(AttentionBackwardWorkspace w, int batch, int head, int first, int count) {
        Panels.pack(AttentionHeads.tokens(k, batch, head), first, count, 0, width, COLUMNS, w.keysDeep, 0, w.stage);
        Panels.pack(AttentionHeads.tokens(v, batch, head), first, count, 0, valueWidth, COLUMNS, w.valuesDeep, 0,
                w.stage);
        StridedMatrix widths = AttentionHeads.widths(k, batch, head);
        for (int key = 0; key < count; key += KEYS) {
            Panels.pack(widths, 0, width, first + key, Math.min(KEYS, count - key), COLUMNS, w.keysFlat,
                    key / KEYS * panels(width, COLUMNS, KEYS), w.stage);
        }
    }

    private void packQueries(AttentionBackwardWorkspace w, int batch, int head, int first, int count) {
        Panels.pack(AttentionHeads.tokens(q, batch, head), first, count, 0, width, ROWS, w.queriesDeep, 0, w.stage);
        AttentionForward.scale(w.queriesDeep, panels(count, ROWS, width), logitScale);
        Panels.pack(AttentionHeads.widths(q, batch, head), 0, width, first, count, ROWS, w.queriesFlat, 0, w.stage);
        Panels.pack(AttentionHeads.tokens(dOut, batch, head), first, count, 0, valueWidth, ROWS, w.gradientsDeep, 0,
                w.stage);
        Panels.pack(AttentionHeads.widths(dOut, batch, head), 0, valueWidth, first, count, ROWS, w.gradientsFlat, 0,
                w.stage);
        MemorySegment logs = CpuBuffer.segment(logSumExp);
        long stride = logSumExp.layout().stride(2);
        long at = logSumExp.layout().offset() + batch * logSumExp.layout().stride(0)
                + head * logSumExp.layout().stride(1) + first * stride;
        for (int i = 0; i < count; i++) {
            w.logs[i] = (float) (logs.get(F32, 4 * (at + i * stride)) * LOG2_E);
            w.deltas[i] = delta(AttentionHeads.start(dOut, batch, head) + 4 * (first + i) * dOut.layout().stride(1),
                    AttentionHeads.start(out, batch, head) + 4 * (first + i) * out.layout().stride(1));
        }
    }

    private float delta(long gradientAt, long resultAt) {
        MemorySegment gradient = CpuBuffer.segment(dOut);
        MemorySegment result = CpuBuffer.segment(out);
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < valueWidth; i += 2) {
            even += (double) gradient.get(F32, gradientAt + 4L * i) * result.get(F32, resultAt + 4L * i);
            odd += (double) gradient.get(F32, gradientAt + 4L * i + 4) * result.get(F32, resultAt + 4L * i + 4);
        }
        if (i < valueWidth) {
            even += (double) gradient.get(F32, gradientAt + 4L * i) * result.get(F32, resultAt + 4L * i);
        }
        return (float) (even + odd);
    }

    /** P and dS (without the factor scale) of the block's queries and one panel of keys. */
    private void weights(AttentionBackwardWorkspace w, int panel, int count) {
        int keyPanel = panel * Panels.distance(width, COLUMNS);
        int valuePanel = panel * Panels.distance(valueWidth, COLUMNS);
        for (int i = 0; i * ROWS < count; i++) {
            Microkernel.multiply(w.queriesDeep, i * Panels.distance(width, ROWS), w.keysDeep, keyPanel, w.weights,
                    i * TILE, width);
            Microkernel.multiply(w.gradientsDeep, i * Panels.distance(valueWidth, ROWS), w.valuesDeep, valuePanel,
                    w.slopes, LEAD + i * TILE, valueWidth);
        }
        slopes(w.weights, w.slopes, w.logs, w.deltas, count);
    }

    private static void slopes(float[] weights, float[] slopes, float[] logs, float[] deltas, int count) {
        for (int i = 0; i < count; i++) {
            int p = 2 * LANES * i;
            FloatVector left = VectorMath.exp2(FloatVector.fromArray(S, weights, p).sub(logs[i]));
            FloatVector right = VectorMath.exp2(FloatVector.fromArray(S, weights, p + LANES).sub(logs[i]));
            left.intoArray(weights, p);
            right.intoArray(weights, p + LANES);
            FloatVector.fromArray(S, slopes, LEAD + p).sub(deltas[i]).mul(left).intoArray(slopes, LEAD + p);
            FloatVector.fromArray(S, slopes, LEAD + p + LANES).sub(deltas[i]).mul(right)
                    .intoArray(slopes, LEAD + p + LANES);
        }
    }

    private void sumKeyGradients(AttentionBackwardWorkspace w, int panel, int count) {
        int distance = Panels.distance(count, ROWS);
        int toV = LEAD + panel * sumSize(valueWidth);
        for (int i = 0; i * ROWS < valueWidth; i++) {
            Microkernel.multiplyAdd(w.gradientsFlat, i * distance, w.weights, 0, w.dV, toV + i * TILE, count);
        }
        int toK = LEAD + panel * sumSize(width);
        for (int i = 0; i * ROWS < width; i++) {
            Microkernel.multiplyAdd(w.queriesFlat, i * distance, w.slopes, LEAD, w.dK, toK + i * TILE, count);
        }
    }

    private static void transposeSlopes(AttentionBackwardWorkspace w, int panelInBlock, int count) {
        for (int i = 0; i * ROWS < count; i++) {
            int to = i * Panels.distance(KEYS, ROWS) + panelInBlock * COLUMNS * ROWS;
            // Backwards, as in packing: surplus rows are overwritten.
            for (int group = (ROWS - 1) / 8 * 8; group >= 0; group -= 8) {
                Transpose8.run(w.slopes, LEAD + i * TILE + group * COLUMNS, COLUMNS, Math.min(8, ROWS - group), COLUMNS,
                        w.slopesDeep, to + group, ROWS);
            }
        }
    }

    private void sumQueryGradients(AttentionBackwardWorkspace w, int block, int count, int deep) {
        int widthPanels = (width + COLUMNS - 1) / COLUMNS;
        int from = block * panels(width, COLUMNS, KEYS);
        for (int j = 0; j < widthPanels; j++) {
            for (int i = 0; i * ROWS < count; i++) {
                Microkernel.multiplyAdd(w.slopesDeep, i * Panels.distance(KEYS, ROWS), w.keysFlat,
                        from + j * Panels.distance(deep, COLUMNS), w.dQ, (i * widthPanels + j) * TILE, deep);
            }
        }
    }

    private void storeQueries(AttentionBackwardWorkspace w, int batch, int head, int first, int count, int part) {
        int widthPanels = (width + COLUMNS - 1) / COLUMNS;
        AttentionForward.scale(w.dQ, roundUp(count, ROWS) * widthPanels * COLUMNS, scale);
        long start = AttentionHeads.start(dQ, batch, head) + 4 * first * dQ.layout().stride(1);
        long rowBytes = 4 * dQ.layout().stride(1);
        for (int i = 0; i * ROWS < count; i++) {
            int high = Math.min(ROWS, count - i * ROWS);
            for (int j = 0; j < widthPanels; j++) {
                int wide = Math.min(COLUMNS, width - j * COLUMNS);
                int tile = (i * widthPanels + j) * TILE;
                if (partialQ == null) {
                    Panels.storeTile(w.dQ, tile, high, wide, CpuBuffer.segment(dQ),
                            start + i * ROWS * rowBytes + 4L * j * COLUMNS, rowBytes, false);
                } else {
                    for (int r = 0; r < high; r++) {
                        System.arraycopy(w.dQ, tile + r * COLUMNS, partialQ,
                                partialAt(part, batch, first + i * ROWS + r, head) + j * COLUMNS, wide);
                    }
                }
            }
        }
    }

    private int partialAt(int part, int batch, int query, int head) {
        return (((part * Math.toIntExact(q.size(0)) + batch) * queries + query) * heads + head) * width;
    }

    /** Adds the parts of dQ for all heads of one token, in order. */
    private void addParts(int token) {
        int batch = token / queries;
        int query = token % queries;
        int row = heads * width;
        float[] sum = Scratch.room(row);
        System.arraycopy(partialQ, partialAt(0, batch, query, 0), sum, 0, row);
        for (int part = 1; part < parts; part++) {
            int at = partialAt(part, batch, query, 0);
            for (int i = 0; i < row; i++) {
                sum[i] += partialQ[at + i];
            }
        }
        for (int head = 0; head < heads; head++) {
            MemorySegment.copy(sum, head * width, CpuBuffer.segment(dQ), F32,
                    AttentionHeads.start(dQ, batch, head) + 4 * query * dQ.layout().stride(1), width);
        }
    }

    private static void storeKeys(AttentionBackwardWorkspace w, float[] sums, Operand to, int width, float factor,
            int panel, int batch, int head, int first, int count) {
        Arrays.fill(w.factors, factor);
        TransposedResult.store(sums, LEAD + panel * sumSize(width), width, w.factors, count, CpuBuffer.segment(to),
                AttentionHeads.start(to, batch, head) + 4 * first * to.layout().stride(1), 4 * to.layout().stride(1),
                w.stage);
    }
}
