package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/**
 * {@code dW[o, c, m] = sum_{n, q} dOut[n, o, q] in[n, c, q step + offsets[m]]}: a matrix product whose depth is the
 * results, a chunk of one frame at a time. For each chunk the threads first transpose both sides together, then share
 * the columns (tap of H, tap of W, channel) of each tap of T. A sum runs over the results of a chunk in their order and
 * is then added to those of the chunks before, whoever computes it.
 */
final class WeightGradient {
    private static final int COLUMNS = Microkernel.COLUMNS;
    private static final int ROWS = Microkernel.ROWS;
    /** Longest sum in one go: at 256 bits both panels fit into the first-level cache together. */
    private static final int DEPTH = 288;
    /** Results of a chunk: many, so that threads meet rarely and reread few rows of the neighbouring chunks. */
    private static final int CHUNK = 4 * DEPTH;

    private final Operand dOut;
    private final Operand input;
    private final ConvAxis t;
    private final ConvAxis y;
    private final ConvAxis x;
    private final int rows;
    private final int channels;
    private final int results;
    private final int columns;
    private final int firstTap;
    private final int endTap;
    private final float[] sums;
    private final ConvScratch caller = ConvScratch.current();

    private WeightGradient(Operand dOut, Operand input, ConvAxis[] axes) {
        this.dOut = dOut;
        this.input = input;
        this.t = axes[0];
        this.y = axes[1];
        this.x = axes[2];
        this.rows = (int) dOut.size(1);
        this.channels = (int) input.size(1);
        this.results = Math.toIntExact(dOut.size(0) * y.results() * x.results());
        this.columns = y.size() * x.size() * channels;
        this.firstTap = Math.min(t.firstUsed(), t.endUsed());
        this.endTap = t.endUsed();
        int size = Math.toIntExact((long) (endTap - firstTap) * columnPanels() * rowPanels() * Microkernel.TILE);
        caller.weights = ConvScratch.atLeast(caller.weights, size);
        this.sums = caller.weights;
        Arrays.fill(sums, 0, size, 0f);
    }

    /** Computes the gradient. */
    static void run(Operand dOut, Operand input, ConvAxis[] axes, Operand dWeight, Accumulation accumulation) {
        WeightGradient gradient = new WeightGradient(dOut, input, axes);
        int chunks = (gradient.results + CHUNK - 1) / CHUNK;
        for (int frame = 0; frame < gradient.t.results(); frame++) {
            for (int i = 0; i < chunks; i++) {
                gradient.addChunk(frame, (int) ((long) gradient.results * i / chunks),
                        (int) ((long) gradient.results * (i + 1) / chunks));
            }
        }
        Parallel.run(gradient.rows, row -> gradient.store(row, dWeight, accumulation));
    }

    private int columnPanels() {
        return (columns + COLUMNS - 1) / COLUMNS;
    }

    private int rowPanels() {
        return (rows + ROWS - 1) / ROWS;
    }

    private void addChunk(int frame, int first, int end) {
        if (t.firstLive(frame) == t.endLive(frame) || columns == 0 || first == end) {
            return;
        }
        ChannelLastStage stage = new ChannelLastStage(input, t, y, x, frame, new ResultRange(first, end, y, x));
        int depth = end - first;
        caller.sharedStage = ConvScratch.atLeast(caller.sharedStage, stage.size());
        caller.sharedPanels = ConvScratch.atLeast(caller.sharedPanels, (long) rowPanels() * ROWS * depth);
        caller.sharedOffsets = ConvScratch.atLeast(caller.sharedOffsets, depth);
        stage.offsets(caller.sharedOffsets);
        float[] staged = caller.sharedStage;
        float[] panels = caller.sharedPanels;
        int[] offsets = caller.sharedOffsets;
        Parallel.run(rowPanels() + stage.units(), i -> {
            if (i < rowPanels()) {
                packRows(i, frame, first, end, panels);
            } else {
                stage.fill(i - rowPanels(), staged);
            }
        });
        Parallel.run(stage.liveTaps() * columnPanels(),
                i -> addColumns(stage, i / columnPanels(), i % columnPanels(), staged, offsets, panels, depth));
    }

    /** {@code panels[row panel][result][row in panel]}, zero past the last row. */
    private void packRows(int panel, int frame, int first, int end, float[] panels) {
        ConvScratch scratch = ConvScratch.current();
        int depth = end - first;
        scratch.panel = ConvScratch.atLeast(scratch.panel, (long) ROWS * depth);
        int perSample = y.results() * x.results();
        MemorySegment memory = CpuBuffer.segment(dOut);
        for (int r = 0; r < ROWS; r++) {
            int row = panel * ROWS + r;
            if (row >= rows) {
                Arrays.fill(scratch.panel, r * depth, (r + 1) * depth, 0f);
                continue;
            }
            for (int p = first; p < end;) {
                int length = Math.min(perSample - p % perSample, end - p);
                long plane = ((long) (p / perSample) * rows + row) * t.results() + frame;
                InputStage.copy(memory, dOut.byteOffset() + 4 * (plane * perSample + p % perSample), scratch.panel,
                        r * depth + p - first, length);
                p += length;
            }
        }
        interleave(scratch.panel, depth, panels, panel * ROWS * depth);
    }

    private static void interleave(float[] rows, int depth, float[] panels, int to) {
        for (int r = 0; r < ROWS; r += 2) {
            int left = r * depth;
            int right = left + depth;
            int at = to + r;
            for (int p = 0; p < depth; p++, at += ROWS) {
                panels[at] = rows[left + p];
                panels[at + 1] = rows[right + p];
            }
        }
    }

