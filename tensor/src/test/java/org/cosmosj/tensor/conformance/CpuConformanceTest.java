package org.cosmosj.tensor.conformance;

import java.util.List;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Both implementations of the host's kernels, whatever this JVM would choose. */
class CpuConformanceTest {
    private static final Device SCALAR = new Device(Device.Kind.TEST, 1);
    private static final Device VECTOR = new Device(Device.Kind.TEST, 2);

    @BeforeAll
    static void register() {
        Backends.register(CpuBackend.scalar(SCALAR));
        Backends.register(CpuBackend.vector(VECTOR));
    }

    @Nested
    class Scalar extends BackendConformance {
        @Override
        protected Device device() {
            return SCALAR;
        }

        @Override
        List<Check> checks() {
            return ConformanceSuite.checksInOneArrangement();
        }
    }

    @Nested
    class Vector extends BackendConformance {
        @Override
        protected Device device() {
            return VECTOR;
        }
    }
}
