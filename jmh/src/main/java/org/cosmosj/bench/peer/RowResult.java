package org.cosmosj.bench.peer;

/**
 * What a comparison gave. Times are seconds of one run; numbers that were not measured are NaN.
 *
 * @param row its name in {@link PeerTable}
 * @param threads of both sides
 * @param pairs pairs of windows
 * @param ours shortest time here
 * @param oursMedian median of the windows' medians here
 * @param theirs shortest time there
 * @param theirsMedian median of the windows' medians there
 * @param value what the goal judges: {@code ours / theirs}, or a number of its own
 * @param fmaPeak multiply-add peak measured with the row, GFLOP/s
 * @param copyPeak rate of copies measured with the row, GB/s
 * @param difference largest difference of the results, relative to the largest result
 * @param failure why there is no value, empty if there is one
 */
public record RowResult(String row, int threads, int pairs, double ours, double oursMedian, double theirs,
        double theirsMedian, double value, double fmaPeak, double copyPeak, double difference, String failure) {
    static RowResult failed(PeerRow row, int threads, String reason) {
        double none = Double.NaN;
        return new RowResult(row.name(), threads, 0, none, none, none, none, none, none, none, none, reason);
    }

    static RowResult number(PeerRow row, int threads, double value) {
        double none = Double.NaN;
        return new RowResult(row.name(), threads, 1, none, none, none, none, value, none, none, none, "");
    }

    /**
     * Whether a value was measured and both sides computed the same.
     *
     * @return true if the value counts
     */
    public boolean isValid() {
        return failure.isEmpty() && !Double.isNaN(value);
    }

    /** Ratio of the medians, which is printed beside the value and not judged. */
    double medianRatio() {
        return oursMedian / theirsMedian;
    }

    /** 10^9 multiplications and additions per second here; NaN where they are not counted. */
    double gigaflops(PeerRow.Cost cost) {
        return cost.flops() / ours * 1e-9;
    }

    /** 10^9 bytes per second here; NaN where they are not counted. */
    double gigabytes(PeerRow.Cost cost) {
        return cost.bytes() / ours * 1e-9;
    }
}
