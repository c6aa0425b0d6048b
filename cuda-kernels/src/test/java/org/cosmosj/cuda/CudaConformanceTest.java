package org.cosmosj.cuda;

import java.util.List;
import java.util.Set;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.conformance.BackendConformance;
import org.cosmosj.tensor.conformance.Check;
import org.cosmosj.tensor.conformance.ConformanceSuite;
import org.cosmosj.testing.gpu.RunsOnGpu;

/** The CPU backend's own suite on the GPU: forward and gradient of every op whose kernels there are. */
@RunsOnGpu
class CudaConformanceTest extends BackendConformance {
    /** Families with CUDA kernels. */
    static final Set<String> FAMILIES = Set.of("copies", "elementwise", "reductions", "norms", "optimizers");

    static List<Check> suite() {
        return ConformanceSuite.checks().stream().filter(check -> FAMILIES.contains(check.family())).toList();
    }

    @Override
    protected Device device() {
        return Device.cuda(0);
    }

    @Override
    protected List<Check> checks() {
        return suite();
    }
}
