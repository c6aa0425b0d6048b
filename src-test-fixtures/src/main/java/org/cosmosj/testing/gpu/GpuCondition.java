package org.cosmosj.testing.gpu;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts the emulated GPU before the tests of a {@link RunsOnGpu} class, or says why not. */
final class GpuCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean emulatedOnly = context.getTestClass()
                .flatMap(type -> Optional.ofNullable(type.getAnnotation(RunsOnGpu.class)))
                .map(RunsOnGpu::emulatedOnly).orElse(false);
        if (System.getProperty("gpu", "emulated").equals("real")) {
            return emulatedOnly
                    ? ConditionEvaluationResult.disabled("looks into the emulated GPU; -Dgpu=real asks for a real one")
                    : ConditionEvaluationResult.enabled("the machine's own GPU");
        }
        return EmulatedGpu.obstacle().map(ConditionEvaluationResult::disabled).orElseGet(() -> {
            EmulatedGpu.start();
            return ConditionEvaluationResult.enabled("the emulated GPU");
        });
    }
}
