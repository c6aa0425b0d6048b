package org.cosmosj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RmsNormTest {
    @Test
    void addsEpsInsideTheRootAndStartsWithGainOne() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            RmsNorm norm = new RmsNorm(Weights.random(Rng.seeded(1), DType.F64), 2, 1e-6);

            double[] y = norm.forward(Tensor.of(new double[] {1e-3, -1e-3}, 1, 2)).toDoubleArray();

            assertThat(y).containsExactly(new double[] {Math.sqrt(0.5), -Math.sqrt(0.5)}, within(1e-12));
        }
    }
}
