package org.cosmosj.tensor.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;

/** NaN is never lost, infinities and the ends of the range come out as in the oracle. */
final class SpecialValueChecks {
    private static final float[] VALUES = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1f,
        -1f,
        Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, -Float.MIN_NORMAL, 1e-20f, -1e-20f, 1e20f, -1e20f, 88f,
        89f, -87f, -104f, 20f, -20f};
    /** Results below the normal range may be flushed to zero. */
    private static final double TINY = 2 * Float.MIN_NORMAL;
    private static final double RELATIVE = 4e-6;

    private SpecialValueChecks() {}

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (Unary f : Unary.values()) {
            if (f != Unary.SIN && f != Unary.COS) {
                checks.add(new Check("elementwise", f + " of special values",
                        device -> sameAsOracle(device, f.name(), x -> x.map(f))));
            }
        }
        checks.add(new Check("elementwise", "maximum and minimum of special values", device -> {
            sameAsOracle(device, "maximum", x -> x.unsqueeze(0).maximum(x.unsqueeze(1)));
            sameAsOracle(device, "minimum", x -> x.unsqueeze(0).minimum(x.unsqueeze(1)));
        }));
        checks.add(new Check("elementwise", "arithmetic of special values", device -> {
            sameAsOracle(device, "add", x -> x.unsqueeze(0).add(x.unsqueeze(1)));
            sameAsOracle(device, "div", x -> x.unsqueeze(0).div(x.unsqueeze(1)));
        }));
        for (Reduce how : Reduce.values()) {
            checks.add(new Check("reductions", how + " keeps NaN", device -> keepsNaN(device, x -> x.reduce(how, 1))));
        }
        checks.add(new Check("elementwise", "SIN and COS of larger angles", SpecialValueChecks::reducesAngles));
        checks.add(new Check("reductions", "MAX and MIN find the extreme wherever it stands", device -> {
            findsPeaks(device, 1);
            findsPeaks(device, 0);
        }));
        checks.add(new Check("norms", "norms keep NaN", device -> {
            keepsNaN(device, x -> Functional.layerNorm(x, 1e-6));
            keepsNaN(device, x -> Functional.rmsNorm(x, Tensor.full(1, x.dtype(), Shape.of(x.size(1))), 1e-6));
            keepsNaN(device, Functional::softmax);
            keepsNaN(device, x -> Functional.channelNorm(x.transpose(0, 1).unsqueeze(0),
                    Tensor.full(1, x.dtype(), Shape.of(x.size(1)))).squeeze(0).transpose(0, 1));
        }));
        checks.add(new Check("matmul", "products keep NaN", device -> keepsNaN(device,
                x -> x.matmul(Tensor.zeros(x.dtype(), Shape.of(x.size(1), 5))))));
        checks.add(new Check("attention", "attention keeps NaN", device -> keepsNaN(device, x -> {
            Tensor heads = x.unsqueeze(0).unsqueeze(2);
            return Functional.attention(heads, Tensor.full(1, x.dtype(), heads.shape()), heads, 1).squeeze(0)
                    .squeeze(1);
        })));
        checks.add(new Check("norms", "softmax of large numbers does not overflow", device -> {
            sameAsOracle(device, "softmax", x -> Functional.softmax(x.narrow(0, 3, 4).add(1e4)));
            sameAsOracle(device, "softmax with infinity",
                    x -> Functional.softmax(Tensor.cat(0, x.narrow(0, 2, 1), x.narrow(0, 15, 3))));
        }));
        return checks;
    }

    private static void sameAsOracle(Device device, String name, Function<Tensor, Tensor> op) {
        double[] expected = apply(OpCase.ORACLE, op, DType.F64);
        double[] actual = apply(device, op, DType.F32);
        for (int i = 0; i < expected.length; i++) {
            // Beyond the range of F32 the oracle's F64 rounds to infinity.
            double e = (float) expected[i];
            boolean overflow = Double.isInfinite(e) || Math.abs(e) > 0.99 * Float.MAX_VALUE;
            boolean same = Double.isNaN(e) ? Double.isNaN(actual[i])
                    : overflow ? actual[i] == e || Math.abs(actual[i]) > 0.99 * Float.MAX_VALUE && actual[i] * e > 0
                    : Math.abs(actual[i] - e) <= RELATIVE * Math.abs(e) + TINY;
            if (!same) {
                throw new AssertionError(name + " of special values " + Arrays.toString(VALUES) + ": result " + i
                        + " is " + actual[i] + ", expected " + e);
            }
        }
    }

    private static double[] apply(Device device, Function<Tensor, Tensor> op, DType dtype) {
        try (Scope _ = Scope.open(device, "special values")) {
            return op.apply(Tensor.of(VALUES, VALUES.length).to(dtype)).toDoubleArray();
        }
    }

    /** Angles beyond those that a short reduction keeps exact. */
    private static void reducesAngles(Device device) {
        double[] angles = SeededArrays.uniform(1, 207, -8e5, 8e5);
        Arrays.setAll(angles, i -> (float) angles[i]);
        try (Scope _ = Scope.open(device, "angles")) {
            Tensor x = Tensor.of(angles, angles.length).to(DType.F32);
            TensorAssert.assertThatTensor(x.map(Unary.SIN)).isCloseTo(
                    Arrays.stream(angles).map(StrictMath::sin).toArray(), Tolerance.f32());
            TensorAssert.assertThatTensor(x.map(Unary.COS)).isCloseTo(
                    Arrays.stream(angles).map(StrictMath::cos).toArray(), Tolerance.f32());
        }
    }

    /** Each row (or column) has one peak and one pit, at the start of another piece of 256 numbers. */
    private static void findsPeaks(Device device, int dim) {
        int count = 12;
        int length = 256 * count;
        double[] values = new double[count * length];
        for (int i = 0; i < count; i++) {
            values[i * length + 256 * i] = 3;
            values[i * length + 256 * i + 64] = -3;
        }
        double[] peaks = new double[count];
        Arrays.fill(peaks, 3);
        double[] pits = new double[count];
        Arrays.fill(pits, -3);
        try (Scope _ = Scope.open(device, "peaks")) {
            Tensor rows = Tensor.of(values, count, length).to(DType.F32);
            Tensor x = dim == 1 ? rows : rows.transpose(0, 1).contiguous();
            TensorAssert.assertThatTensor(x.reduce(Reduce.MAX, dim)).isCloseTo(peaks, Tolerance.exact());
            TensorAssert.assertThatTensor(x.reduce(Reduce.MIN, dim)).isCloseTo(pits, Tolerance.exact());
        }
    }

    /** One NaN anywhere in a row must show in that row's results, wherever vector loops put it. */
    private static void keepsNaN(Device device, Function<Tensor, Tensor> op) {
        for (int size : new int[] {1, 13, 64, 207}) {
            for (int at : new int[] {0, size / 2, size - 1}) {
                try (Scope _ = Scope.open(device, "nan")) {
                    Tensor x = Tensor.full(0.5, DType.F32, Shape.of(2, size));
                    x.narrow(0, 1, 1).narrow(1, at, 1).fill(Double.NaN);
                    double[] row = op.apply(x).select(0, 1).toDoubleArray();
                    if (Arrays.stream(row).noneMatch(Double::isNaN)) {
                        throw new AssertionError("NaN at " + at + " of " + size + " was lost: " + Arrays.toString(row));
                    }
                }
            }
        }
    }
}
