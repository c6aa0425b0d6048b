package org.cosmosj.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import org.cosmosj.diffusion.Preconditioning.Edm;
import org.cosmosj.diffusion.Preconditioning.RectifiedFlow;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditioningTest {
    private static final double F32 = 4e-7;

    private static double at(double sigma, UnaryOperator<Tensor> f) {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            return f.apply(Tensor.of(new float[] {(float) sigma}, 1)).item();
        }
    }

    private static void assertAt(double sigma, UnaryOperator<Tensor> f, double expected) {
        assertThat(at(sigma, f)).isCloseTo(expected, within(F32 * Math.max(1, Math.abs(expected))));
    }

    @Test
    void rectifiedFlowInterpolatesByTime() {
        RectifiedFlow flow = new RectifiedFlow(1);

        assertAt(4, flow::cNoise, 0.8);
        assertAt(4, flow::cSkip, 0.2);
        assertAt(4, flow::cIn, 0.2);
        assertAt(4, flow::cOut, -0.8);
        assertAt(4, flow::lossWeight, 1.5625);
        assertAt(4, new RectifiedFlow(1000)::cNoise, 800);
    }

    @Test
    void edmKeepsUnitVariance() {
        Edm edm = new Edm(0.5);

        assertAt(1.2, edm::cSkip, 0.25 / 1.69);
        assertAt(1.2, edm::cOut, 0.6 / 1.3);
        assertAt(1.2, edm::cIn, 1 / 1.3);
        assertAt(1.2, edm::cNoise, Math.log(1.2) / 4);
        assertAt(1.2, edm::lossWeight, 1.69 / 0.36);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 1, 4, 80, 255})
    void lossWeightIsTheInverseSquareOfTheOutputScale(double sigma) {
        for (Preconditioning scaling : new Preconditioning[] {new RectifiedFlow(1), new Edm(0.5)}) {
            double cOut = at(sigma, scaling::cOut);
            double weight = at(sigma, scaling::lossWeight);

            assertThat(weight * cOut * cOut).isCloseTo(1, within(F32));
        }
    }

    @Test
    void rejectsNonPositiveConstants() {
        assertThatThrownBy(() -> new Edm(0)).hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> new RectifiedFlow(Double.NaN)).hasMessageContaining("must be above 0");
    }
}
