package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.conformance.Check;
import org.cosmosj.testing.gpu.EmulatedGpu;
import org.cosmosj.testing.gpu.Mutant;
import org.cosmosj.testing.gpu.RunsOnGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The tests of the tests: bugs made by rule in every F32 kernel and every copy, one at a time, must fail a check of the
 * conformance suite that runs the kernel. F64 kernels come from the same templates.
 *
 * <p>It runs with {@code -Dgpu.mutants=N}, on every Nth bug, and fails as long as a survivor has no explanation.
 */
@RunsOnGpu(emulatedOnly = true)
@EnabledIfSystemProperty(named = "gpu.mutants", matches = "\\d+", disabledReason = "takes minutes; -Dgpu.mutants=7")
class MutantsTest {
    /** Checks that a bug is tried on, spread from the quickest to the slowest that run its kernel. */
    private static final int TRIES = 12;

    private final EmulatedGpu gpu = EmulatedGpu.start();
    private final List<String> survivors = new ArrayList<>();
    private final Map<String, List<Check>> callers = new TreeMap<>();
    private OwnBackend own = new OwnBackend();
    private int caught;
    private int total;

    private record Timed(Check check, long nanos) {}

    @AfterEach
    void restore() {
        heal();
        own.close();
        gpu.set("loop_limit", 200_000_000);
    }

    private void heal() {
        gpu.switchOn(-1);
        gpu.spoilLaunchesOf("");
        gpu.set("grid_change", 0);
        gpu.set("block_divisor", 1);
    }

    /** The checks that launch each kernel. */
    private void findCallers() {
        Map<String, List<Timed>> all = new TreeMap<>();
        gpu.takeLaunches();
        for (Check check : CudaConformanceTest.suite()) {
            if (check.name().matches(".* in (F64|F32), (CONTIGUOUS|SLICED|TRANSPOSED)")
                    && !check.name().endsWith(" in F32, CONTIGUOUS")) {
                continue; // the same kernels once more
            }
            long start = System.nanoTime();
            check.body().accept(own.device());
            long nanos = System.nanoTime() - start;
            gpu.takeLaunches().forEach(kernel -> all.computeIfAbsent(kernel, _ -> new ArrayList<>())
                    .add(new Timed(check, nanos)));
        }
        Check every = everyKernel();
        gpu.takeLaunches().forEach(kernel -> all.computeIfAbsent(kernel, _ -> new ArrayList<>()));
        all.forEach((kernel, checks) -> {
            checks.sort(Comparator.comparingLong(Timed::nanos));
            List<Check> chosen = new ArrayList<>();
            int count = Math.min(TRIES, checks.size());
            for (int i = 0; i < count; i++) {
                chosen.add(checks.get((int) ((long) (i + 1) * checks.size() / count - 1)).check());
            }
            chosen.add(every);
            callers.put(kernel, chosen);
        });
    }

    /** Calls every kernel on more than one block; the results without a bug are the expected ones. */
    private Check everyKernel() {
        Map<String, double[]> expected = EveryKernel.on(own.device(), DType.F32);
        return new Check("all", "every kernel", device -> EveryKernel.on(device, DType.F32).forEach(
                (name, actual) -> assertThat(Arrays.equals(actual, expected.get(name))).as(name).isTrue()));
    }

    private boolean isFound(String kernel) {
        for (Check check : callers.get(kernel)) {
            try {
                check.body().accept(own.device());
            } catch (AssertionError | RuntimeException e) {
                reopenAfterFault();
                return true;
            }
        }
        return false;
    }

    private void reopenAfterFault() {
        heal();
        if (own.backend().hasFailed()) {
            own.close();
            own = new OwnBackend();
        }
        gpu.takeReport();
    }

    private void judge(boolean found, String bug, Optional<String> excuse) {
        total++;
        if (found) {
            caught++;
        } else {
            survivors.add(bug + excuse.map(why -> " (" + why + ")").orElse(""));
        }
    }

    private void report(String what) {
        System.out.printf("deliberate bugs, %s: %d of %d caught%n", what, caught, total);
        survivors.forEach(survivor -> System.out.println("  survived: " + survivor));
    }

    private static boolean isTried(String kernel) {
        return !kernel.endsWith("_f64");
    }

    @Test
    void bugsInKernelsAreFound() {
        findCallers();
        gpu.set("loop_limit", 300_000);
        int step = Integer.getInteger("gpu.mutants");
        for (String module : KernelLibrary.MODULES) {
            for (Mutant mutant : gpu.translation(KernelLibrary.ptx(module)).mutants()) {
                if (!isTried(mutant.kernel()) || (mutant.number() + mutant.kernel().hashCode()) % step != 0) {
                    continue;
                }
                assertThat(callers.keySet()).as("kernels that some check runs").contains(mutant.kernel());
                // The number means another bug in other modules, whose kernels a check may run as well.
                gpu.switchOn(mutant.number());
                judge(isFound(mutant.kernel()), mutant.toString(), Survivors.excuse(mutant));
                heal();
            }
        }
        report(step == 1 ? "all" : "one of " + step);

        assertThat(survivors).allMatch(survivor -> survivor.endsWith(")"), "is explained");
    }

    @Test
    void launchesOfTheWrongSizeAreFound() {
        findCallers();
        for (String kernel : callers.keySet()) {
            if (isTried(kernel)) {
                for (int change : new int[] {-1, 1}) {
                    gpu.set("grid_change", change);
                    gpu.spoilLaunchesOf(kernel);
                    judge(isFound(kernel), kernel + " with " + change + " blocks", Survivors.wrongGrid(kernel, change));
                    heal();
                }
                gpu.set("block_divisor", 2);
                gpu.spoilLaunchesOf(kernel);
                judge(isFound(kernel), kernel + " with half the threads", Optional.empty());
                heal();
            }
        }
        report("wrong launch sizes");

        assertThat(survivors).allMatch(survivor -> survivor.endsWith(")"), "is explained");
    }
}
