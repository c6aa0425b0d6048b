package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Known answers of NumPy 2.3.5 and PyTorch 2.13; source: spec 03 sections 11 and 12. */
class NumpyRandomTest {
    /** A last-bit difference of the logarithm between C libraries and StrictMath. */
    private static final double ONE_ULP = 4.5e-16;

    @Test
    void drawsTheWordsOfMt19937() {
        NumpyRandom random = NumpyRandom.seeded(5489);

        assertThat(random.nextBits()).as("first word of the reference implementation's default seed")
                .isEqualTo((int) 3499211612L);
        for (int i = 2; i < 10_000; i++) {
            random.nextBits();
        }
        assertThat(random.nextBits()).as("10,000th word, which the C++ standard prescribes")
                .isEqualTo((int) 4123659995L);
    }

    @Test
    void matchesNumpyForSeed1() {
        double[] expected =
                {1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705, 0.8654076293246785};
        NumpyRandom random = NumpyRandom.seeded(1);

        for (double value : expected) {
            assertThat(random.nextGaussian()).isCloseTo(value, within(ONE_ULP));
        }
    }

    @Test
    void matchesNumpyForTheWholeLiberoNoiseOfSeed195() {
        double[] first =
                {0.9696848372425425, -1.8599659131074011, -1.3648067098514318, 0.6006318163008195, 0.3349459346292668};
        NumpyRandom random = NumpyRandom.seeded(195);
        double[] values = new double[112_896];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }

        for (int i = 0; i < first.length; i++) {
            assertThat(values[i]).isCloseTo(first[i], within(ONE_ULP));
        }
        assertThat(values[112_894]).isCloseTo(0.44477168470267686, within(ONE_ULP));
        assertThat(values[112_895]).isCloseTo(0.28107977334841344, within(ONE_ULP));
    }

    @Test
    void fillsTensorsInRowMajorOrderAsFloat32() {
        try (Scope _ = Scope.open(Device.cpu(), "noise")) {
            Tensor noise = NumpyRandom.seeded(195).standardNormal(Shape.of(1, 16, 9, 28, 28));

            assertThat(noise.dtype()).isEqualTo(DType.F32);
            assertThat(noise.select(0, 0).select(0, 0).select(0, 0).select(0, 0).narrow(0, 0, 2).toFloatArray())
                    .containsExactly(0.9696848372425425f, -1.8599659131074011f);
            assertThat(noise.reshape(-1).narrow(0, 112_895, 1).item()).isEqualTo(0.28107977334841344f);
        }
    }

    @Test
    void drawsTheUniformNumbersOfNumpyAndTorch() {
        NumpyRandom torch = NumpyRandom.seeded(195);

        assertThat(NumpyRandom.seeded(1).nextDouble()).isEqualTo(0.417022004702574);
        assertThat(NumpyRandom.seeded(1).nextDouble(-2, 2)).isEqualTo(-2 + 4 * 0.417022004702574);
        assertThat(torch.nextTorchFloat()).isEqualTo(0.15588051080703735f);
        assertThat(torch.nextTorchFloat()).isEqualTo(0.9416067004203796f);
    }

    @Test
    void theSameSeedGivesTheSameNumbersAndTheLargestSeedWorks() {
        assertThat(NumpyRandom.seeded(0xFFFFFFFFL).nextGaussian()).isEqualTo(
                NumpyRandom.seeded(0xFFFFFFFFL).nextGaussian());
    }

    @Test
    void refusesSeedsThatNumpyRefuses() {
        assertThatIllegalArgumentException().isThrownBy(() -> NumpyRandom.seeded(-1))
                .withMessage("numpy random: seed -1 is outside [0, 4294967295]; NumPy refuses it as well");
        assertThatIllegalArgumentException().isThrownBy(() -> NumpyRandom.seeded(1L << 32))
                .withMessageContaining("4294967296");
    }

    /** {@code r = RandomState(seed); [r.randint(b) for b in (3, 1, 5, 2, 7, 3, 1000, 1)]; r.random_sample()}. */
    @Test
    void drawsWholeNumbersLikeNumpy() {
        NumpyRandom zero = NumpyRandom.seeded(0);
        NumpyRandom seven = NumpyRandom.seeded(7);
        int[] bounds = {3, 1, 5, 2, 7, 3, 1000, 1};

        assertThat(java.util.Arrays.stream(bounds).map(zero::nextInt)).containsExactly(0, 0, 0, 1, 3, 1, 723, 0);
        assertThat(zero.nextDouble()).isEqualTo(0.6458941130666561);
        assertThat(zero.position()).isEqualTo(12);
        assertThat(java.util.Arrays.stream(bounds).map(seven::nextInt)).containsExactly(0, 0, 1, 0, 3, 0, 185, 0);
        assertThat(seven.nextDouble()).isEqualTo(0.5384958704104337);
        assertThat(seven.hasGaussian()).isFalse();
        seven.nextGaussian();
        assertThat(seven.hasGaussian()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> seven.nextInt(0))
                .withMessageContaining("randint(0), expected a bound >= 1");
    }

    /** {@code randint(2**40)}: two words, the first above the second. */
    @Test
    void drawsWholeNumbersOfMoreThan32Bits() {
        assertThat(NumpyRandom.seeded(0).nextLong(1L << 40)).isEqualTo(741280623151L);
    }

    /** Numbers of {@code RandomState(7).randn(15)}, some of which StrictMath's logarithm misses. */
    @Test
    void roundsTheLogarithmOfNormalNumbersLikeNumpy() {
        NumpyRandom seven = NumpyRandom.seeded(7);
        double[] numbers = new double[15];
        java.util.Arrays.setAll(numbers, _ -> seven.nextGaussian());

        assertThat(numbers).containsExactly(
                1.690525703800356, -0.4659373705408328, 0.0328201636785844, 0.40751628299650783, -0.7889230286257386,
                0.00206557290594813, -0.0008903858579313628, -1.7547243063454208, 1.0176580056634932,
                0.6004985159195494, -0.6254289739667597, -0.17154826119572117, 0.5052993741967516,
                -0.261356415191647, -0.2427490786725466);
    }

    /** Against 50 digits: close to 1, far from it, and where the exponent changes. */
    @Test
    void roundsLogarithmsCorrectly() {
        double[] x = {0.9999999999999999, 0.5, 0.7071067811865476, 0.3, 1e-17, 0.99, 0.123456789, 4.9e-5};

        assertThat(java.util.Arrays.stream(x).map(RoundedLogarithm::of)).containsExactly(
                -1.1102230246251565e-16, -0.6931471805599453, -0.3465735902799726, -1.2039728043259361,
                -39.14394658089878, -0.01005033585350145, -2.091864070778393, -9.923690259853647);
    }
}
