package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Floats in native memory. Positions are a byte offset and an element index, because C2 removes bounds checks of an
 * int counter but not of a long one. Loops end in one masked vector, so that an element's result does not depend on
 * where it stands.
 */
final class Floats {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private Floats() {}

    static FloatVector load(MemorySegment memory, long base, int i) {
        return FloatVector.fromMemorySegment(Species.FLOAT, memory, base + 4L * i, ORDER);
    }

    static FloatVector load(MemorySegment memory, long base, int i, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(Species.FLOAT, memory, base + 4L * i, ORDER, mask);
    }

    static void store(MemorySegment memory, long base, int i, FloatVector value) {
        value.intoMemorySegment(memory, base + 4L * i, ORDER);
    }

    static void store(MemorySegment memory, long base, int i, FloatVector value, VectorMask<Float> mask) {
        value.intoMemorySegment(memory, base + 4L * i, ORDER, mask);
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
