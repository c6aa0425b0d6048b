package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.testing.AwkwardSizes;

/** Functions of one and two elements, scaling, and the gated residual. */
final class ElementwiseCases {
    private static final long[][][] BROADCASTS = {{{13}, {13}}, {{2, 3, 5}, {5}}, {{2, 1, 5}, {3, 1}}, {{}, {4}},
        {{7, 1}, {1, 13}}, {{3, 64}, {3, 1}}, {{207}, {1}}, {{5, 207}, {207}}, {{2, 3, 4, 5}, {2, 1, 4, 1}},
        {{0, 3}, {3}}, {{3, 0}, {1, 1}}};

    private ElementwiseCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (Unary f : Unary.values()) {
            for (long size : AwkwardSizes.axes()) {
                cases.add(unary(f, size));
            }
            cases.add(unary(f, 0));
            cases.add(unary(f, 3, 5));
        }
        cases.add(named("gelu of small numbers").uniform(-0.5, 0.5, 207).computes(in -> Functional.gelu(in[0])));
        cases.add(named("silu of large numbers").uniform(-80, 80, 207).computes(in -> Functional.silu(in[0])));
        cases.add(named("sin of large angles").uniform(-1000, 1000, 207).computes(in -> in[0].map(Unary.SIN)));
        cases.add(named("cos of large angles").uniform(-1000, 1000, 207).computes(in -> in[0].map(Unary.COS)));
        for (Binary f : Binary.values()) {
            for (long[][] shapes : BROADCASTS) {
                cases.add(binary(f, shapes[0], shapes[1]));
                cases.add(binary(f, shapes[1], shapes[0]));
            }
        }
        for (long size : AwkwardSizes.axes()) {
            cases.add(named("mul and add a number to " + size).input(size).computes(in -> in[0].mul(1.7).add(-0.3)));
            cases.add(named("x x + x with " + size).input(size).computes(in -> in[0].mul(in[0]).add(in[0])));
        }
        cases.add(gate(new long[] {2, 3, 5, 7}, new long[] {2, 3, 7}));
        cases.add(gate(new long[] {1, 1, 1, 1}, new long[] {1, 1, 1}));
        cases.add(gate(new long[] {1, 9, 7, 7, 13}, new long[] {1, 9, 13}));
        cases.add(gate(new long[] {2, 2, 17, 207}, new long[] {2, 2, 207}));
        cases.add(gate(new long[] {5, 64}, new long[] {64}));
        cases.add(gate(new long[] {2, 0, 5, 7}, new long[] {2, 0, 7}));
        cases.add(gate(new long[] {2, 3, 0, 7}, new long[] {2, 3, 7}));
        return cases;
    }

    private static OpCase unary(Unary f, long... sizes) {
        OpCase test = named(f + " of " + java.util.Arrays.toString(sizes));
        switch (f) {
            case RECIPROCAL -> test.uniform(0.5, 4, sizes).eachResult();
            case SQRT -> test.uniform(0.1, 9, sizes).eachResult();
            case LOG -> test.uniform(0.01, 100, sizes).eachResult();
            case EXP -> test.uniform(-10, 10, sizes).eachResult();
            case SIGMOID, TANH, SILU, GELU -> test.uniform(-8, 8, sizes);
            default -> test.input(sizes).eachResult();
        }
        return test.computes(in -> in[0].map(f));
    }

    private static OpCase binary(Binary f, long[] a, long[] b) {
        OpCase test =
                named(f + " of " + java.util.Arrays.toString(a) + " and " + java.util.Arrays.toString(b)).input(a);
        if (f == Binary.DIV) {
            test.uniform(0.5, 2, b);
        } else {
            test.input(b);
        }
        test.summing(207).eachResult();
        return switch (f) {
            case ADD -> test.computes(in -> in[0].add(in[1]));
            case SUB -> test.computes(in -> in[0].sub(in[1]));
            case MUL -> test.computes(in -> in[0].mul(in[1]));
            case DIV -> test.computes(in -> in[0].div(in[1]));
            case MAX -> test.withoutRule().computes(in -> in[0].maximum(in[1]));
            case MIN -> test.withoutRule().computes(in -> in[0].minimum(in[1]));
        };
    }

    private static OpCase gate(long[] x, long[] gate) {
        return named("gatedResidual of " + java.util.Arrays.toString(x)).input(x).input(gate).input(x).summing(49)
                .computes((Tensor[] in) -> Functional.gatedResidual(in[0], in[1], in[2]));
    }
}
