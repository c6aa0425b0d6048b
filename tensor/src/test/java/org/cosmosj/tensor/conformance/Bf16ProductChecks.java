package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.conformance.TensorAssert.assertThatTensor;

import java.util.List;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;

/**
 * Linear layers whose factors are rounded to BF16, against sums of rounded factors in double precision: results and
 * both gradients. Finite differences cannot see these gradients, because rounding has steps.
 */
final class Bf16ProductChecks {
    /** (M, K, N), odd ones and several blocks of K among them. */
    private static final int[][] SIZES = {{1, 1, 1}, {7, 13, 5}, {33, 64, 35}, {3, 1, 9}, {20, 1031, 33}, {70, 40, 66}};

    private Bf16ProductChecks() {}

    static List<Check> all() {
        return List.of(new Check("matmul", "rounds factors to BF16, in gradients too", device -> {
            for (int[] mkn : SIZES) {
                linear(device, mkn[0], mkn[1], mkn[2]);
            }
        }), new Check("matmul", "takes BF16 weights as they are", Bf16ProductChecks::storedWeights));
    }

    /** A device without such products says what to do. */
    private static void whereSupported(Runnable check) {
        try {
            check.run();
        } catch (UnsupportedOperationException e) {
            assertThat(e).hasMessageContaining("use MatmulPrecision.F32");
        }
    }

    private static void linear(Device device, int m, int k, int n) {
        double[] x = SeededArrays.normal(m, m * k);
        double[] w = SeededArrays.normal(n, n * k);
        double[] d = SeededArrays.normal(k, m * n);
        whereSupported(() -> {
            try (Scope _ = Scope.open(device, "rounded"); Tape tape = Tape.record()) {
                Tensor input = tape.watch(Tensor.of(x, m, k).to(DType.F32));
                Tensor weight = tape.watch(Tensor.of(w, n, k).to(DType.F32));
                Tensor out = Functional.linear("rounded", input, weight, MatmulPrecision.BF16);
                tape.backward(out, Tensor.of(d, m, n).to(DType.F32), null);
                String what = m + " x " + k + " x " + n;

                compare(what, out, product(x, k, 1, w, 1, k, m, k, n), k);
                compare(what + ": dX", tape.gradient(input), product(d, n, 1, w, k, 1, m, n, k), n);
                compare(what + ": dW", tape.gradient(weight), product(d, 1, n, x, k, 1, n, m, k), m);
            }
        });
    }

    private static void storedWeights(Device device) {
        double[] x = SeededArrays.normal(1, 5 * 40);
        double[] w = SeededArrays.normal(2, 9 * 40);
        whereSupported(() -> {
            try (Scope _ = Scope.open(device, "stored")) {
                Tensor weight = Tensor.of(w, 9, 40).to(DType.F32).to(DType.BF16);
                Tensor out = Functional.linear("stored", Tensor.of(x, 5, 40).to(DType.F32), weight,
                        MatmulPrecision.BF16);

                compare("stored", out, product(x, 40, 1, w, 1, 40, 5, 40, 9), 40);
            }
        });
    }

    private static void compare(String what, Tensor actual, double[] expected, int terms) {
        assertThatTensor(actual).as(what).hasDType(DType.F32).isCloseTo(expected,
                Tolerance.f32().forReductionOf(terms));
    }

    /** Strides of the left factor along M and K, then of the right one along K and N. */
    private static double[] product(double[] a, int am, int ak, double[] b, int bk, int bn, int m, int k, int n) {
        double[] out = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                    out[i * n + j] += rounded(a[i * am + p * ak]) * rounded(b[p * bk + j * bn]);
                }
            }
        }
        return out;
    }

    /** The nearest number with a significand of 8 bits, ties to even. */
    private static double rounded(double value) {
        if (value == 0) {
            return 0;
        }
        double unit = Math.scalb(1.0, Math.getExponent((float) value) - 7);
        return Math.rint((float) value / unit) * unit;
    }
}
