package org.cosmosj.tensor.conformance;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.internal.cpu.CpuBackend;
import org.cosmosj.tensor.internal.cpu.machine.MachineSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** All implementations of the host's kernels, whatever this JVM would choose. */
class CpuConformanceTest {
    private static final Device SCALAR = new Device(Device.Kind.TEST, 1);
    private static final Device VECTOR = new Device(Device.Kind.TEST, 2);
    private static final Device MACHINE = new Device(Device.Kind.TEST, 8);

    @BeforeAll
    static void register() {
        Backends.register(CpuBackend.scalar(SCALAR));
        Backends.register(CpuBackend.vector(VECTOR));
        if (MachineSupport.process().isOn()) {
            Backends.register(CpuBackend.machine(MACHINE));
        }
    }

    @Nested
    class Scalar extends BackendConformance {
        @Override
        protected Device device() {
            return SCALAR;
        }

        @Override
        protected List<Check> checks() {
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

    @Nested
    class Machine extends BackendConformance {
        @BeforeEach
        void needsMachineCode() {
            assumeThat(MachineSupport.process().isOn()).as(MachineSupport.process().status()).isTrue();
        }

        @Override
        protected Device device() {
            return MACHINE;
        }

        /** Machine code computes products; everything else is as above. */
        @Override
        protected List<Check> checks() {
            return ConformanceSuite.checks().stream()
                    .filter(check -> check.family().equals("matmul")).toList();
        }
    }
}
