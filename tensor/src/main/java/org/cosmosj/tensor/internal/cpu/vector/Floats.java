package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;

/**
 * Floats in native memory. Positions are a byte offset and an element index, because C2 removes bounds checks of an
 * int counter but not of a long one. Loops end in one masked vector, so that an element's result does not depend on
 * where it stands.
 *
 * <p>Vectors are read and written by address, through one segment of all memory that C2 knows as a constant: through
 * the operand's own segment, every access pays for what else this process does with segments (heap arrays, mapped
 * files), up to twice the time. Bounds and life are checked once per operand instead, by {@link CpuBuffer#segment}.
 * Where the JVM allows no native access, or with {@code -Dcosmosj.cpu.bounds=checked}, every access is checked.
 */
final class Floats {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final boolean CHECKED = "checked".equals(System.getProperty("cosmosj.cpu.bounds"))
            || !Floats.class.getModule().isNativeAccessEnabled();
    private static final MemorySegment ALL = CHECKED ? null : allMemory();

    private Floats() {}

    @SuppressWarnings("restricted")
    private static MemorySegment allMemory() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    private static MemorySegment reach(MemorySegment memory) {
        return CHECKED ? memory : ALL;
    }

    private static long at(MemorySegment memory, long base, int i) {
        return CHECKED ? base + 4L * i : memory.address() + base + 4L * i;
    }

    static FloatVector load(MemorySegment memory, long base, int i) {
        return FloatVector.fromMemorySegment(Species.FLOAT, reach(memory), at(memory, base, i), ORDER);
    }

    static FloatVector load(MemorySegment memory, long base, int i, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(Species.FLOAT, reach(memory), at(memory, base, i), ORDER, mask);
    }

    /** A vector of another width. */
    static FloatVector load(VectorSpecies<Float> species, MemorySegment memory, long base, int i) {
        return FloatVector.fromMemorySegment(species, reach(memory), at(memory, base, i), ORDER);
    }

    static void store(MemorySegment memory, long base, int i, FloatVector value) {
        value.intoMemorySegment(reach(memory), at(memory, base, i), ORDER);
    }

    static void store(MemorySegment memory, long base, int i, FloatVector value, VectorMask<Float> mask) {
        value.intoMemorySegment(reach(memory), at(memory, base, i), ORDER, mask);
    }

    static float get(MemorySegment memory, long base, long i) {
        return memory.get(ELEMENT, base + 4 * i);
    }

    static void set(MemorySegment memory, long base, long i, float value) {
        memory.set(ELEMENT, base + 4 * i, value);
    }

    /** The lanes of the last {@code left} elements, 0 &lt; left &lt; LANES. */
    static VectorMask<Float> tail(int left) {
        return Species.FLOAT.indexInRange(0, left);
    }

    /** How many of n elements fill whole vectors. */
    static int whole(int n) {
        return n & -Species.LANES;
    }
}
