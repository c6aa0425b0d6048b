package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.Functional;
import org.cosmosj.testing.AwkwardSizes;

/** Normalisations, softmax and rotary embedding. */
final class NormCases {
    private static final double EPS = 1e-6;

    private NormCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (long d : AwkwardSizes.axes()) {
            cases.add(layerNorm(3, d));
            cases.add(modulated(new long[] {2, 3, 5, d}, new long[] {2, 3, d}));
            cases.add(rmsNorm(3, d));
            cases.add(softmax(5, d));
            cases.add(channelNorm(2, d, 3));
            cases.add(channelNormSilu(2, d, 3));
        }
        cases.add(layerNorm(2, 3, 4, 64));
        cases.add(layerNorm(0, 64));
        // Longer than what a block of threads reads in one unrolled turn.
        cases.add(layerNorm(2, 2051));
        cases.add(modulated(new long[] {1, 2, 2051}, new long[] {1, 2051}));
        cases.add(rmsNorm(2, 2051));
        cases.add(softmax(2, 2051));
        cases.add(modulated(new long[] {1, 9, 7, 7, 64}, new long[] {1, 9, 64}));
        cases.add(modulated(new long[] {4, 13}, new long[] {13}));
        cases.add(modulated(new long[] {2, 0, 5, 13}, new long[] {2, 0, 13}));
        cases.add(modulated(new long[] {2, 3, 0, 13}, new long[] {2, 3, 13}));
        cases.add(rmsNorm(2, 49, 4, 16));
        cases.add(rmsNorm(0, 16));
        cases.add(softmax(2, 3, 17));
        cases.add(softmax(0, 7));
        cases.add(channelNorm(1, 96, 2, 5, 7));
        cases.add(channelNormSilu(1, 96, 2, 5, 7));
        cases.add(channelNorm(2, 17, 207));
        cases.add(channelNormSilu(3, 1, 1, 1, 1));
        cases.add(channelNorm(2, 5, 0));
        cases.add(rope(2, 7, 3, 16));
        cases.add(rope(1, 1, 1, 2));
        cases.add(rope(1, 5, 2, 26));
        cases.add(rope(2, 3, 4, 128));
        cases.add(rope(2, 0, 4, 8));
        return cases;
    }

    private static OpCase layerNorm(long... x) {
        return named("layerNorm of " + Arrays.toString(x)).input(x).summing(x[x.length - 1])
                .computes(in -> Functional.layerNorm(in[0], EPS));
    }

    private static OpCase modulated(long[] x, long[] modulation) {
        return named("modulatedLayerNorm of " + Arrays.toString(x)).input(x).input(modulation).input(modulation)
                .summing(Math.max(49, x[x.length - 1]))
                .computes(in -> Functional.modulatedLayerNorm(in[0], in[1], in[2], EPS));
    }

    private static OpCase rmsNorm(long... x) {
        long d = x[x.length - 1];
        // One number over its own size is its sign: only a large eps leaves a gradient that is not all cancellation.
        double eps = d == 1 ? 0.5 : EPS;
        return named("rmsNorm of " + Arrays.toString(x)).input(x).input(d).summing(Math.max(d, 392))
                .computes(in -> Functional.rmsNorm(in[0], in[1], eps));
    }

    private static OpCase softmax(long... x) {
        return named("softmax of " + Arrays.toString(x)).uniform(-5, 5, x).summing(x[x.length - 1])
                .computes(in -> Functional.softmax(in[0]));
    }

    /** One channel over its own size is its sign: the gradient is 0 and what a device returns is all cancellation. */
    private static OpCase channels(String name, long... x) {
        OpCase start = named(name + Arrays.toString(x));
        return x[1] == 1 ? start.constant(x) : start.input(x);
    }

    private static OpCase channelNorm(long... x) {
        return channels("channelNorm of ", x).input(x[1]).summing(Math.max(x[1], 414))
                .computes(in -> Functional.channelNorm(in[0], in[1]));
    }

    private static OpCase channelNormSilu(long... x) {
        return channels("channelNormSilu of ", x).input(x[1], 1, 1)
                .summing(Math.max(x[1], 414)).computes(in -> Functional.channelNormSilu(in[0], in[1]));
    }

    private static OpCase rope(long... x) {
        return named("rope of " + Arrays.toString(x)).input(x).constant(x[1], x[3] / 2).constant(x[1], x[3] / 2)
                .computes(in -> Functional.rope(in[0], in[1], in[2]));
    }
}
