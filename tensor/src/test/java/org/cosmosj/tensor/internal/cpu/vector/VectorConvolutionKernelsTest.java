package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cosmosj.tensor.DType.F32;
import static org.cosmosj.tensor.DType.F64;
import static org.cosmosj.testing.ArrayAssert.assertThatArray;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarConvolutionKernels;
import org.cosmosj.tensor.internal.cpu.vector.ConvolutionCase.Pass;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.testing.FiniteDifferences;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VectorConvolutionKernelsTest {
    private static final ConvGeometry DOWN = new ConvGeometry(1, 3, 3, 1, 2, 2, 0, 0, 0, 1, 0, 1);
    private static final ConvGeometry TIME_DOWN = new ConvGeometry(3, 1, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0);
    private static final ConvGeometry ODD = new ConvGeometry(2, 4, 5, 1, 3, 2, 2, 1, 1, 2, 3, 0);
    private static final ConvGeometry CROPPED_GRADIENT = new ConvGeometry(1, 1, 2, 1, 1, 1, 1, 0, 2, 2, 3, 1);
    private static final ConvGeometry POINT_STRIDED = new ConvGeometry(1, 1, 1, 2, 2, 3, 0, 0, 0, 0, 0, 0);

    /** Several tasks in every pass, several chunks of weight gradients. */
    private static final List<ConvolutionCase> MANY_CHUNKS = List.of(
            new ConvolutionCase("many chunks", 3, 7, 20, 2, 25, 28, ConvGeometry.causal(3, 3, 3)),
            new ConvolutionCase("many samples", 40, 9, 8, 1, 8, 8, DOWN));

    static Stream<ConvolutionCase> cases() {
        List<ConvolutionCase> cases = new ArrayList<>();
        int[] channels = {1, 3, 8, 17};
        int[] sizes = {1, 2, 3, 4, 5, 7, 8, 9, 13};
        int n = 0;
        for (int size : sizes) {
            int c = channels[n % 4];
            int o = channels[(n / 4 + n + 1) % 4];
            int w = sizes[(2 * n + 1) % sizes.length];
            int batch = 1 + n % 3;
            cases.add(new ConvolutionCase("causal333", batch, c, o, 1 + n % 4, size, w, ConvGeometry.causal(3, 3, 3)));
            cases.add(new ConvolutionCase("spatial133", batch, o, c, 1 + n % 2, size, w, ConvGeometry.causal(1, 3, 3)));
            cases.add(new ConvolutionCase("point111", batch, c, o, 1 + n % 2, size, w, ConvGeometry.causal(1, 1, 1)));
            cases.add(new ConvolutionCase("time311", batch, c, o, 1 + n % 3, size, w, ConvGeometry.causal(3, 1, 1)));
            cases.add(new ConvolutionCase("timeDown", batch, o, c, 3 + n % 3, size, w, TIME_DOWN));
            cases.add(new ConvolutionCase("odd", batch, c, o, 1 + n % 3, size, Math.max(2, w), ODD));
            cases.add(new ConvolutionCase("cropped", batch, c, o, 1 + n % 2, size, w, CROPPED_GRADIENT));
            cases.add(new ConvolutionCase("pointStrided", batch, c, o, 1 + n % 3, size, w, POINT_STRIDED));
            if (Math.min(size, w) > 1) {
                cases.add(new ConvolutionCase("down", batch, c, o, 1 + n % 2, size, w, DOWN));
            }
            n++;
        }
        cases.add(new ConvolutionCase("causal333 streaming", 1, 8, 17, 5, 6, 7,
                ConvGeometry.causal(3, 3, 3).withFront(0)));
        cases.add(new ConvolutionCase("many blocks", 2, 37, 29, 2, 9, 11, ConvGeometry.causal(3, 3, 3)));
        cases.add(new ConvolutionCase("many ranges", 11, 5, 9, 1, 8, 8, ConvGeometry.causal(3, 3, 3)));
        return cases.stream();
    }

    @Test
    void aFramesBitsDoNotDependOnTheOtherFramesOfTheCall() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Tensor x = Tensor.of(SeededArrays.normal(1, 40 * 5 * 6 * 7), 1, 40, 5, 6, 7).to(F32);
            Tensor weight = Tensor.of(SeededArrays.normal(2, 9 * 40 * 27), 9, 40, 3, 3, 3).to(F32);
            Tensor bias = Tensor.of(SeededArrays.normal(3, 9), 9).to(F32);
            Tensor whole = Functional.conv3d("test", x, weight, bias, ConvGeometry.causal(3, 3, 3));

            // Of two frames after a start nobody finds an input for the first tap, of five frames three do.
            for (int frames = 1; frames < 5; frames++) {
                Tensor start = Functional.conv3d("test", x.narrow(2, 0, frames), weight, bias,
                        ConvGeometry.causal(3, 3, 3));

                assertThat(start.toFloatArray()).isEqualTo(whole.narrow(2, 0, frames).toFloatArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardMatchesTheScalarReference(ConvolutionCase convolution) {
        convolution.assertMatchesScalar(Pass.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientOfTheInputMatchesTheScalarReference(ConvolutionCase convolution) {
        convolution.assertMatchesScalar(Pass.BACKWARD_INPUT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientOfTheWeightMatchesTheScalarReference(ConvolutionCase convolution) {
        convolution.assertMatchesScalar(Pass.BACKWARD_WEIGHT);
    }

    @Test
    void aWrongTapOrANaNFailsTheComparison() {
        ConvolutionCase right = new ConvolutionCase("causal333", 1, 3, 2, 2, 4, 5, ConvGeometry.causal(3, 3, 3));
        ConvGeometry late = new ConvGeometry(3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        ConvolutionCase wrong = new ConvolutionCase("centred333", 1, 3, 2, 2, 4, 5, late);
        double[] expected = right.reference(Pass.FORWARD);
        double[] scale = new double[expected.length];
        Arrays.fill(scale, 100);
        double[] nan = expected.clone();
        nan[7] = Double.NaN;

        assertThatThrownBy(() -> right.assertClose(Pass.FORWARD, wrong.fast(Pass.FORWARD), expected, scale))
                .isInstanceOf(AssertionError.class).hasMessageContaining("causal333 B1 C3->2 T2 4x5 FORWARD at 0");
        assertThatThrownBy(() -> right.assertClose(Pass.FORWARD, nan, expected, scale))
                .hasMessageContaining("at 7: actual NaN");
    }

    @ParameterizedTest
    @EnumSource(Pass.class)
    void sameBitsForAnyNumberOfThreads(Pass pass) {
        int before = Parallel.threads();
        try {
            for (ConvolutionCase convolution : MANY_CHUNKS) {
                Parallel.limit(1);
                double[] alone = convolution.fast(pass);
                for (int threads = 2; threads <= 3; threads++) {
                    Parallel.limit(threads);
                    assertThat(convolution.fast(pass)).as(convolution + " " + threads + " threads").isEqualTo(alone);
                }
            }
        } finally {
            Parallel.limit(before);
        }
    }

    @Test
    void twoCallersAtOnceGetTheirOwnResults() {
        for (Pass pass : Pass.values()) {
            double[] first = MANY_CHUNKS.get(0).fast(pass);
            double[] second = MANY_CHUNKS.get(1).fast(pass);
            for (int i = 0; i < 3; i++) {
                var other = CompletableFuture.supplyAsync(() -> MANY_CHUNKS.get(1).fast(pass));
                assertThat(MANY_CHUNKS.get(0).fast(pass)).isEqualTo(first);
                assertThat(other.join()).isEqualTo(second);
            }
        }
    }

    @Test
    void aSamplesResultDoesNotDependOnItsBatch() {
        ConvGeometry geometry = ConvGeometry.causal(3, 3, 3);
        int batch = 7;
        int perSample = 5 * 2 * 5 * 7;
        double[] x = SeededArrays.normal(1, batch * perSample);
        double[] together = forward(x, batch, geometry);

        for (int n = 0; n < batch; n++) {
            double[] alone = forward(Arrays.copyOfRange(x, n * perSample, (n + 1) * perSample), 1, geometry);
            assertThat(alone).as("sample " + n)
                    .isEqualTo(Arrays.copyOfRange(together, n * alone.length, (n + 1) * alone.length));
        }
    }

    private static double[] forward(double[] x, int batch, ConvGeometry geometry) {
        GuardedOperand weight = GuardedOperand.of(F32, SeededArrays.normal(2, 6 * 5 * 27), 6, 5, 3, 3, 3);
        GuardedOperand out = GuardedOperand.of(F32, new double[batch * 6 * 70], batch, 6, 2, 5, 7);
        new VectorConvolutionKernels().conv3d(GuardedOperand.of(F32, x, batch, 5, 2, 5, 7).operand(), weight.operand(),
                null, geometry, out.operand());
        return out.values();
    }

    @Test
    void anEmptyBatchGivesEmptyResultsAndZeroGradients() {
        ConvolutionCase empty = new ConvolutionCase("empty", 0, 3, 2, 1, 4, 4, ConvGeometry.causal(3, 3, 3));

        assertThat(empty.fast(Pass.FORWARD)).isEmpty();
        assertThat(empty.fast(Pass.BACKWARD_INPUT)).isEmpty();
        assertThat(empty.fast(Pass.BACKWARD_WEIGHT)).isEqualTo(empty.reference(Pass.BACKWARD_WEIGHT));
        GuardedOperand dWeight = GuardedOperand.of(F32, SeededArrays.normal(1, 162), 2, 3, 3, 3, 3);
        GuardedOperand dBias = GuardedOperand.of(F32, SeededArrays.normal(2, 2), 2);
        GuardedOperand dOut = GuardedOperand.of(F32, new double[0], 0, 2, 1, 4, 4);
        GuardedOperand x = GuardedOperand.of(F32, new double[0], 0, 3, 1, 4, 4);
        new VectorConvolutionKernels().conv3dBackwardWeight(dOut.operand(), x.operand(), ConvGeometry.causal(3, 3, 3),
                dWeight.operand(), dBias.operand(), Accumulation.ASSIGN);
        assertThat(dWeight.values()).containsOnly(0.0);
        assertThat(dBias.values()).containsOnly(0.0);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 5, 7", "2, 4, 8", "1, 13, 21", "40, 16, 16"})
    void upsamplingAndItsGradientMatchTheScalarReference(int n, int h, int w) {
        double[] small = SeededArrays.normal(1, (long) n * h * w);
        double[] large = SeededArrays.normal(2, 4L * n * h * w);
        GuardedOperand[] fast = upsample(new VectorConvolutionKernels(), F32, small, large, n, h, w);
        GuardedOperand[] slow = upsample(new ScalarConvolutionKernels(), F64, small, large, n, h, w);

        assertThat(fast[0].values()).isEqualTo(slow[0].values());
        assertThat(fast[1].values()).usingComparatorWithPrecision(2e-6).containsExactly(slow[1].values());
    }

    private static GuardedOperand[] upsample(ConvolutionKernels kernels, DType dtype, double[] small, double[] large,
            int n, int h, int w) {
        GuardedOperand x = GuardedOperand.of(dtype, small, n, h, w);
        GuardedOperand dX = GuardedOperand.of(dtype, small, n, h, w);
        GuardedOperand dOut = GuardedOperand.of(dtype, large, n, 2 * h, 2 * w);
        GuardedOperand out = GuardedOperand.of(dtype, large, n, 2 * h, 2 * w);
        kernels.upsampleNearest2x(x.operand(), out.operand());
        kernels.upsampleNearest2xBackward(dOut.operand(), dX.operand());
        out.assertGuardsUntouched("out");
        dX.assertGuardsUntouched("dX");
        return new GuardedOperand[] {out, dX};
    }

    @Test
    void gradientsThroughTheTapeMatchFiniteDifferences() {
        double[] x = SeededArrays.normal(1, 2 * 2 * 2 * 4 * 3);
        double[] weight = SeededArrays.normal(2, 3 * 2 * 18);
        double[] bias = SeededArrays.normal(3, 3);
        double[][] gradients = new double[3][];
        try (Scope _ = Scope.open(Device.cpu(), "conv3d gradients"); Tape tape = Tape.record()) {
            Tensor[] inputs = {Tensor.of(x, 2, 2, 2, 4, 3), Tensor.of(weight, 3, 2, 2, 3, 3), Tensor.of(bias, 3)};
            Arrays.stream(inputs).forEach(tape::watch);
            tape.backward(loss(inputs[0], inputs[1], inputs[2]), null);
            for (int i = 0; i < 3; i++) {
                gradients[i] = tape.gradient(inputs[i]).toDoubleArray();
            }
        }

        Tolerance limit = new Tolerance(Tolerance.Measure.MAX_REL, 1e-8, Tolerance.ExpectedNaN.FAILS);
        assertThatArray(gradients[0], 2, 2, 2, 4, 3)
                .isCloseTo(FiniteDifferences.gradient(v -> loss(v, weight, bias), x), limit);
        assertThatArray(gradients[1], 3, 2, 2, 3, 3)
                .isCloseTo(FiniteDifferences.gradient(v -> loss(x, v, bias), weight), limit);
        assertThatArray(gradients[2], 3).isCloseTo(FiniteDifferences.gradient(v -> loss(x, weight, v), bias), limit);
    }

    private static double loss(double[] x, double[] weight, double[] bias) {
        try (Scope _ = Scope.open(Device.cpu(), "conv3d loss")) {
            return loss(Tensor.of(x, 2, 2, 2, 4, 3), Tensor.of(weight, 3, 2, 2, 3, 3), Tensor.of(bias, 3)).item();
        }
    }

    private static Tensor loss(Tensor x, Tensor weight, Tensor bias) {
        ConvGeometry geometry = new ConvGeometry(2, 3, 3, 1, 2, 2, 1, 0, 0, 1, 1, 1);
        Tensor out = Functional.conv3d("down", x, weight, bias, geometry);
        return out.mul(out).sum();
    }
}
