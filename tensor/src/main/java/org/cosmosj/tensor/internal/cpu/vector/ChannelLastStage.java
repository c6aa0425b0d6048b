package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
        int source = frame * t.step() + t.offsets()[firstTap + liveTap];
        ConvScratch scratch = ConvScratch.current();
        scratch.panel = ConvScratch.atLeast(scratch.panel, 4L * pitch);
        Arrays.fill(scratch.panel, 0, 4 * pitch, 0f);
        int rows = range.stageRow(s + 1) - range.stageRow(s);
        for (int r = 0; r < rows; r++) {
            int row = range.inputRow(s) + r;
            int line = ((liveTap * range.stageRows() + range.stageRow(s) + r) * pitch) * channels;
            for (int c = group * GROUP; c < Math.min(channels, (group + 1) * GROUP); c += 4) {
                int count = Math.min(4, channels - c);
                if (row < 0 || row >= y.inputs()) {
                    zero(stage, line + c, count);
                    continue;
                }
                for (int i = 0; i < count; i++) {
                    long plane = ((long) (range.firstSample() + s) * channels + c + i) * t.inputs() + source;
                    copyRow(start + 4 * (plane * y.inputs() + row) * x.inputs(), scratch.panel, i * pitch);
                }
                spread(scratch.panel, stage, line + c, count);
            }
        }
    }

    /** The part of an input row that the stage holds; the columns of padding around it stay as they are. */
    private void copyRow(long source, float[] target, int to) {
        int from = Math.max(-x.low(), 0);
        int end = Math.min(pitch, x.inputs() - x.low());
        InputStage.copy(memory, source + 4L * (from + x.low()), target, to + from, end - from);
    }

    private void zero(float[] stage, int to, int count) {
        for (int column = 0; column < pitch; column++, to += channels) {
            for (int i = 0; i < count; i++) {
                stage[to + i] = 0f;
            }
        }
    }

    private void spread(float[] rows, float[] stage, int to, int count) {
        if (count == 4) {
            spread4(rows, pitch, stage, to, channels);
            return;
        }
        for (int column = 0; column < pitch; column++, to += channels) {
            for (int i = 0; i < count; i++) {
                stage[to + i] = rows[i * pitch + column];
            }
        }
    }

    private static void spread4(float[] rows, int pitch, float[] stage, int to, int step) {
        for (int column = 0; column < pitch; column++, to += step) {
            stage[to] = rows[column];
            stage[to + 1] = rows[pitch + column];
            stage[to + 2] = rows[2 * pitch + column];
            stage[to + 3] = rows[3 * pitch + column];
        }
    }
}
