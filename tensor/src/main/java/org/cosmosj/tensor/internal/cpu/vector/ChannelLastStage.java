package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * The zero-padded inputs of a range of results with channels innermost:
 * {@code stage[live frame][row][column][channel]}. What one result reads through the (tap of W, channel) pairs of one
 * tap of T and H is then contiguous.
 */
final class ChannelLastStage {
    /** Channels of one unit of copying: a cache line. */
    private static final int GROUP = 16;
    /** Channels copied together. */
    private static final int QUAD = 4;
    /** Columns copied at a time, so that the lines of a group stay in the first-level cache. */
    private static final int BLOCK = 256;

    private final MemorySegment memory;
    private final long start;
    private final int channels;
    private final ConvAxis t;
    private final ConvAxis y;
    private final ConvAxis x;
    private final int pitch;
    private final int frame;
    private final int firstTap;
    private final int liveTaps;
    private final ResultRange range;

    /** The stage of one range of one frame's results. */
    ChannelLastStage(Operand input, ConvAxis t, ConvAxis y, ConvAxis x, int frame, ResultRange range) {
        this.memory = CpuBuffer.segment(input);
        this.start = input.byteOffset();
        this.channels = (int) input.size(1);
        this.t = t;
        this.y = y;
        this.x = x;
        this.pitch = (x.results() - 1) * x.step() + x.span();
        this.frame = frame;
        this.firstTap = t.firstLive(frame);
        this.liveTaps = t.endLive(frame) - firstTap;
        this.range = range;
    }

    /** Floats it takes. */
    long size() {
        return (long) liveTaps * range.stageRows() * pitch * channels + PanelCopies.SLACK;
    }

    /** Taps of T that find an input. */
    int liveTaps() {
        return liveTaps;
    }

    /** First of them. */
    int firstTap() {
        return firstTap;
    }

    /** Writes where each result's first tap stands. */
    void offsets(int[] offsets) {
        int column = range.first() % x.results();
        for (int p = range.first(); p < range.end(); p++) {
            offsets[p - range.first()] = (range.stageRowOf(p) * pitch + column * x.step()) * channels;
            column = column + 1 == x.results() ? 0 : column + 1;
        }
    }

    /** Adds the runs of one panel: columns {@code [first, end)} of (tap of H, tap of W, channel) of a live tap of T. */
    void addRuns(int liveTap, int first, int end, PanelCopies copies) {
        int perRow = x.size() * channels;
        copies.beginPanel();
        for (int column = first; column < end;) {
            int j = column / perRow;
            int length = Math.min(perRow - column % perRow, end - column);
            int row = liveTap * range.stageRows() + y.offsets()[j] - y.low();
            copies.run(column - first, row * pitch * channels + column % perRow, length);
            column += length;
        }
    }

    /** How many independent parts {@link #fill} has. */
    int units() {
        return liveTaps * range.samples() * groups();
    }

    private int groups() {
        return (channels + GROUP - 1) / GROUP;
    }

    /** Copies one part: a group of channels of one sample and one live frame. */
    void fill(int unit, float[] stage) {
        int group = unit % groups();
        int s = unit / groups() % range.samples();
        int liveTap = unit / groups() / range.samples();
        int rows = range.stageRow(s + 1) - range.stageRow(s);
        int line = (liveTap * range.stageRows() + range.stageRow(s)) * pitch * channels;
        int block = Math.max(1, BLOCK / pitch);
        for (int row = 0; row < rows; row += block) {
            int count = Math.min(block, rows - row);
            for (int c = group * GROUP; c < Math.min(channels, (group + 1) * GROUP); c += QUAD) {
                fillRows(liveTap, range.firstSample() + s, c, range.inputRow(s) + row, count, stage,
                        line + row * pitch * channels + c);
            }
        }
    }

    /** Copies some rows of up to four channels: first each as it lies, then all together between one another. */
    private void fillRows(int liveTap, int sample, int c, int firstRow, int rows, float[] stage, int to) {
        int count = Math.min(QUAD, channels - c);
        int from = Math.clamp(firstRow, 0, y.inputs());
        int end = Math.clamp(firstRow + rows, from, y.inputs());
        int size = (end - from) * x.inputs();
        ConvScratch scratch = ConvScratch.current();
        scratch.panel = ConvScratch.atLeast(scratch.panel, (long) QUAD * size);
        int source = frame * t.step() + t.offsets()[firstTap + liveTap];
        for (int i = 0; i < count; i++) {
            long plane = ((long) sample * channels + c + i) * t.inputs() + source;
            long first = (plane * y.inputs() + from) * x.inputs();
            InputStage.copy(memory, start + 4 * first, scratch.panel, i * size, size);
        }
        // The part of a row that lies inside the input, in columns of the stage.
        int left = Math.clamp(-x.low(), 0, pitch);
        int right = Math.clamp(x.inputs() - x.low(), left, pitch);
        for (int row = firstRow; row < firstRow + rows; row++, to += pitch * channels) {
            boolean inside = row >= from && row < end;
            zero(stage, to, count, 0, inside ? left : pitch);
            if (inside) {
                spread(scratch.panel, (row - from) * x.inputs() + left + x.low(), size, right - left, stage,
                        to + left * channels, count);
                zero(stage, to, count, right, pitch);
            }
        }
    }

    private void zero(float[] stage, int to, int count, int first, int end) {
        for (int column = first; column < end; column++) {
            for (int i = 0; i < count; i++) {
                stage[to + column * channels + i] = 0f;
            }
        }
    }

    private void spread(float[] values, int from, int size, int length, float[] stage, int to, int count) {
        if (count == QUAD) {
            spreadQuad(values, from, size, length, stage, to, channels);
            return;
        }
        for (int i = 0; i < count; i++) {
            for (int column = 0; column < length; column++) {
                stage[to + column * channels + i] = values[from + i * size + column];
            }
        }
    }

    private static void spreadQuad(float[] values, int from, int size, int length, float[] stage, int to, int step) {
        for (int column = from; column < from + length; column++, to += step) {
            stage[to] = values[column];
            stage[to + 1] = values[size + column];
            stage[to + 2] = values[2 * size + column];
            stage[to + 3] = values[3 * size + column];
        }
    }
}
