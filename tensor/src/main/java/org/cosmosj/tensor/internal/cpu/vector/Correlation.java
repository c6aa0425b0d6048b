package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;

/**
 * {@code out[n, o, q] = bias[o] + sum_{c, m} w[o, c, taps[m]] in[n, c, q step + offsets[m]]}, q and m over (T, H, W):
 * the forward pass of a convolution, and one residue class (modulo the strides) of the gradient of its input.
 *
 * <p>A matrix product whose columns are the results of one frame across rows and samples, and whose depth is (channels,
 * taps). A task owns a range of columns and some of the rows o: it stages the inputs of a block of channels, packs a
 * panel of columns, and multiplies it with its panels of weights. A result's sum runs in an order that depends on the
 * channels, the taps and the frame only, not on the batch or the threads. Taps of T that meet only padding are left
 * out.
 */
final class Correlation {
    private static final int COLUMNS = Microkernel.COLUMNS;
    private static final int ROWS = Microkernel.ROWS;
    /** Longest sum in one go: at 256 bits both panels fit into the first-level cache together. */
    private static final int DEPTH = 288;
    /** Rows of a task: the weights of a block of channels for so many rows fit into the second-level cache. */
    private static final int TASK_ROWS = 192;
    /** Floats of a task's sums, which share that cache. */
    private static final int TASK_SUMS = 40 * 1024;
    private static final int MAX_PANELS = 512 / COLUMNS;
    private static final int TASKS_PER_THREAD = 4;

    private final Operand input;
    private final MemorySegment out;
    private final long outStart;
    private final float[] bias;
    private final ConvAxis t;
    private final ConvAxis y;
    private final ConvAxis x;
    private final int rows;
    private final int outFrames;
    private final int outHeight;
    private final int outWidth;
    private final int columns;
    private final int channels;
    private final int blockChannels;
    private final int firstTap;
    private final PackedWeights weights;

    private Correlation(Operand input, Operand weight, boolean transposed, float[] bias, ConvAxis[] axes, Operand out) {
        this.input = input;
        this.out = CpuBuffer.segment(out);
        this.outStart = out.byteOffset();
        this.bias = bias;
        this.t = axes[0];
        this.y = axes[1];
        this.x = axes[2];
        this.rows = (int) out.size(1);
        this.outFrames = (int) out.size(2);
        this.outHeight = (int) out.size(3);
        this.outWidth = (int) out.size(4);
        this.columns = Math.toIntExact(out.size(0) * y.results() * x.results());
        int first = t.firstUsed();
        int end = t.endUsed();
        int planeTaps = y.size() * x.size();
        boolean empty = first >= end || planeTaps == 0;
        this.firstTap = first;
        this.channels = empty ? 0 : (int) input.size(1);
        // All taps, used or not: else the cut, and with it the bits, would depend on the other frames of the call.
        int taps = empty ? 1 : t.size() * planeTaps;
        int blocks = Math.max(1, (channels * taps + DEPTH - 1) / DEPTH);
        this.blockChannels = Math.max(1, (channels + blocks - 1) / blocks);
        this.weights = empty
                ? null
                : new PackedWeights(weight, transposed, Arrays.copyOfRange(t.taps(), first, end),
                        y.taps(), x.taps(), blockChannels);
    }

    /** Computes all results. */
    static void run(Operand input, Operand weight, boolean transposed, float[] bias, ConvAxis[] axes, Operand out) {
        if (out.numel() > 0 && axes[0].results() > 0 && axes[1].results() > 0 && axes[2].results() > 0) {
            new Correlation(input, weight, transposed, bias, axes, out).run();
        }
    }

    private void run() {
        int rowTasks = (rowPanels() * ROWS + TASK_ROWS - 1) / TASK_ROWS;
        int range = range(rowTasks);
        int ranges = (columns + range - 1) / range;
        Parallel.run(t.results() * ranges * rowTasks, i -> {
            int rowTask = i % rowTasks;
            int first = i / rowTasks % ranges * range;
            compute(i / rowTasks / ranges, first, Math.min(first + range, columns), rowPanels() * rowTask / rowTasks,
                    rowPanels() * (rowTask + 1) / rowTasks);
        });
    }

    /** Columns of a task. */
    private int range(int rowTasks) {
        int panels = Math.clamp(TASK_SUMS / (rowPanels() / rowTasks * ROWS * COLUMNS), 4, MAX_PANELS);
        int tasks = TASKS_PER_THREAD * Parallel.threads();
        long fair = ((long) columns * t.results() * rowTasks / tasks + COLUMNS - 1) / COLUMNS;
        return COLUMNS * (int) Math.max(2, Math.min(panels, fair));
    }

