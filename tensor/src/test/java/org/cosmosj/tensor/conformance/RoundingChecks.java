package org.cosmosj.tensor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;

/**
 * Ops on BF16: each gives the bits of the F32 op on the widened operands, rounded once; fused ops round where the ops
 * that they stand for would.
 */
final class RoundingChecks {
    private static final double EPS = 1e-6;
    private static final double SCALE = 0.3;
    /** Of attention: measured 0 for few keys and 3.2e-4 for many; 1.3e-3 and 1.6e-3 if weights are not rounded. */
    private static final double OFTEN_EQUAL = 6e-4;

    private RoundingChecks() {}

    /** Applies ops to operands; a step's result is rounded by the caller of an expected value. */
    private interface Op {
        Tensor apply(Tensor[] operands);
    }

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (Unary f : Unary.values()) {
            add(checks, "elementwise", f.name(), in -> in[0].map(f), positive(3, 67));
        }
        for (Binary f : Binary.values()) {
            add(checks, "elementwise", f.name(), in -> binary(f, in[0], in[1]), positive(2, 5, 13), positive(5, 1));
        }
        add(checks, "elementwise", "adding a number", in -> in[0].add(1), normal(207));
        add(checks, "elementwise", "multiplying by a number", in -> in[0].mul(0.7), normal(207));
        add(checks, "norms", "layerNorm", in -> Functional.layerNorm(in[0], EPS), normal(5, 67));
        add(checks, "norms", "rmsNorm", in -> Functional.rmsNorm(in[0], in[1], EPS), normal(2, 3, 67), normal(67));
        add(checks, "norms", "softmax", in -> Functional.softmax(in[0]), normal(5, 67));
        add(checks, "norms", "rope", in -> Functional.rope(in[0], in[1], in[2]), normal(2, 7, 3, 16), normal(7, 8),
                normal(7, 8));
        checks.add(attention(normal(2, 7, 3, 16), normal(2, 13, 3, 16), normal(2, 13, 3, 8)));
        checks.add(attention(normal(1, 19, 1, 32), normal(1, 207, 1, 32), normal(1, 207, 1, 32)));
        for (long[] mkn : new long[][] {{1, 64, 33}, {7, 307, 13}, {33, 130, 65}, {3, 5, 1}, {2, 3, 0}}) {
            add(checks, "matmul", "linear", in -> Functional.linear(in[0], in[1]), normal(mkn[0], mkn[1]),
                    normal(mkn[2], mkn[1]));
        }
        add(checks, "matmul", "matmul", in -> in[0].matmul(in[1]), normal(2, 1, 5, 300), normal(3, 300, 9));
        add(checks, "matmul", "matmul of many by one", in -> in[0].matmul(in[1]), normal(3, 5, 7), normal(7, 9));
        checks.add(check("norms", "modulatedLayerNorm rounds four times",
                in -> Functional.modulatedLayerNorm(in[0], in[1], in[2], EPS), RoundingChecks::modulated,
                normal(2, 3, 5, 67), normal(2, 3, 67), normal(2, 3, 67)));
        checks.add(check("elementwise", "gatedResidual rounds twice",
                in -> Functional.gatedResidual(in[0], in[1], in[2]), RoundingChecks::gated, normal(2, 3, 5, 7, 67),
                normal(2, 3, 67), normal(2, 3, 5, 7, 67)));
        checks.add(check("norms", "rope takes F32 tables",
                in -> Functional.rope(in[0], in[1].to(DType.F32).mul(0.3), in[2].to(DType.F32).mul(0.3)),
                in -> Functional.rope(in[0], in[1].mul(0.3), in[2].mul(0.3)), normal(2, 7, 3, 16), normal(7, 8),
                normal(7, 8)));
        return checks;
    }

    private static void add(List<Check> checks, String family, String name, Op op, Input... inputs) {
        checks.add(check(family, name + " rounds once", op, op, inputs));
    }

    private static Check check(String family, String name, Op op, Op inF32, Input... inputs) {
        return new Check(family, name + " in BF16 of " + inputs[0].shape(), device -> {
            for (Arrangement arrangement : Arrangement.values()) {
                verify(device, name, arrangement, op, inF32, inputs);
            }
        });
    }

    /**
     * Weights relative to the largest so far instead of the largest of all, and logits that differ in their last bits,
     * round some of the weights otherwise: a result may be its neighbour, but few are.
     */
    private static Check attention(Input... inputs) {
        return new Check("attention", "attention rounds weights and results in BF16 of " + inputs[1].shape(),
                device -> {
                    for (Arrangement arrangement : Arrangement.values()) {
                        verifyAttention(device, arrangement, inputs);
                    }
                });
    }

    private static void verifyAttention(Device device, Arrangement arrangement, Input[] inputs) {
        try (Scope _ = Scope.open(device, "attention")) {
            Tensor[] in = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                in[i] = arrangement.arrange(inputs[i].values(), DType.BF16, inputs[i].shape());
            }
            double[] expected = mixed(in[0].to(DType.F64), in[1].to(DType.F64), in[2].to(DType.F64)).toDoubleArray();
            Tensor actual = Functional.attention(in[0], in[1], in[2], SCALE);

            TensorAssert.assertThatTensor(actual).as("attention, " + arrangement).hasDType(DType.BF16)
                    .isCloseTo(expected, Tolerance.bf16());
            TensorAssert.assertThatTensor(actual).as("attention, " + arrangement).isCloseTo(expected,
                    Tolerance.of(Tolerance.Measure.RMS_REL, OFTEN_EQUAL));
        }
    }

    /** Attention with rounded weights, unrounded sums and rounded results. */
    private static Tensor mixed(Tensor q, Tensor k, Tensor v) {
        Tensor logits = q.permute(0, 2, 1, 3).matmul(k.permute(0, 2, 3, 1)).mul(SCALE);
        Tensor weights = logits.sub(logits.reduce(Reduce.MAX, -1).unsqueeze(-1)).map(Unary.EXP);
        Tensor mixed = round(weights).matmul(v.permute(0, 2, 1, 3)).div(weights.sum(-1).unsqueeze(-1));
        return round(mixed.permute(0, 2, 1, 3));
    }

    private static void verify(Device device, String name, Arrangement arrangement, Op op, Op inF32, Input[] inputs) {
        try (Scope _ = Scope.open(device, name)) {
            Tensor[] rounded = new Tensor[inputs.length];
            Tensor[] wide = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                rounded[i] = arrangement.arrange(inputs[i].values(), DType.BF16, inputs[i].shape());
                wide[i] = rounded[i].to(DType.F32);
            }
            Tensor expected = round(inF32.apply(wide));
            TensorAssert.assertThatTensor(op.apply(rounded)).as(name + ", " + arrangement).hasDType(DType.BF16)
                    .hasShape(expected.shape()).isCloseTo(expected.toDoubleArray(), Tolerance.exact());
        }
    }

    private static Tensor binary(Binary f, Tensor a, Tensor b) {
        return switch (f) {
            case ADD -> a.add(b);
            case SUB -> a.sub(b);
            case MUL -> a.mul(b);
            case DIV -> a.div(b);
            case MAX -> a.maximum(b);
            case MIN -> a.minimum(b);
        };
    }

    private static Tensor modulated(Tensor[] in) {
        Tensor norm = round(Functional.layerNorm(in[0], EPS));
        Tensor factor = round(in[2].add(1)).unsqueeze(2);
        return round(norm.mul(factor)).add(in[1].unsqueeze(2));
    }

    private static Tensor gated(Tensor[] in) {
        return in[0].add(round(in[1].reshape(2, 3, 1, 1, 67).mul(in[2])));
    }

    private static Tensor round(Tensor wide) {
        return wide.to(DType.BF16).to(wide.dtype());
    }

    /** Data of one operand. */
    private record Input(Shape shape, double[] values) {}

    private static Input normal(long... sizes) {
        return input(n -> SeededArrays.normal(sizes.length * 31L + n, n), sizes);
    }

    private static Input positive(long... sizes) {
        return input(n -> SeededArrays.uniform(sizes.length * 31L + n, n, 0.1, 9), sizes);
    }

    private static Input input(Function<Long, double[]> values, long... sizes) {
        Shape shape = Shape.of(sizes);
        return new Input(shape, values.apply(shape.numel()));
    }
}
