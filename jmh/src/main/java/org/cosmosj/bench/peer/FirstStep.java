package org.cosmosj.bench.peer;

import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Scope;

/** A process that trains the tiny transformer for some steps: the first tells how long a start takes. */
public final class FirstStep {
    private FirstStep() {}

    /**
     * Trains.
     *
     * @param arguments number of steps, 1 if missing; with more the resident memory is printed now and then
     */
    public static void main(String[] arguments) {
        long steps = arguments.length == 0 ? 1 : Long.parseLong(arguments[0]);
        try (Scope _ = Scope.open(Device.cpu(), "first step")) {
            Workload step = new TransformerWork(TransformerSize.TINY, MatmulPrecision.F32, Pass.TRAINING_STEP);
            for (long i = 1; i <= steps; i++) {
                try (Scope _ = Scope.inner("step")) {
                    double loss = step.run().get("loss").item();
                    if (i == 1 || i % 1000 == 0) {
                        System.out.println("step " + i + ": loss " + loss + ResidentMemory.text());
                    }
                }
            }
        }
    }
}
