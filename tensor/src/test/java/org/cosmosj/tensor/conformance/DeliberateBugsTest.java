package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.conformance.FaultyBackend.Fault;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.OptimizerKernels;
import org.cosmosj.tensor.spi.ReductionKernels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suite itself: each kernel is called by some check, and each fault in each of its results fails one. */
class DeliberateBugsTest {
    private static final Device DEVICE = new Device(Device.Kind.TEST, 4);
    private static final FaultyBackend BACKEND = new FaultyBackend(DEVICE, CpuBackend.vector(DEVICE));
    private static final List<Class<?>> FAMILIES = List.of(CopyKernels.class, ElementwiseKernels.class,
            ReductionKernels.class, MatmulKernels.class, NormKernels.class, AttentionKernels.class,
            ConvolutionKernels.class, OptimizerKernels.class);

    /** Positions of the destinations among the arguments of each kernel. */
    private static final Map<String, int[]> DESTINATIONS = new LinkedHashMap<>();
    /** The checks that call a kernel. */
    private static final Map<String, List<Check>> CALLERS = new LinkedHashMap<>();

    static {
        DESTINATIONS.put("copy", new int[] {1});
        DESTINATIONS.put("fill", new int[] {1});
        DESTINATIONS.put("gather", new int[] {2});
        DESTINATIONS.put("scatterAdd", new int[] {2});
        DESTINATIONS.put("normal", new int[] {2});
        DESTINATIONS.put("unary", new int[] {2});
        DESTINATIONS.put("unaryBackward", new int[] {3});
        DESTINATIONS.put("binary", new int[] {3});
        DESTINATIONS.put("affine", new int[] {3});
        DESTINATIONS.put("axpy", new int[] {2});
        DESTINATIONS.put("gatedResidual", new int[] {3});
        DESTINATIONS.put("gatedResidualBackward", new int[] {3, 4});
        DESTINATIONS.put("reduce", new int[] {2});
        DESTINATIONS.put("weightedSquaredError", new int[] {4});
        DESTINATIONS.put("weightedSquaredErrorBackward", new int[] {5});
        DESTINATIONS.put("matmul", new int[] {2});
        DESTINATIONS.put("matmulBf16", new int[] {2});
        DESTINATIONS.put("layerNorm", new int[] {4, 5, 6});
        DESTINATIONS.put("layerNormBackward", new int[] {5, 6, 7});
        DESTINATIONS.put("rmsNorm", new int[] {3, 4});
        DESTINATIONS.put("rmsNormBackward", new int[] {4, 5});
        DESTINATIONS.put("channelNorm", new int[] {3});
        DESTINATIONS.put("channelNormBackward", new int[] {4, 5});
        DESTINATIONS.put("softmax", new int[] {1});
        DESTINATIONS.put("softmaxBackward", new int[] {2});
        DESTINATIONS.put("rope", new int[] {4});
        DESTINATIONS.put("attention", new int[] {4, 5});
        DESTINATIONS.put("attentionBackward", new int[] {7, 8, 9});
        DESTINATIONS.put("conv3d", new int[] {4});
        DESTINATIONS.put("conv3dBackwardInput", new int[] {3});
        DESTINATIONS.put("conv3dBackwardWeight", new int[] {3, 4});
        DESTINATIONS.put("upsampleNearest2x", new int[] {1});
        DESTINATIONS.put("upsampleNearest2xBackward", new int[] {1});
        DESTINATIONS.put("adamW", new int[] {1, 2, 3});
        DESTINATIONS.put("movingAverage", new int[] {2});
        DESTINATIONS.put("zeroNonFinite", new int[] {0});
    }

    @BeforeAll
    static void findCallers() {
        Backends.register(BACKEND);
        for (Check check : ConformanceSuite.checksInOneArrangement()) {
            BACKEND.takeCalled();
            check.body().accept(DEVICE);
            for (String kernel : BACKEND.takeCalled()) {
                CALLERS.computeIfAbsent(kernel, _ -> new ArrayList<>()).add(check);
            }
        }
    }

    @Test
    void everyKernelIsCalledAndItsDestinationsAreKnown() {
        List<String> kernels = FAMILIES.stream().flatMap(family -> Arrays.stream(family.getMethods()))
                .map(Method::getName).toList();

        assertThat(CALLERS.keySet()).containsExactlyInAnyOrderElementsOf(kernels);
        assertThat(DESTINATIONS.keySet()).containsExactlyInAnyOrderElementsOf(kernels);
    }

    @TestFactory
    Stream<DynamicTest> everyBugIsFound() {
        return DESTINATIONS.entrySet().stream().flatMap(kernel -> Arrays.stream(kernel.getValue()).boxed()
                .flatMap(argument -> Arrays.stream(Fault.values()).map(fault -> DynamicTest.dynamicTest(
                        kernel.getKey() + ", argument " + argument + ": " + fault,
                        () -> findsIffItChangesAnything(kernel.getKey(), argument, fault)))));
    }

    private static void findsIffItChangesAnything(String kernel, int argument, Fault fault) {
        BACKEND.spoil(kernel, argument, fault);
        try {
            boolean found = CALLERS.get(kernel).stream().anyMatch(DeliberateBugsTest::fails);

            assertThat(found).isEqualTo(BACKEND.changedAnything());
        } finally {
            BACKEND.heal();
        }
    }

    private static boolean fails(Check check) {
        try {
            check.body().accept(DEVICE);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }
}
