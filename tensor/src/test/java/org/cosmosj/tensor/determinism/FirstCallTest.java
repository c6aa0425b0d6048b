package org.cosmosj.tensor.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.OptimizerKernels;
import org.cosmosj.tensor.spi.ReductionKernels;
import org.junit.jupiter.api.Test;

/**
 * A compiler that takes over must not change bits: a fresh JVM's first call against its 20,000th, and against this
 * JVM.
 */
class FirstCallTest {
    @Test
    void theFirstCallOfAFreshJvmEqualsTheTwentyThousandth() throws IOException, InterruptedException {
        List<String> lines = runInAFreshJvm();
        Map<String, Long> here = FirstCallMain.once();
        List<String> wrong = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split("\t");
            if (!fields[1].equals(fields[2]) || !fields[3].equals("-1")) {
                wrong.add(fields[0] + ": call " + fields[3] + " had other bits than the first");
            }
            if (here.get(fields[0]) != Long.parseLong(fields[1])) {
                wrong.add(fields[0] + ": a fresh JVM has other bits than this one");
            }
        }

        assertThat(lines).hasSize(here.size());
        assertThat(wrong).isEmpty();
    }

    @Test
    void aChangeOfBitsIsSeen() {
        AtomicInteger calls = new AtomicInteger();

        String seen = FirstCallMain.watch(() -> calls.getAndIncrement() == 7 ? 6 : 5, 20);

        assertThat(seen).isEqualTo("5\t5\t7");
    }

    @Test
    void aKernelsBitsAreThoseOfItsResults() {
        try (Scope _ = Scope.open(Device.cpu(), "operands")) {
            Tensor before = Tensor.of(new float[] {1, 2}, 2);
            Tensor after = Tensor.of(new float[] {1, Math.nextUp(2f)}, 2);

            assertThat(Bits.of(after)).isNotEqualTo(Bits.of(before));
            assertThat(Bits.of(before.copy())).isEqualTo(Bits.of(before));
        }
    }

    @Test
    void everyKernelIsCalled() {
        List<String> kernels = Stream.of(CopyKernels.class, ElementwiseKernels.class, ReductionKernels.class,
                MatmulKernels.class, NormKernels.class, AttentionKernels.class, ConvolutionKernels.class,
                OptimizerKernels.class).flatMap(family -> Arrays.stream(family.getMethods())).map(Method::getName)
                .toList();

        assertThat(FirstCallMain.once().keySet().stream().map(name -> name.split("[ ,]")[0]).distinct())
                .containsExactlyInAnyOrderElementsOf(kernels);
    }

    private static List<String> runInAFreshJvm() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Dcosmosj.threads=1", "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), FirstCallMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            List<String> lines = child.inputReader().lines().toList();
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).as("the child ended").isTrue();
            assertThat(child.exitValue()).as("exit code of the child, which printed %s", lines).isZero();
            return lines;
        } finally {
            child.destroyForcibly();
        }
    }
}
