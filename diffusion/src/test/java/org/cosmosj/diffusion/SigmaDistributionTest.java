package org.cosmosj.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.cosmosj.diffusion.SigmaDistribution.Hybrid;
import org.cosmosj.diffusion.SigmaDistribution.LogNormal;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.junit.jupiter.api.Test;

class SigmaDistributionTest {
    private static final float F32 = 1e-6f;
    private static final LogNormal LOG_NORMAL = new LogNormal(Math.log(4), 1.2);
    private static final Hybrid HYBRID = new Hybrid(LOG_NORMAL, 0.7, 1, 85);

    private static DoubleSupplier inOrder(Double... uniforms) {
        Iterator<Double> next = List.of(uniforms).iterator();
        return next::next;
    }

    /** Expected: exp(NormalDist(ln 4, 1.2).inv_cdf(p)) of CPython. */
    @Test
    void logNormalGoesThroughTheInverseDistributionFunction() {
        assertThat(LOG_NORMAL.draw(inOrder(0.5))).isCloseTo(4f, within(4 * F32));
        assertThat(LOG_NORMAL.draw(inOrder(0.25))).isCloseTo(1.7805222f, within(2 * F32));
        assertThat(LOG_NORMAL.draw(inOrder(0.9))).isCloseTo(18.61851f, within(20 * F32));
    }

    @Test
    void logNormalSkipsTheUniformWithoutQuantile() {
        assertThat(LOG_NORMAL.draw(inOrder(0.0, 0.5))).isCloseTo(4f, within(4 * F32));
    }

    @Test
    void hybridChoosesBelowSeventyPercentTheLogNormalBranch() {
        assertThat(HYBRID.draw(inOrder(0.69, 0.5))).isCloseTo(4f, within(4 * F32));
        assertThat(HYBRID.draw(inOrder(0.7, 0.5))).isEqualTo(43f);
        assertThat(HYBRID.draw(inOrder(0.99, 0.0))).isEqualTo(1f);
    }

    @Test
    void sampleIsReproducibleAndMixesAsStated() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            float[] first = HYBRID.sample(Rng.seeded(3).stream(7), 20_000).toFloatArray();
            float[] second = HYBRID.sample(Rng.seeded(3).stream(7), 20_000).toFloatArray();

            assertThat(first).isEqualTo(second);
            int below = 0;
            for (float sigma : first) {
                below += sigma < 4 ? 1 : 0;
            }
            // 0.7 / 2 of the log-normal part and 0.3 * 3 / 84 of the uniform part; 3 standard errors
            assertThat(below / 20_000.0).isCloseTo(0.35 + 0.3 * 3 / 84, within(0.0102));
        }
    }

    @Test
    void rejectsBoundsOutOfOrder() {
        assertThatThrownBy(() -> new Hybrid(LOG_NORMAL, 0.7, 85, 1)).hasMessageContaining("0 < lower < upper");
        assertThatThrownBy(() -> new LogNormal(0, 0)).hasMessageContaining("must be above 0");
    }
}
