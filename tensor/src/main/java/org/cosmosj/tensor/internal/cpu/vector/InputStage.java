package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * The zero-padded copy of the inputs that a range of results of one frame reads, a block of channels at a time:
 * {@code stage[channel][live frame][row][column mod step][column / step]}. In it every tap of a row of results is a
 * contiguous load, for any stride and padding. A range may cover several samples; each brings its own rows.
 */
final class InputStage {
    private final MemorySegment memory;
    private final long start;
    private final int channels;
    private final ConvAxis t;
    private final ConvAxis y;
    private final ConvAxis x;
    private final int phasePitch;
    private final int pitch;

    private int frame;
    private int firstTap;
    private int liveTaps;
    private ResultRange range;

    /**
     * A stage without a range yet.
     *
     * @param input (N, C, T, H, W)
     * @param t frames
     * @param y rows; at least one tap
     * @param x columns; at least one tap
     */
    InputStage(Operand input, ConvAxis t, ConvAxis y, ConvAxis x) {
        this.memory = CpuBuffer.segment(input);
        this.start = input.byteOffset();
        this.channels = (int) input.size(1);
        this.t = t;
        this.y = y;
        this.x = x;
        this.phasePitch = x.results() + (x.span() - 1) / x.step();
        this.pitch = x.step() * phasePitch;
    }

    /**
     * Chooses the range.
     *
     * @param frame of the results
     * @param first result (sample, row, column)
     * @param end one past the last result
     * @param copies receives one panel per {@link Microkernel#COLUMNS} results
     */
    void cover(int frame, int first, int end, PanelCopies copies) {
        this.frame = frame;
        firstTap = t.firstLive(frame);
        liveTaps = t.endLive(frame) - firstTap;
        range = new ResultRange(first, end, y, x);
        copies.clear();
        for (int p = first; p < end; p += Microkernel.COLUMNS) {
            copies.beginPanel();
            addRuns(p, Math.min(Microkernel.COLUMNS, end - p), copies);
        }
    }

    private void addRuns(int p, int lanes, PanelCopies copies) {
        int perSample = y.results() * x.results();
        // Without a halo between rows they follow each other in the stage as in the results.
        boolean denseRows = pitch == x.results() && y.step() == 1;
        for (int lane = 0; lane < lanes;) {
            int inSample = (p + lane) % perSample;
            int column = inSample % x.results();
            int left = denseRows ? perSample - inSample : x.results() - column;
            int length = Math.min(left, lanes - lane);
            copies.run(lane, range.stageRowOf(p + lane) * pitch + column, length);
            lane += length;
        }
    }

    /** How many time taps of this frame find an input. */
    int liveTaps() {
        return liveTaps;
    }

    /** First of them. */
    int firstTap() {
        return firstTap;
    }

    /** Floats that a block of channels takes. */
    long size(int blockChannels) {
        return (long) blockChannels * liveTaps * range.stageRows() * pitch + PanelCopies.SLACK;
    }

    /** Writes where the stage rows of {@code (tap of T, channel, tap of H, tap of W)} begin, in that order. */
    int offsets(int blockChannels, int[] offsets) {
        int k = 0;
        for (int i = 0; i < liveTaps; i++) {
            for (int c = 0; c < blockChannels; c++) {
                int plane = (c * liveTaps + i) * range.stageRows() * pitch;
                for (int j = 0; j < y.size(); j++) {
                    int row = plane + (y.offsets()[j] - y.low()) * pitch;
                    for (int l = 0; l < x.size(); l++) {
                        int column = x.offsets()[l] - x.low();
                        offsets[k++] = row + column % x.step() * phasePitch + column / x.step();
                    }
                }
            }
        }
        return k;
    }

    /** Zeroes the padding; {@link #fill} never touches it, so once per range is enough. */
    void clear(float[] stage, int blockChannels) {
        Arrays.fill(stage, 0, (int) size(blockChannels), 0f);
    }

    /** Copies a block of channels. */
    void fill(float[] stage, int firstChannel, int blockChannels) {
        int to = 0;
        for (int c = firstChannel; c < firstChannel + blockChannels; c++) {
            for (int i = firstTap; i < firstTap + liveTaps; i++) {
                int source = frame * t.step() + t.offsets()[i];
                for (int s = 0; s < range.samples(); s++) {
                    long plane = ((long) (range.firstSample() + s) * channels + c) * t.inputs() + source;
                    fillRows(stage, to + range.stageRow(s) * pitch, plane, range.inputRow(s),
                            range.stageRow(s + 1) - range.stageRow(s));
                }
                to += range.stageRows() * pitch;
            }
        }
    }

    private void fillRows(float[] stage, int to, long plane, int firstRow, int rows) {
        int from = Math.max(firstRow, 0);
        int end = Math.min(firstRow + rows, y.inputs());
        long source = start + 4 * (plane * y.inputs() + from) * x.inputs();
        int target = to + (from - firstRow) * pitch;
        if (from < end && pitch == x.inputs() && x.low() == 0 && x.step() == 1) {
            copy(memory, source, stage, target, (end - from) * pitch);
            return;
        }
        for (int row = from; row < end; row++) {
            fillRow(stage, target, source);
            source += 4L * x.inputs();
            target += pitch;
        }
    }

    private void fillRow(float[] stage, int to, long source) {
        int low = x.low();
        if (x.step() == 1) {
            int from = Math.max(-low, 0);
            int end = Math.min(phasePitch, x.inputs() - low);
            copy(memory, source + 4L * (from + low), stage, to + from, end - from);
        } else if (x.step() == 2) {
            int from = Math.min((1 - Math.min(low, 0)) / 2, phasePitch);
            spread(stage, to, source, 0, from);
            spread(stage, to, source, spreadPairs(stage, to, source, from), phasePitch);
        } else {
            spread(stage, to, source, 0, phasePitch);
        }
    }

    /** Deals the columns of a row out to their phases. */
    private void spread(float[] stage, int to, long source, int first, int end) {
        for (int phase = 0; phase < x.step(); phase++) {
            for (int q = first; q < end; q++) {
                int column = q * x.step() + phase + x.low();
                if (column >= 0 && column < x.inputs()) {
                    stage[to + phase * phasePitch + q] = Floats.get(memory, source, column);
                }
            }
        }
    }

    /** The same for step 2 by whole vectors of columns inside the input; returns where they end. */
    private int spreadPairs(float[] stage, int to, long source, int first) {
        int q = first;
        for (int column = 2 * q + x.low(); column <= x.inputs() - 2 * Species.LANES
                && q <= phasePitch - Species.LANES; column += 2 * Species.LANES) {
            FloatVector left = Floats.load(memory, source, column);
            FloatVector right = Floats.load(memory, source, column + Species.LANES);
            Pairs.even(left, right).intoArray(stage, to + q);
            Pairs.odd(left, right).intoArray(stage, to + phasePitch + q);
            q += Species.LANES;
        }
        return q;
    }

    /** Copies a row; rows are often shorter than what a bulk copy costs to start. */
    static void copy(MemorySegment memory, long source, float[] target, int to, int length) {
        int i = 0;
        for (; i <= length - Species.LANES; i += Species.LANES) {
            Floats.load(memory, source, i).intoArray(target, to + i);
        }
        for (; i < length; i++) {
            target[to + i] = Floats.get(memory, source, i);
        }
    }
}
