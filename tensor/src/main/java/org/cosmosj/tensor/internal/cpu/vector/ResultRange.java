package org.cosmosj.tensor.internal.cpu.vector;

/**
 * A range of a convolution's results (sample, row, column) of one frame, cut at the samples. Each sample touched brings
 * to a stage the input rows that its results read, whole columns wide.
 */
final class ResultRange {
    private final int first;
    private final int end;
    private final ConvAxis y;
    private final ConvAxis x;
    private final int firstSample;
    private final int[] resultRows;
    /** One more entry than there are samples: the end. */
    private final int[] stageRows;

    /** The results {@code [first, end)}, at least one; both axes have at least one tap. */
    ResultRange(int first, int end, ConvAxis y, ConvAxis x) {
        this.first = first;
        this.end = end;
        this.y = y;
        this.x = x;
        int perSample = y.results() * x.results();
        firstSample = first / perSample;
        resultRows = new int[(end - 1) / perSample - firstSample + 1];
        stageRows = new int[resultRows.length + 1];
        for (int s = 0; s < resultRows.length; s++) {
            int from = Math.max(first - (firstSample + s) * perSample, 0) / x.results();
            int last = (Math.min(end - (firstSample + s) * perSample, perSample) - 1) / x.results();
            resultRows[s] = from;
            stageRows[s + 1] = stageRows[s] + (last - from) * y.step() + y.span();
        }
    }

    /** One past the last result. */
    int end() {
        return end;
    }

    /** First result. */
    int first() {
        return first;
    }

    /** Samples touched. */
    int samples() {
        return resultRows.length;
    }

    /** The first of them. */
    int firstSample() {
        return firstSample;
    }

    /** Where the rows of the s-th sample begin in the stage; for s = samples, how many rows there are. */
    int stageRow(int s) {
        return stageRows[s];
    }

    /** All stage rows. */
    int stageRows() {
        return stageRows[resultRows.length];
    }

    /** Input row that the first stage row of the s-th sample holds; may lie outside the input. */
    int inputRow(int s) {
        return resultRows[s] * y.step() + y.low();
    }

    /** Stage row of the first tap of a result. */
    int stageRowOf(int result) {
        int perSample = y.results() * x.results();
        int s = result / perSample - firstSample;
        return stageRows[s] + (result % perSample / x.results() - resultRows[s]) * y.step();
    }
}
