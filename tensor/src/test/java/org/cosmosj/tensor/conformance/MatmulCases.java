package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.Functional;

/** Matrix products. Together with their gradients and the transposed arrangement all pairs of transposes occur. */
final class MatmulCases {
    /** (M, K, N): below, between and above register tiles (12x32) and cache blocks in every position. */
    private static final long[][] SIZES = {{1, 1, 1}, {1, 64, 7}, {7, 13, 1}, {13, 7, 64}, {12, 32, 32}, {64, 64, 64},
        {11, 207, 33}, {13, 702, 31}, {207, 13, 65}, {1, 702, 207}, {3, 1, 702}, {61, 259, 45}, {13, 1100, 33}};

    private MatmulCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (long[] mkn : SIZES) {
            cases.add(matmul(new long[] {mkn[0], mkn[1]}, new long[] {mkn[1], mkn[2]}));
            cases.add(linear(mkn[2], mkn[0], mkn[1]));
        }
        cases.add(matmul(new long[] {3, 7, 13}, new long[] {3, 13, 5}));
        cases.add(matmul(new long[] {3, 7, 13}, new long[] {13, 5}));
        cases.add(matmul(new long[] {7, 13}, new long[] {4, 13, 5}));
        cases.add(matmul(new long[] {2, 1, 7, 13}, new long[] {3, 13, 5}));
        cases.add(matmul(new long[] {2, 3, 33, 17}, new long[] {2, 3, 17, 34}));
        cases.add(matmul(new long[] {0, 5}, new long[] {5, 3}));
        cases.add(matmul(new long[] {4, 0}, new long[] {0, 3}));
        cases.add(matmul(new long[] {4, 5}, new long[] {5, 0}));
        cases.add(matmul(new long[] {0, 4, 5}, new long[] {5, 3}));
        cases.add(linear(5, 2, 3, 4, 7));
        cases.add(linear(5, 13));
        cases.add(linear(5, 0, 7));
        cases.add(linear(0, 4, 7));
        cases.add(linear(5, 4, 0));
        cases.add(named("a b + b a").input(13, 13).input(13, 13).summing(26)
                .computes(in -> in[0].matmul(in[1]).add(in[1].matmul(in[0]))));
        cases.add(named("a a^T").input(7, 13).summing(13).computes(in -> in[0].matmul(in[0].transpose(0, 1))));
        return cases;
    }

    private static OpCase matmul(long[] a, long[] b) {
        long n = b[b.length - 1];
        long m = a[a.length - 2];
        return named("matmul of " + Arrays.toString(a) + " and " + Arrays.toString(b)).input(a).input(b)
                .summing(Math.max(a[a.length - 1], Math.max(4 * m, n))).computes(in -> in[0].matmul(in[1]));
    }

    private static OpCase linear(long out, long... x) {
        long in = x[x.length - 1];
        return named("linear of " + Arrays.toString(x) + " to " + out).input(x).input(out, in)
                .summing(Math.max(Math.max(in, out), Arrays.stream(x).limit(x.length - 1L).reduce(1, (a, b) -> a * b)))
                .computes(inputs -> Functional.linear(inputs[0], inputs[1]));
    }
}