    private int rowPanels() {
        return (rows + ROWS - 1) / ROWS;
    }

    private void compute(int frame, int first, int end, int firstPanel, int endPanel) {
        ConvScratch scratch = ConvScratch.current();
        int panels = (end - first + COLUMNS - 1) / COLUMNS;
        int size = panels * (endPanel - firstPanel) * Microkernel.TILE;
        scratch.tiles = ConvScratch.atLeast(scratch.tiles, size);
        Arrays.fill(scratch.tiles, 0, size, 0f);
        if (channels > 0 && t.firstLive(frame) < t.endLive(frame)) {
            multiply(frame, first, end, firstPanel, endPanel, scratch);
        }
        findRuns(frame, first, end, scratch.runs);
        long rowStride = (long) outFrames * outHeight * outWidth;
        for (int row = firstPanel * ROWS; row < Math.min(rows, endPanel * ROWS); row++) {
            int from = ((row / ROWS - firstPanel) * ROWS + row % ROWS) * COLUMNS;
            store(scratch.tiles, from, (endPanel - firstPanel) * Microkernel.TILE, scratch.runs,
                    outStart + 4 * row * rowStride, bias == null ? 0f : bias[row]);
        }
    }

    private void multiply(int frame, int first, int end, int firstPanel, int endPanel, ConvScratch scratch) {
        InputStage stage = new InputStage(input, t, y, x);
        PanelCopies copies = scratch.copies;
        stage.cover(frame, first, end, copies);
        int depth = stage.liveTaps() * blockChannels * y.size() * x.size();
        scratch.stage = ConvScratch.atLeast(scratch.stage, stage.size(blockChannels));
        scratch.offsets = ConvScratch.atLeast(scratch.offsets, depth);
        scratch.panel = ConvScratch.atLeast(scratch.panel, (long) depth * COLUMNS + PanelCopies.SLACK);
        stage.clear(scratch.stage, blockChannels);
        for (int block = 0; block * blockChannels < channels; block++) {
            int width = weights.blockWidth(block);
            stage.fill(scratch.stage, block * blockChannels, width);
            int terms = stage.offsets(width, scratch.offsets);
            int at = 0;
            for (int panel = 0; panel < copies.panels(); panel++) {
                copies.pack(panel, scratch.stage, scratch.offsets, 0, terms, scratch.panel);
                for (int rowPanel = firstPanel; rowPanel < endPanel; rowPanel++, at += Microkernel.TILE) {
                    int from = weights.start(block, rowPanel, stage.firstTap() - firstTap);
                    Microkernel.multiplyAdd(weights.panels(), from, scratch.panel, 0, scratch.tiles, at, terms);
                }
            }
        }
    }

    /** Cuts a range where its panels, its samples and, if results are spaced, their rows end. */
    private void findRuns(int frame, int first, int end, ResultRuns runs) {
        int perSample = y.results() * x.results();
        boolean dense = y.outStep() == 1 && x.outStep() == 1;
        int runLength = dense ? perSample : x.results();
        runs.clear();
        for (int p = first; p < end;) {
            int length = Math.min(Math.min(COLUMNS - (p - first) % COLUMNS, end - p), runLength - p % runLength);
            int inSample = p % perSample;
            long plane = ((long) (p / perSample) * rows) * outFrames + t.outStart() + (long) frame * t.outStep();
            long line = plane * outHeight + y.outStart() + (long) (inSample / x.results()) * y.outStep();
            runs.add(p - first, length, line * outWidth + x.outStart() + (long) (inSample % x.results()) * x.outStep());
            p += length;
        }
    }

    /** Writes one row of the sums; its panels lie {@code panelStride} floats apart. */
    private void store(float[] tiles, int start, int panelStride, ResultRuns runs, long rowStart, float add) {
        for (int i = 0; i < runs.count(); i++) {
            int from = start + runs.lane(i) / COLUMNS * panelStride + runs.lane(i) % COLUMNS;
            storeRun(tiles, from, runs.length(i), add, rowStart + 4 * runs.target(i));
        }
    }

    private void storeRun(float[] tiles, int from, int length, float add, long to) {
        int i = 0;
        if (x.outStep() == 1) {
            for (; i <= length - Species.LANES; i += Species.LANES) {
                Floats.store(out, to, i, FloatVector.fromArray(Species.FLOAT, tiles, from + i).add(add));
            }
        }
        for (; i < length; i++) {
            Floats.set(out, to, (long) i * x.outStep(), tiles[from + i] + add);
        }
    }
}
