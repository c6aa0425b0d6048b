package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this JVM's kernels: the widest the processor prefers up to 512 bits, or the system property
 * {@code cosmosj.cpu.vectorBits} = 128, 256 or 512. Static finals, so that C2 sees constants.
 */
final class Species {
    private static final String PROPERTY = "cosmosj.cpu.vectorBits";

    /** The species of all float kernels. */
    static final VectorSpecies<Float> FLOAT = choose();

    /** Floats in one vector. */
    static final int LANES = FLOAT.length();

    private Species() {}

    private static VectorSpecies<Float> choose() {
        int preferred = Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
        int bits = Integer.getInteger(PROPERTY, preferred);
        return switch (bits) {
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default -> throw new IllegalArgumentException(PROPERTY + "=" + bits
                    + " is not a vector width; use 128, 256 or 512");
        };
    }
}
