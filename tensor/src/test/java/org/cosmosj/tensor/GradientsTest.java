package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GradientsTest {
    private Scope scope;
    private Parameter a;
    private Parameter b;
    private Gradients gradients;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
        a = new Parameter("a", Tensor.zeros(DType.F32, Shape.of(3)));
        b = new Parameter("b", Tensor.zeros(DType.F32, Shape.of(2, 5)));
        gradients = Gradients.of(List.of(a, b));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private void set(float... three) {
        gradients.of(a).copyFrom(Tensor.of(three, 3));
    }

    @Test
    void areViewsOfOneFlatBufferThatStartsAtZero() {
        assertThat(gradients.flat().toFloatArray()).containsOnly(0);
        assertThat(gradients.of(b).shape()).isEqualTo(Shape.of(2, 5));

        gradients.of(b).fill(2);

        assertThat(gradients.flat().sum().item()).isEqualTo(20);
        assertThat(gradients.flat().shape().rank()).isOne();
        gradients.zero();
        assertThat(gradients.of(b).toFloatArray()).containsOnly(0);
    }

    @Test
    void theNormCoversAllParameters() {
        set(3, 0, 0);
        gradients.of(b).narrow(1, 4, 1).narrow(0, 1, 1).fill(-4);

        assertThat(gradients.norm()).isEqualTo(5);
    }

    @Test
    void clippingScalesToTheLimitAndReturnsTheNormBefore() {
        set(3, 4, 0);

        assertThat(gradients.clip(10)).isEqualTo(5);
        assertThat(gradients.of(a).toFloatArray()).as("below the limit").containsExactly(3, 4, 0);
        assertThat(gradients.clip(1)).isEqualTo(5);
        assertThat(gradients.norm()).isCloseTo(1, within(1e-6));
        assertThat(gradients.of(a).toFloatArray()[0]).isEqualTo(3 * (float) (1 / (5 + 1e-6)));
        assertThatIllegalArgumentException().isThrownBy(() -> gradients.clip(0))
                .withMessage("clip: maximum norm 0.0 must be above 0");
        assertThatIllegalArgumentException().isThrownBy(() -> gradients.clip(Double.NaN));
    }

    @Test
    void nonFiniteGradientsShowInTheNormAndCanBeZeroed() {
        set(3, Float.NaN, 4);
        assertThat(gradients.norm()).isNaN();
        assertThat(gradients.clip(1)).isNaN();
        gradients.of(b).narrow(0, 0, 1).fill(Double.NEGATIVE_INFINITY);

        gradients.zeroNonFinite();

        assertThat(gradients.of(a).toFloatArray()).containsExactly(3, 0, 4);
        assertThat(gradients.norm()).isEqualTo(5);
    }

    @Test
    void scalingAveragesMicroSteps() {
        set(3, 6, 9);

        gradients.scale(1.0 / 3);

        assertThat(gradients.of(a).toFloatArray()).containsExactly(1, 2, 3);
    }

    @Test
    void strangersAndMixedDtypesAreRefused() {
        Parameter stranger = new Parameter("stranger", Tensor.zeros(DType.F32, Shape.of(1)));
        Parameter wide = new Parameter("wide", Tensor.zeros(DType.F64, Shape.of(1)));

        assertThatIllegalArgumentException().isThrownBy(() -> gradients.of(stranger))
                .withMessage(
                        "gradients: parameter stranger (1) is not in this set; build the set from all parameters of"
                                + " the model");
        assertThatIllegalArgumentException().isThrownBy(() -> Gradients.of(List.of(wide, a)))
                .withMessageContaining("gradients of wide: dtypes F32");
        assertThat(Gradients.of(List.of()).norm()).isZero();
    }
}
