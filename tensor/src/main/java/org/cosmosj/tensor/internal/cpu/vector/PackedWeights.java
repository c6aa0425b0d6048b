package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.spi.Operand;

/**
 * A convolution's weights as panels for the {@link Microkernel}:
 * {@code [block of channels][panel of rows][tap of T][channel][tap of H][tap of W][row in panel]}, zero past the last
 * row. Taps of T stand outside so that a frame which sees only some of them reads a contiguous part.
 */
final class PackedWeights {
    private static final int ROWS = Microkernel.ROWS;

    private final MemorySegment memory;
    private final long start;
    private final int rows;
    private final int channels;
    private final boolean transposed;
    private final int kernel;
    private final int[] taps;
    private final int frameTaps;
    private final int planeTaps;
    private final int blockChannels;
    private final float[] panels;

    /**
     * Packs.
     *
     * @param weight (O, C, kT, kH, kW)
     * @param transposed whether rows are C and channels are O (gradient of the input), else the reverse
     * @param t taps of T that any frame sees
     * @param y taps of H
     * @param x taps of W
     * @param blockChannels channels of a block
     */
    PackedWeights(Operand weight, boolean transposed, int[] t, int[] y, int[] x, int blockChannels) {
        this.memory = CpuBuffer.segment(weight);
        this.start = weight.byteOffset();
        this.rows = (int) weight.size(transposed ? 1 : 0);
        this.channels = (int) weight.size(transposed ? 0 : 1);
        this.transposed = transposed;
        this.kernel = (int) (weight.size(2) * weight.size(3) * weight.size(4));
        this.frameTaps = t.length;
        this.planeTaps = y.length * x.length;
        this.taps = flatten(t, y, x, (int) weight.size(3), (int) weight.size(4));
        this.blockChannels = blockChannels;
        long size = (long) rowPanels() * ROWS * channels * taps.length;
        ConvScratch scratch = ConvScratch.current();
        scratch.weights = ConvScratch.atLeast(scratch.weights, size);
        this.panels = scratch.weights;
        int blocks = (channels + blockChannels - 1) / blockChannels;
        Parallel.run(blocks * rowPanels(), i -> packPanel(i / rowPanels(), i % rowPanels()));
    }

    private static int[] flatten(int[] t, int[] y, int[] x, int kernelH, int kernelW) {
        int[] taps = new int[t.length * y.length * x.length];
        for (int i = 0; i < taps.length; i++) {
            int inPlane = i % (y.length * x.length);
            int row = t[i / (y.length * x.length)] * kernelH + y[inPlane / x.length];
            taps[i] = row * kernelW + x[inPlane % x.length];
        }
        return taps;
    }

    private void packPanel(int block, int panel) {
        int width = blockWidth(block);
        int first = panel * ROWS;
        int count = Math.min(ROWS, rows - first);
        int to = start(block, panel, 0);
        Arrays.fill(panels, to, to + width * taps.length * ROWS, 0f);
        ConvScratch scratch = ConvScratch.current();
        // One copy brings what is contiguous: all channels of a row, or transposed all rows of a channel.
        int lines = transposed ? width : count;
        int length = (transposed ? count : width) * kernel;
        scratch.panel = ConvScratch.atLeast(scratch.panel, length);
        for (int line = 0; line < lines; line++) {
            long row = transposed ? first : first + line;
            long channel = (long) block * blockChannels + (transposed ? line : 0);
            long from = transposed ? channel * rows + row : row * channels + channel;
            InputStage.copy(memory, start + 4 * from * kernel, scratch.panel, 0, length);
            for (int i = 0; i < length / kernel; i++) {
                scatter(scratch.panel, i * kernel, to, width, transposed ? line : i, transposed ? i : line);
            }
        }
    }

    /** Spreads the kernel of one (row, channel) over its panel. */
    private void scatter(float[] values, int from, int to, int width, int channel, int row) {
        for (int i = 0; i < frameTaps; i++) {
            int at = to + (i * width + channel) * planeTaps * ROWS + row;
            for (int tap = i * planeTaps; tap < (i + 1) * planeTaps; tap++, at += ROWS) {
                panels[at] = values[from + taps[tap]];
            }
        }
    }

    /** Channels of one block. */
    int blockWidth(int block) {
        return Math.min(blockChannels, channels - block * blockChannels);
    }

    /** Panels that hold all rows. */
    int rowPanels() {
        return (rows + ROWS - 1) / ROWS;
    }

    /** The packed floats. */
    float[] panels() {
        return panels;
    }

    /** Where the part of a panel that begins with a tap of T stands; taps count from the first packed one. */
    int start(int block, int panel, int frameTap) {
        int width = blockWidth(block);
        return (block * blockChannels * rowPanels() + panel * width) * taps.length * ROWS
                + frameTap * width * planeTaps * ROWS;
    }
}
