package org.cosmosj.bench.peer;

import java.util.Map;
import org.cosmosj.tensor.Tensor;

/** Work that both sides can do with the same inputs. Made in a scope that outlives it, with seeded inputs. */
interface Workload {
    /** What the other side is given, under the names that its script reads. */
    Map<String, Tensor> inputs();

    /** Does the work once, on the device of the current scope, which owns the results. */
    Map<String, Tensor> run();

    /** Makes the work of a row. */
    @FunctionalInterface
    interface Factory {
        /** Makes inputs in the current scope. */
        Workload create();
    }
}
