package org.cosmosj.testing.gpu;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that needs a CUDA device: the emulated one, or with {@code -Dgpu=real} the machine's own, for which
 * nothing is loaded. Where the emulator cannot be built the class is skipped with the reason.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(GpuCondition.class)
public @interface RunsOnGpu {
    /**
     * Whether the tests look into the emulator and make no sense on a real device.
     *
     * @return true to skip them with {@code -Dgpu=real}
     */
    boolean emulatedOnly() default false;
}
