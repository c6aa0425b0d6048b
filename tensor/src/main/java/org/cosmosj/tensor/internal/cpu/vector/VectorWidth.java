package org.cosmosj.tensor.internal.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this JVM: what the processor prefers, or the system property {@code cosmosj.cpu.vectorBits} =
 * 128, 256 or 512. A width above the processor's is correct but very slow; it lets every path be tested on any machine.
 * One width per JVM, because kernels compiled for two shapes at once lose their speed.
 */
final class VectorWidth {
    /** Vector length in bits. */
    static final int BITS = bits();

    /** Floats of that length. */
    static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));

    /** As many ints as {@link #FLOATS} has lanes. */
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));

    /** As many 16-bit values as {@link #FLOATS} has lanes. */
    static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));

    /** Lanes of {@link #FLOATS}. */
    static final int LANES = FLOATS.length();

    private VectorWidth() {}

    private static int bits() {
        String forced = System.getProperty("cosmosj.cpu.vectorBits");
        return switch (forced) {
            case null -> Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
            case "128", "256", "512" -> Integer.parseInt(forced);
            default -> throw new IllegalArgumentException(
                    "cosmosj.cpu.vectorBits=" + forced + " is unknown; use 128, 256 or 512");
        };
    }
}
