package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.testing.ArrayAssert.assertThatArray;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;
import org.cosmosj.testing.gpu.EmulatedGpu;
import org.cosmosj.testing.gpu.RunsOnGpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same inputs give the same bits: from run to run, in any order of threads, and of noise on every device. */
@RunsOnGpu
class SameBitsTest {
    private static final Device GPU = Device.cuda(0);

    @Test
    void aSecondRunGivesTheSameBits() {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            assertSame(EveryKernel.on(GPU, dtype), EveryKernel.on(GPU, dtype), "second run in " + dtype);
        }
    }

    /** Reversed, and two shuffles: of the threads of a block and of the blocks of a launch. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 3, 4711})
    void theOrderOfThreadsDoesNotMatter(long order) {
        assumeFalse("real".equals(System.getProperty("gpu")),
                "the order of threads can be chosen on the emulated GPU only");
        Map<String, double[]> expected = EveryKernel.on(GPU, DType.F32);
        EmulatedGpu.start().set("order", order);
        try {
            assertSame(EveryKernel.on(GPU, DType.F32), expected, "order " + order);
        } finally {
            EmulatedGpu.start().set("order", 0);
        }
    }

    @Test
    void thePoolDoesNotMatter() {
        try (OwnBackend arena = OwnBackend.with("cosmosj.cuda.pool", "arena")) {
            assertSame(EveryKernel.on(arena.device(), DType.F32), EveryKernel.on(GPU, DType.F32), "arena");
        }
    }

    private static void assertSame(Map<String, double[]> actual, Map<String, double[]> expected, String what) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            assertThat(Arrays.stream(values).anyMatch(Double::isNaN)).as(name + " has NaN").isFalse();
            assertThat(Arrays.equals(actual.get(name), values)).as(name + ": same bits, " + what).isTrue();
        });
    }

    /** Both sides are a few units in the last place from the truth. */
    @ParameterizedTest
    @EnumSource
    void functionsAgreeWithTheCpu(Unary f) {
        double low = f == Unary.SQRT || f == Unary.LOG ? 1e-3 : -30;
        double[] values = SeededArrays.uniform(f.ordinal(), 5000, low, 30);

        assertThatArray(map(GPU, f, values), values.length).as(f.name()).isCloseTo(map(Device.cpu(), f, values),
                Tolerance.f32().ofEach().times(4));
    }

    private static double[] map(Device device, Unary f, double[] values) {
        try (Scope _ = Scope.open(device, "map")) {
            return Tensor.of(values, values.length).to(DType.F32).map(f).toDoubleArray();
        }
    }

    @Test
    void noiseHasTheBitsOfTheCpu() {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            assertThat(noise(GPU, dtype)).as(dtype.name()).isEqualTo(noise(Device.cpu(), dtype));
        }
    }

    private static double[] noise(Device device, DType dtype) {
        try (Scope _ = Scope.open(device, "noise")) {
            return Tensor.randn(Rng.seeded(11).stream(2, 7), dtype, Shape.of(20_000)).toDoubleArray();
        }
    }

    @Test
    void theBackendIsFoundByItsName() {
        assertThat(Backends.of(GPU).device()).isEqualTo(GPU);
        assertThat(Backends.of(GPU).description()).matches("cuda:0: .*, sm_\\d+, .* GiB, driver for CUDA .*");
    }
}
