package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.conformance.TensorAssert.assertThatTensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.testing.Tolerance;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Extend this for each backend; it needs only the device. Skip by assumption, with a reason, where there is none. */
public abstract class BackendConformance {
    /**
     * The device under test.
     *
     * @return a device whose backend is registered or found
     */
    protected abstract Device device();

    /**
     * What to check; all there is unless overridden.
     *
     * @return checks to run
     */
    protected List<Check> checks() {
        return ConformanceSuite.checks();
    }

    @TestFactory
    Stream<DynamicNode> agreesWithTheOracle() {
        Map<String, List<Check>> families = checks().stream()
                .collect(Collectors.groupingBy(Check::family, LinkedHashMap::new, Collectors.toList()));
        return families.entrySet().stream().map(family -> DynamicContainer.dynamicContainer(family.getKey(),
                family.getValue().stream().map(check -> DynamicTest.dynamicTest(check.name(), () -> run(check)))));
    }

    private void run(Check check) {
        Backend backend = Backends.of(device());
        long before = backend.memory().liveBuffers();
        check.body().accept(device());
        assertThat(backend.memory().liveBuffers()).as("live buffers after " + check.name()).isEqualTo(before);
    }

    @Test
    void countsItsMemory() {
        Backend backend = Backends.of(device());
        backend.resetPeak();
        Backend.MemoryUse before = backend.memory();
        try (Scope scope = Scope.open(device(), "memory")) {
            Tensor.empty(DType.F32, Shape.of(1000, 1000)).close();
            Tensor kept = Tensor.empty(DType.F32, Shape.of(1000));

            assertThat(scope.live()).isEqualTo(1);
            assertThat(backend.memory().liveBuffers()).isEqualTo(before.liveBuffers() + 1);
            assertThat(backend.memory().liveBytes()).isBetween(before.liveBytes() + 4000, before.liveBytes() + 8000);
            assertThat(backend.memory().peakBytes()).isGreaterThanOrEqualTo(before.liveBytes() + 4_000_000);
            assertThat(backend.memory().reservedBytes()).isGreaterThanOrEqualTo(backend.memory().liveBytes());
            assertThat(kept.device()).isEqualTo(device());
        }
        assertThat(backend.memory().liveBytes()).isEqualTo(before.liveBytes());
    }

    @Test
    void movesTensorsToTheHostAndBack() {
        double[] values = {1, 2, 3, 4, 5, 6};
        try (Scope _ = Scope.open(device(), "move")) {
            Tensor there = Tensor.of(values, 2, 3);
            Tensor here = there.transpose(0, 1).to(OpCase.ORACLE);

            assertThat(here.device()).isEqualTo(OpCase.ORACLE);
            assertThatTensor(here).hasShape(3, 2).isCloseTo(new double[] {1, 4, 2, 5, 3, 6}, Tolerance.exact());
            assertThatTensor(here.to(device())).hasShape(3, 2).isCloseTo(here, Tolerance.exact());
        }
    }

    @Test
    void operandsOfTwoDevicesAreRefused() {
        try (Scope _ = Scope.open(device(), "here")) {
            Tensor here = Tensor.of(new float[] {1}, 1);
            Tensor there = here.to(OpCase.ORACLE);

            assertThat(org.junit.jupiter.api.Assertions.assertThrows(org.cosmosj.tensor.ShapeException.class,
                    () -> here.add(there))).hasMessage("add: operands live on " + device() + " and " + OpCase.ORACLE
                            + "; move one with to(Device)");
        }
    }
}
