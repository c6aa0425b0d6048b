package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;
import org.cosmosj.testing.AwkwardSizes;

/** Sums, extremes and the weighted squared error. */
final class ReductionCases {
    /** Longer than any chunk of a fixed reduction tree is likely to be, and no multiple of one. */
    private static final long LONG = 40_009;

    private ReductionCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (Reduce how : Reduce.values()) {
            for (long size : AwkwardSizes.axes()) {
                cases.add(reduce(how, 1, 3, size, 5));
                cases.add(reduce(how, 1, 2, size));
                cases.add(reduce(how, 0, size, 17));
            }
            cases.add(reduce(how, 0, LONG));
            cases.add(reduce(how, 1, 1, LONG));
            cases.add(reduce(how, 0, 0 + 5, 0));
            cases.add(reduce(how, 2, 2, 3, 702, 1));
        }
        cases.add(reduce(Reduce.SUM, 0, 0, 5));
        cases.add(reduce(Reduce.SUM_OF_SQUARES, 0, 0, 5));
        cases.add(named("sum of all").input(3, 7, 13).summing(273).computes(in -> in[0].sum()));
        cases.add(named("mean of all").input(3, 7, 13).summing(273).computes(in -> in[0].mean()));
        cases.add(named("mean of an axis").input(3, 7, 13).summing(7).computes(in -> in[0].mean(1)));
        cases.add(error(2, 3, 4, 5));
        cases.add(error(1, 16, 9, 7, 7));
        cases.add(error(3, 1, 1));
        cases.add(error(2, 17, 3, 207));
        cases.add(error(0, 3, 4, 5));
        return cases;
    }

    private static OpCase reduce(Reduce how, int dim, long... sizes) {
        OpCase test = named(how + " over axis " + dim + " of " + Arrays.toString(sizes)).input(sizes)
                .summing(sizes[dim]);
        return how == Reduce.SUM
                ? test.computes(in -> in[0].sum(dim))
                : test.withoutRule().computes(in -> in[0].reduce(how, dim));
    }

    private static OpCase error(long... sizes) {
        long count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        return named("weightedSquaredError of " + Arrays.toString(sizes)).input(sizes).constant(sizes)
                .constant(sizes[0], sizes[2]).summing(count)
                .computes(in -> Functional.weightedSquaredError(in[0], in[1], in[2], 10.0 / 7));
    }
}
