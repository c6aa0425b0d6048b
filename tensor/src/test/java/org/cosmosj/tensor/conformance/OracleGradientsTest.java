package org.cosmosj.tensor.conformance;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The oracle itself: every backward rule against finite differences of its op. */
class OracleGradientsTest {
    @TestFactory
    Stream<DynamicNode> gradientsMatchFiniteDifferences() {
        return ConformanceSuite.cases().entrySet().stream().map(family -> DynamicContainer.dynamicContainer(
                family.getKey(), family.getValue().stream()
                        .map(test -> DynamicTest.dynamicTest(test.name(), test::verifyGradients))));
    }
}
