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
 * taps). A task owns a range of columns: it stages the inputs of a block of channels, packs a panel of columns, and
 * multiplies it with all panels of weights. The order of a result's sum depends on the channels, the taps and the
 * frame's number only, not on the batch or the threads. Taps of T that meet only padding are left out.
 */
final class Correlation {
    private static final int COLUMNS = Microkernel.COLUMNS;
    private static final int ROWS = Microkernel.ROWS;
    /** Longest sum in one go: both panels fit into the first-level cache together. */
    private static final int DEPTH = 288;
    /** Floats of a task's sums: they and the weights of a block fit into the second-level cache. */
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
        int taps = empty ? 1 : (end - first) * planeTaps;
        int blocks = Math.max(1, (channels * taps + DEPTH - 1) / DEPTH);
        this.blockChannels = Math.max(1, (channels + blocks - 1) / blocks);
        this.weights = empty ? null : new PackedWeights(weight, transposed, Arrays.copyOfRange(t.taps(), first, end),
                y.taps(), x.taps(), blockChannels);
    }

    /** Computes all results. */
    static void run(Operand input, Operand weight, boolean transposed, float[] bias, ConvAxis[] axes, Operand out) {
        if (out.numel() > 0 && axes[0].results() > 0 && axes[1].results() > 0 && axes[2].results() > 0) {
            new Correlation(input, weight, transposed, bias, axes, out).run();
        }
    }

    private void run() {
        int range = range();
        int ranges = (columns + range - 1) / range;
        Parallel.run(t.results() * ranges, i -> {
            int first = i % ranges * range;
            compute(i / ranges, first, Math.min(first + range, columns));
        });
    }

    /** Columns of a task. */
    private int range() {
        int panels = Math.clamp(TASK_SUMS / (rowPanels() * ROWS * COLUMNS), 4, MAX_PANELS);
        int tasks = TASKS_PER_THREAD * Parallel.threads();
        long fair = ((long) columns * t.results() / tasks + COLUMNS - 1) / COLUMNS;
        return COLUMNS * (int) Math.max(2, Math.min(panels, fair));
    }

    private int rowPanels() {
        return (rows + ROWS - 1) / ROWS;
    }

    private void compute(int frame, int first, int end) {
        ConvScratch scratch = ConvScratch.current();
        int panels = (end - first + COLUMNS - 1) / COLUMNS;
        int size = panels * rowPanels() * Microkernel.TILE;
        scratch.tiles = ConvScratch.atLeast(scratch.tiles, size);
        if (channels == 0 || t.firstLive(frame) == t.endLive(frame)) {
            Arrays.fill(scratch.tiles, 0, size, 0f);
        } else {
            multiply(frame, first, end, scratch);
        }
        for (int row = 0; row < rows; row++) {
            store(frame, first, end, row, scratch.tiles);
        }
    }

    private void multiply(int frame, int first, int end, ConvScratch scratch) {
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
            int rowsOfPanel = stage.offsets(width, scratch.offsets);
            for (int panel = 0; panel < copies.panels(); panel++) {
                copies.pack(panel, scratch.stage, scratch.offsets, 0, rowsOfPanel, scratch.panel);
                multiplyPanel(block, stage.firstTap() - firstTap, rowsOfPanel, panel, scratch);
            }
        }
    }

    private void multiplyPanel(int block, int frameTap, int depth, int panel, ConvScratch scratch) {
        int at = panel * rowPanels() * Microkernel.TILE;
        for (int rowPanel = 0; rowPanel < rowPanels(); rowPanel++, at += Microkernel.TILE) {
            int from = weights.start(block, rowPanel, frameTap);
            if (block == 0) {
                Microkernel.multiply(weights.panels(), from, scratch.panel, 0, scratch.tiles, at, depth);
            } else {
                Microkernel.multiply(weights.panels(), from, scratch.panel, 0, scratch.tile, 0, depth);
                addTile(scratch.tile, scratch.tiles, at);
            }
        }
    }

    /** {@code sums += tile}, apart from the multiplication so that long sums stay accurate. */
    static void addTile(float[] tile, float[] sums, int at) {
        for (int i = 0; i < Microkernel.TILE; i += Species.LANES) {
            FloatVector.fromArray(Species.FLOAT, sums, at + i).add(FloatVector.fromArray(Species.FLOAT, tile, i))
                    .intoArray(sums, at + i);
        }
    }

    /** Writes one row of the sums: runs of results that lie in one sample, or in one row if results are spaced. */
    private void store(int frame, int first, int end, int row, float[] tiles) {
        float add = bias == null ? 0f : bias[row];
        int perSample = y.results() * x.results();
        boolean dense = y.outStep() == 1 && x.outStep() == 1;
        int runLength = dense ? perSample : x.results();
        long frames = outFrames;
        for (int p = first; p < end;) {
            int lane = (p - first) % COLUMNS;
            int length = Math.min(Math.min(COLUMNS - lane, end - p), runLength - p % runLength);
            int from = (((p - first) / COLUMNS * rowPanels() + row / ROWS) * ROWS + row % ROWS) * COLUMNS + lane;
            int inSample = p % perSample;
            long plane = ((long) (p / perSample) * rows + row) * frames + t.outStart() + (long) frame * t.outStep();
            long line = plane * outHeight + y.outStart() + (long) (inSample / x.results()) * y.outStep();
            long to = line * outWidth + x.outStart() + (long) (inSample % x.results()) * x.outStep();
            storeRun(tiles, from, length, add, outStart + 4 * to);
            p += length;
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
