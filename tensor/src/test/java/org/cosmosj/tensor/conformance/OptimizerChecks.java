package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.conformance.TensorAssert.assertThatTensor;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.OptimizerKernels;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;
import org.cosmosj.testing.AwkwardSizes;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;

/** Kernels that work in place: parameter updates, and the elementwise ones that allow it. */
final class OptimizerChecks {
    private OptimizerChecks() {}

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (long size : AwkwardSizes.axes()) {
            checks.add(new Check("optimizers", "adamW over " + size, device -> adamW(device, size)));
            checks.add(new Check("optimizers", "movingAverage over " + size, device -> movingAverage(device, size)));
            checks.add(new Check("optimizers", "zeroNonFinite over " + size, device -> zeroNonFinite(device, size)));
            checks.add(new Check("elementwise", "in place over " + size, device -> inPlace(device, size)));
        }
        checks.add(new Check("optimizers", "updates of nothing", device -> adamW(device, 0)));
        return checks;
    }

    /** Three steps; the second moment starts at 0, so that eps matters. */
    private static void adamW(Device device, long size) {
        double[][] expected = adamSteps(OpCase.ORACLE, size, DType.F64);
        double[][] actual = adamSteps(device, size, DType.F32);
        String[] names = {"parameter", "first moment", "second moment"};
        try (Scope _ = Scope.open(OpCase.ORACLE, "adamW")) {
            for (int i = 0; i < 3; i++) {
                assertThatTensor(Tensor.of(actual[i], size)).as("adamW " + names[i]).isCloseTo(expected[i],
                        Tolerance.f32().forReductionOf(3));
            }
        }
    }

    private static double[][] adamSteps(Device device, long size, DType dtype) {
        try (Scope _ = Scope.open(device, "adamW")) {
            OptimizerKernels kernels = Backends.of(device).optimizers();
            Tensor gradient = Tensor.of(SeededArrays.normal(1, size), size).to(dtype);
            Tensor parameter = Tensor.of(SeededArrays.normal(2, size), size).to(dtype).copy();
            Tensor first = Tensor.of(SeededArrays.normal(3, size), size).to(dtype).copy();
            Tensor second = Tensor.zeros(dtype, Shape.of(size));
            for (int k = 1; k <= 3; k++) {
                kernels.adamW(gradient.operand(), parameter.operand(), first.operand(), second.operand(),
                        new AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, 1 - Math.pow(0.9, k), 1 - Math.pow(0.95, k), 0.5));
            }
            return new double[][] {parameter.toDoubleArray(), first.toDoubleArray(), second.toDoubleArray()};
        }
    }

    private static void movingAverage(Device device, long size) {
        double[] value = SeededArrays.normal(1, size);
        double[] average = SeededArrays.normal(2, size);
        double[] expected = new double[value.length];
        java.util.Arrays.setAll(expected, i -> 0.9 * average[i] + 0.1 * value[i]);
        try (Scope _ = Scope.open(device, "movingAverage")) {
            Tensor target = Tensor.of(average, size).to(DType.F32);
            Tensor source = Tensor.of(value, size).to(DType.F32);

            Backends.of(device).optimizers().movingAverage(source.operand(), 0.9, target.operand());

            assertThatTensor(target).isCloseTo(expected, Tolerance.f32());
            assertThatTensor(source).isCloseTo(value, Tolerance.exact());
        }
    }

    private static void zeroNonFinite(Device device, long size) {
        double[] bad = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[] values = SeededArrays.normal(1, size);
        double[] expected = values.clone();
        for (int i = 0; i < values.length; i += 5) {
            values[i] = bad[i % 3];
            expected[i] = 0;
        }
        try (Scope _ = Scope.open(device, "zeroNonFinite")) {
            Tensor target = Tensor.of(values, size).to(DType.F32);

            Backends.of(device).optimizers().zeroNonFinite(target.operand());

            assertThatTensor(target).isCloseTo(expected, Tolerance.exact());
        }
    }

    /** The kernels whose destination may be an operand give the same bits in place as elsewhere. */
    private static void inPlace(Device device, long size) {
        ElementwiseKernels kernels = Backends.of(device).elementwise();
        try (Scope _ = Scope.open(device, "in place")) {
            Tensor x = Tensor.of(SeededArrays.normal(1, size), size).to(DType.F32);
            Tensor y = Tensor.of(SeededArrays.normal(2, size), size).to(DType.F32);
            Tensor apart = Tensor.empty(DType.F32, Shape.of(size));
            Tensor same = x.copy();

            kernels.unary(Unary.SILU, x.operand(), apart.operand());
            kernels.unary(Unary.SILU, same.operand(), same.operand());
            equal("unary", same, apart);

            same.copyFrom(y);
            kernels.unaryBackward(Unary.GELU, x.operand(), y.operand(), apart.operand());
            kernels.unaryBackward(Unary.GELU, x.operand(), same.operand(), same.operand());
            equal("unaryBackward", same, apart);

            same.copyFrom(x);
            kernels.binary(Binary.SUB, x.operand(), y.operand(), apart.operand());
            kernels.binary(Binary.SUB, same.operand(), y.operand(), same.operand());
            equal("binary into a", same, apart);

            same.copyFrom(y);
            kernels.binary(Binary.SUB, x.operand(), same.operand(), same.operand());
            equal("binary into b", same, apart);

            same.copyFrom(x);
            kernels.affine(x.operand(), 0.1, 0.7, apart.operand());
            kernels.affine(same.operand(), 0.1, 0.7, same.operand());
            equal("affine", same, apart);

            gateInPlace(kernels, x, y);
        }
    }

    private static void gateInPlace(ElementwiseKernels kernels, Tensor x, Tensor y) {
        long size = x.size(0);
        Tensor apart = Tensor.empty(DType.F32, x.shape());
        Tensor same = x.copy();
        kernels.gatedResidual(x.operand().reshape(1, 1, size), y.operand().reshape(1, size),
                y.operand().reshape(1, 1, size), apart.operand().reshape(1, 1, size));
        kernels.gatedResidual(same.operand().reshape(1, 1, size), y.operand().reshape(1, size),
                y.operand().reshape(1, 1, size), same.operand().reshape(1, 1, size));
        equal("gatedResidual", same, apart);
    }

    private static void equal(String kernel, Tensor inPlace, Tensor apart) {
        assertThat(inPlace.toFloatArray()).as(kernel + " in place").isEqualTo(apart.toFloatArray());
    }
}
