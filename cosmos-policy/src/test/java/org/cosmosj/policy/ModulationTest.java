package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ModulationTest {
    @Test
    void normalisesWithEpsThenScalesAndShiftsPerFrame() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Modulation modulation = new Modulation(Tensor.of(new double[] {10, 20, 30, 40}, 1, 2, 2),
                    Tensor.of(new double[] {0, 1, 2, 3}, 1, 2, 2), Tensor.of(new double[] {1, 2, 3, 4}, 1, 2, 2));
            Tensor x = Tensor.of(new double[] {2e-3, 0, 5, 3}, 1, 2, 1, 1, 2); // variances 1e-6 and 1

            double half = Math.sqrt(0.5);
            double one = 1 / Math.sqrt(1 + 1e-6);
            assertThat(modulation.modulate(x).toDoubleArray()).containsExactly(
                    new double[] {10 + half, 20 - 2 * half, 30 + 3 * one, 40 - 4 * one}, within(1e-12));
            Tensor branch = Tensor.of(new double[] {1, 1, 1, 1}, 1, 2, 2);
            assertThat(modulation.addGated(x, branch).toDoubleArray()).containsExactly(1.002, 2, 8, 7);
        }
    }
}
