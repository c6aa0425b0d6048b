package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RngTest {
    @Test
    void aStreamDependsOnItsPathOnly() {
        Rng root = Rng.seeded(7);
        long expected = Rng.seeded(7).stream(3, 4).nextLong();
        root.nextLong();
        root.stream(3).nextLong();

        assertThat(root.stream(3, 4).nextLong()).isEqualTo(expected);
        assertThat(root.stream(3).stream(4).nextLong()).isEqualTo(expected);
        assertThat(Rng.seeded(8).stream(3, 4).nextLong()).isNotEqualTo(expected);
    }

    @Test
    void neighbouringStreamsAndDrawsNeverMeet() {
        Set<Long> seen = new HashSet<>();
        int count = 0;
        for (long seed = -2; seed <= 2; seed++) {
            for (long step = -3; step <= 3; step++) {
                for (long sample = -3; sample <= 3; sample++) {
                    Rng rng = Rng.seeded(seed).stream(step, sample);
                    for (int draw = 0; draw < 20; draw++, count++) {
                        seen.add(rng.nextLong());
                    }
                }
            }
        }

        assertThat(seen).hasSize(count);
    }

    @Test
    void tensorsDrawnOneAfterTheOtherDifferFromAllChildStreams() {
        try (Scope _ = Scope.open(Device.cpu(), "rng")) {
            Rng rng = Rng.seeded(1);
            Set<Double> seen = new HashSet<>();
            for (int draw = 0; draw < 4; draw++) {
                seen.add(Tensor.randn(rng, DType.F64, Shape.of(1)).item());
            }
            for (long child = -4; child < 4; child++) {
                seen.add(Tensor.randn(Rng.seeded(1).stream(child), DType.F64, Shape.of(1)).item());
                Rng grandchild = Rng.seeded(1).stream(child);
                grandchild.nextLong();
                seen.add(Tensor.randn(grandchild, DType.F64, Shape.of(1)).item());
            }

            assertThat(seen).hasSize(4 + 16);
        }
    }

    @Test
    void uniformNumbersFillTheirRange() {
        Rng rng = Rng.seeded(3);
        double sum = 0;
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            double u = rng.nextDouble(-1, 3);
            assertThat(u).isGreaterThanOrEqualTo(-1).isLessThan(3);
            sum += u;
            counts[rng.nextInt(7)]++;
        }

        assertThat(sum / 70_000).isCloseTo(1, within(0.02));
        for (int count : counts) {
            assertThat(count).isBetween(9_600, 10_400);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> rng.nextInt(0))
                .withMessage("nextInt: bound 0 must be above 0");
        assertThatIllegalArgumentException().isThrownBy(rng::stream).withMessageStartingWith("stream: an empty path");
    }

    @Test
    void normalNumbersHaveTheirMoments() {
        try (Scope _ = Scope.open(Device.cpu(), "rng")) {
            double[] values = Tensor.randn(Rng.seeded(5), DType.F32, Shape.of(100_000)).toDoubleArray();
            double[] moments = new double[5];
            for (double value : values) {
                for (int k = 1; k <= 4; k++) {
                    moments[k] += Math.pow(value, k) / values.length;
                }
            }

            assertThat(moments[1]).isCloseTo(0, within(0.015));
            assertThat(moments[2]).isCloseTo(1, within(0.02));
            assertThat(moments[3]).isCloseTo(0, within(0.05));
            assertThat(moments[4]).isCloseTo(3, within(0.1));
        }
    }
}
