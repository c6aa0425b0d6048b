package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.conformance.TensorAssert.assertThatTensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;

/** Casts between all dtypes, fills, integers, random numbers, and products with BF16 weights. */
final class CopyChecks {
    private static final Shape SHAPE = Shape.of(3, 17);

    private CopyChecks() {}

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                for (Arrangement arrangement : Arrangement.values()) {
                    checks.add(new Check("copies", "casts " + from + " to " + to + ", " + arrangement,
                            device -> cast(device, from, to, arrangement)));
                }
            }
        }
        checks.add(new Check("copies", "rounds ties to even", CopyChecks::roundsTiesToEven));
        checks.add(new Check("copies", "keeps every bit of I64", CopyChecks::keepsLongs));
        checks.add(new Check("copies", "fills views and nothing else", CopyChecks::fillsViews));
        checks.add(new Check("copies", "gathers every dtype", CopyChecks::gathersEveryDtype));
        checks.add(new Check("copies", "draws the oracle's normal numbers", CopyChecks::drawsNormals));
        checks.add(new Check("matmul", "widens BF16 weights exactly", CopyChecks::widensWeights));
        return checks;
    }

    /** Values that every dtype holds: the second operand of a cast then has one right answer. */
    private static void cast(Device device, DType from, DType to, Arrangement arrangement) {
        double[] values = new double[51];
        Arrays.setAll(values, i -> i % 7 == 3 ? 0 : i % 2 == 0 ? 1 : i);
        double[] expected = values.clone();
        if (from == DType.BOOL || to == DType.BOOL) {
            Arrays.setAll(expected, i -> values[i] == 0 ? 0 : 1);
        }
        try (Scope _ = Scope.open(device, "cast")) {
            Tensor source = arrangement.arrange(values, from, SHAPE);
            Tensor target = arrangement.arrange(new double[51], to, SHAPE);

            assertThatTensor(source.to(to)).hasDType(to).hasShape(SHAPE).isCloseTo(expected, Tolerance.exact());
            assertThatTensor(target.copyFrom(source)).isCloseTo(expected, Tolerance.exact());
        }
    }

    private static void roundsTiesToEven(Device device) {
        double[] values = {1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-8 + 0x1p-20, -1 - 0x1p-8, 3.3e38, 0x1p-133, 1.0 / 3};
        double[] bf16 = {1, 1 + 4 * 0x1p-8, 1 + 2 * 0x1p-8, -1, 3.2964854e38f, 0x1p-133, 0.333984375};
        double[] half = {1 + 0x1p-11, 1 + 3 * 0x1p-11, -1 - 0x1p-11, 0x1p-24, 1.5 * 0x1p-24, 65504, 1.0 / 3};
        double[] f16 = {1, 1 + 4 * 0x1p-11, -1, 0x1p-24, 0x1p-23, 65504, 0.333251953125};
        try (Scope _ = Scope.open(device, "rounding")) {
            assertThatTensor(Tensor.of(values, 7).to(DType.F32).to(DType.BF16)).isCloseTo(bf16, Tolerance.exact());
            assertThatTensor(Tensor.of(half, 7).to(DType.F32).to(DType.F16)).isCloseTo(f16, Tolerance.exact());
            Tensor special = Tensor.of(new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.0}, 3).to(DType.F32);
            for (DType dtype : List.of(DType.BF16, DType.F16)) {
                float[] back = special.to(dtype).toFloatArray();
                assertThat(back).as(dtype + " of NaN, infinity, -0").containsExactly(Float.NaN,
                        Float.POSITIVE_INFINITY, -0.0f);
            }
            assertThat(Tensor.of(new double[] {-1.9, 1.9, -0.5}, 3).to(DType.F32).to(DType.I32).toLongArray())
                    .as("truncates towards zero").containsExactly(-1, 1, 0);
        }
    }

    private static void keepsLongs(Device device) {
        long[] values = {Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, -((1L << 53) + 1), 0, 1};
        try (Scope _ = Scope.open(device, "longs")) {
            Tensor tensor = Tensor.of(values, 2, 3);

            assertThat(tensor.toLongArray()).isEqualTo(values);
            assertThat(tensor.transpose(0, 1).contiguous().toLongArray())
                    .containsExactly(values[0], values[3], values[1], values[4], values[2], values[5]);
            assertThat(tensor.indexSelect(1, 2, 0).toLongArray()).containsExactly(values[2], values[0], values[5],
                    values[3]);
            byte[] bytes = {0, 1, -1, 127, -128};
            assertThat(Tensor.of(bytes, 5).toByteArray()).isEqualTo(bytes);
            assertThat(Tensor.of(bytes, 5).toLongArray()).containsExactly(0, 1, 255, 127, 128);
        }
    }

    private static void fillsViews(Device device) {
        try (Scope _ = Scope.open(device, "fill")) {
            for (DType dtype : DType.values()) {
                Tensor whole = Tensor.zeros(dtype, Shape.of(4, 5));
                whole.narrow(1, 1, 2).narrow(0, 2, 1).fill(1);
                double[] expected = new double[20];
                expected[11] = 1;
                expected[12] = 1;

                assertThatTensor(whole).as("fill " + dtype).isCloseTo(expected, Tolerance.exact());
            }
        }
    }

    private static void gathersEveryDtype(Device device) {
        try (Scope _ = Scope.open(device, "gather")) {
            for (DType dtype : DType.values()) {
                Tensor x = Tensor.of(new double[] {0, 1, 1, 0, 1, 1}, 2, 3).to(dtype);

                assertThatTensor(x.indexSelect(1, 2, 0)).as("gather " + dtype).hasDType(dtype)
                        .isCloseTo(new double[] {1, 0, 1, 0}, Tolerance.exact());
            }
        }
    }

    /** The stream fixes the values: the same on every device up to rounding, and prefixes do not depend on the size. */
    private static void drawsNormals(Device device) {
        double[] expected;
        try (Scope _ = Scope.open(OpCase.ORACLE, "normal")) {
            expected = Tensor.randn(Rng.seeded(42).stream(3, 1), DType.F64, Shape.of(1000)).toDoubleArray();
        }
        try (Scope _ = Scope.open(device, "normal")) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                Tolerance tolerance = dtype == DType.F32 ? Tolerance.f32() : Tolerance.f64();
                Rng rng = Rng.seeded(42).stream(3, 1);
                assertThatTensor(Tensor.randn(rng, dtype, Shape.of(1000))).isCloseTo(expected, tolerance);
                Tensor second = Tensor.randn(rng, dtype, Shape.of(1000));
                assertThat(second.toDoubleArray()).as("second draw").isNotEqualTo(expected);
                double[] prefix = Tensor.randn(Rng.seeded(42).stream(3, 1), dtype, Shape.of(7, 1)).toDoubleArray();
                assertThatTensor(Tensor.of(prefix, 7)).isCloseTo(Arrays.copyOf(expected, 7), tolerance);
            }
        }
    }

    private static void widensWeights(Device device) {
        try (Scope _ = Scope.open(device, "bf16 weights")) {
            for (long[] mkn : new long[][] {{1, 64, 33}, {7, 207, 13}, {33, 130, 65}, {3, 5, 1}}) {
                Tensor x = Tensor.of(SeededArrays.normal(1, mkn[0] * mkn[1]), mkn[0], mkn[1]).to(DType.F32);
                Tensor weight = Tensor.of(SeededArrays.normal(2, mkn[1] * mkn[2]), mkn[2], mkn[1]).to(DType.BF16);
                double[] expected = Functional.linear(x.to(DType.F64), weight.to(DType.F64)).toDoubleArray();

                assertThatTensor(Functional.linear(x, weight)).hasDType(DType.F32).isCloseTo(expected,
                        Tolerance.f32().forReductionOf(mkn[1]));
            }
        }
    }
}