    private void addColumns(ChannelLastStage stage, int liveTap, int panel, float[] staged, int[] offsets,
            float[] rowsOfChunk, int depth) {
        ConvScratch scratch = ConvScratch.current();
        PanelCopies copies = scratch.copies;
        copies.clear();
        stage.addRuns(liveTap, panel * COLUMNS, Math.min((panel + 1) * COLUMNS, columns), copies);
        scratch.panel = ConvScratch.atLeast(scratch.panel, DEPTH * COLUMNS + PanelCopies.SLACK);
        scratch.tiles = ConvScratch.atLeast(scratch.tiles, rowPanels() * Microkernel.TILE);
        Arrays.fill(scratch.tiles, 0, rowPanels() * Microkernel.TILE, 0f);
        int blocks = (depth + DEPTH - 1) / DEPTH;
        for (int block = 0; block < blocks; block++) {
            int from = depth * block / blocks;
            int length = depth * (block + 1) / blocks - from;
            copies.pack(0, staged, offsets, from, length, scratch.panel);
            for (int i = 0; i < rowPanels(); i++) {
                Microkernel.multiplyAdd(rowsOfChunk, (i * depth + from) * ROWS, scratch.panel, 0, scratch.tiles,
                        i * Microkernel.TILE, length);
            }
        }
        int to = ((stage.firstTap() + liveTap - firstTap) * columnPanels() + panel) * rowPanels() * Microkernel.TILE;
        add(scratch.tiles, sums, to, rowPanels() * Microkernel.TILE);
    }

    /** Apart from the multiplication, so that long sums stay accurate. */
    private static void add(float[] chunk, float[] sums, int to, int length) {
        for (int i = 0; i < length; i += Species.LANES) {
            FloatVector.fromArray(Species.FLOAT, sums, to + i).add(FloatVector.fromArray(Species.FLOAT, chunk, i))
                    .intoArray(sums, to + i);
        }
    }

    /** Writes the gradient of one row, (C, kT, kH, kW). */
    private void store(int row, Operand dWeight, Accumulation accumulation) {
        int frameTaps = t.size();
        int planeTaps = y.size() * x.size();
        int taps = frameTaps * planeTaps;
        int size = channels * taps;
        ConvScratch scratch = ConvScratch.current();
        scratch.panel = ConvScratch.atLeast(scratch.panel, size);
        float[] values = scratch.panel;
        if (endTap - firstTap < frameTaps) {
            Arrays.fill(values, 0, size, 0f);
        }
        for (int i = firstTap; i < endTap; i++) {
            for (int column = 0; column < columns; column += COLUMNS) {
                int from = ((((i - firstTap) * columnPanels() + column / COLUMNS) * rowPanels() + row / ROWS) * ROWS
                        + row % ROWS) * COLUMNS;
                for (int lane = 0; lane < Math.min(COLUMNS, columns - column); lane++) {
                    int tap = (column + lane) / channels;
                    values[(column + lane - tap * channels) * taps + i * planeTaps + tap] = sums[from + lane];
                }
            }
        }
        write(values, size, CpuBuffer.segment(dWeight), dWeight.byteOffset() + 4L * row * size, accumulation);
    }

    private static void write(float[] values, int size, MemorySegment memory, long start, Accumulation accumulation) {
        boolean add = accumulation == Accumulation.ADD;
        int i = 0;
        for (; i < Floats.whole(size); i += Species.LANES) {
            FloatVector value = FloatVector.fromArray(Species.FLOAT, values, i);
            Floats.store(memory, start, i, add ? Floats.load(memory, start, i).add(value) : value);
        }
        for (; i < size; i++) {
            Floats.set(memory, start, i, add ? Floats.get(memory, start, i) + values[i] : values[i]);
        }
    }

    /** {@code dBias[o] = sum_{n, q} dOut[n, o, q]}: each sample's results by lanes, these and the samples in order. */
    static void bias(Operand dOut, Operand dBias, Accumulation accumulation) {
        int rows = (int) dOut.size(1);
        int perSample = Math.toIntExact(dOut.size(2) * dOut.size(3) * dOut.size(4));
        MemorySegment memory = CpuBuffer.segment(dOut);
        MemorySegment target = CpuBuffer.segment(dBias);
        Parallel.run(rows, row -> {
            double sum = 0;
            for (int n = 0; n < dOut.size(0); n++) {
                sum += sum(memory, dOut.byteOffset() + 4L * (n * (long) rows + row) * perSample, perSample);
            }
            float old = accumulation == Accumulation.ADD ? Floats.get(target, dBias.byteOffset(), row) : 0f;
            Floats.set(target, dBias.byteOffset(), row, old + (float) sum);
        });
    }

    private static double sum(MemorySegment memory, long start, int count) {
        FloatVector first = FloatVector.zero(Species.FLOAT);
        FloatVector second = first;
        int i = 0;
        for (; i <= count - 2 * Species.LANES; i += 2 * Species.LANES) {
            first = first.add(Floats.load(memory, start, i));
            second = second.add(Floats.load(memory, start, i + Species.LANES));
        }
        double sum = 0;
        float[] lanes = ConvScratch.current().lanes;
        first.add(second).intoArray(lanes, 0);
        for (int lane = 0; lane < Species.LANES; lane++) {
            sum += lanes[lane];
        }
        for (; i < count; i++) {
            sum += Floats.get(memory, start, i);
        }
        return sum;
    }
}
