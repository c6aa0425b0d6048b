package org.cosmosj.cuda;

import java.util.Optional;
import org.cosmosj.testing.gpu.Mutant;

/** Why some deliberate bugs cannot be found: they change nothing that a result could show. */
final class Survivors {
    private Survivors() {}

    /** The reason, if the bug is one of those. */
    static Optional<String> excuse(Mutant mutant) {
        if (mutant.dividesWide()) {
            return Optional.of("chooses between a division of 32 and of 64 bits, which agree");
        }
        return Optional.empty();
    }

    /** One block more finds nothing left to do where a kernel guards its elements. */
    static Optional<String> wrongGrid(String kernel, int change) {
        return change > 0 ? Optional.of("its guard sends the block too many home") : Optional.empty();
    }
}
