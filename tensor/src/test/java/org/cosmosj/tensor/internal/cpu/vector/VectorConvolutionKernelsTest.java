package org.cosmosj.tensor.internal.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cosmosj.tensor.ConvGeometry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorConvolutionKernelsTest {
    private static final ConvGeometry DOWN = new ConvGeometry(1, 3, 3, 1, 2, 2, 0, 0, 0, 1, 0, 1);
    private static final ConvGeometry TIME_DOWN = new ConvGeometry(3, 1, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0);
    private static final ConvGeometry ODD = new ConvGeometry(2, 4, 5, 1, 3, 2, 2, 1, 1, 2, 3, 0);
    private static final ConvGeometry CROPPED_GRADIENT = new ConvGeometry(1, 1, 2, 1, 1, 1, 1, 0, 2, 2, 3, 1);
    private static final ConvGeometry POINT_STRIDED = new ConvGeometry(1, 1, 1, 2, 2, 3, 0, 0, 0, 0, 0, 0);

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
        cases.add(new ConvolutionCase("many ranges", 20, 5, 9, 1, 8, 8, ConvGeometry.causal(3, 3, 3)));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardMatchesTheScalarReference(ConvolutionCase convolution) {
        convolution.assertMatchesScalar(ConvolutionCase.Pass.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientOfTheInputMatchesTheScalarReference(ConvolutionCase convolution) {
        convolution.assertMatchesScalar(ConvolutionCase.Pass.BACKWARD_INPUT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientOfTheWeightMatchesTheScalarReference(ConvolutionCase convolution) {
        convolution.assertMatchesScalar(ConvolutionCase.Pass.BACKWARD_WEIGHT);
    }
}
