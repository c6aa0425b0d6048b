package org.cosmosj.tensor.internal.cpu.vector;

/** Arrays of one thread's convolutions, grown on demand and kept, so that a call leaves no garbage. */
final class ConvScratch {
    private static final ThreadLocal<ConvScratch> CURRENT = ThreadLocal.withInitial(ConvScratch::new);

    /** Packed weights, or the sums of their gradient, of a call; owned by its caller and used by all its threads. */
    float[] weights = {};
    /** Staged inputs of a call, likewise. */
    float[] sharedStage = {};
    /** Packed panels of a call, likewise. */
    float[] sharedPanels = {};
    /** Offsets in the shared stage. */
    int[] sharedOffsets = {};

    /** Padded copy of the inputs that one task reads. */
    float[] stage = {};
    /** One panel of columns. */
    float[] panel = {};
    /** Sums of one task. */
    float[] tiles = {};
    /** Lanes of one vector. */
    final float[] lanes = new float[Species.LANES];
    /** Where in the stage each row of a panel begins. */
    int[] offsets = {};
    /** How the panels of a task are copied from its stage. */
    final PanelCopies copies = new PanelCopies();
    /** Where the sums of a task go. */
    final ResultRuns runs = new ResultRuns();

    private ConvScratch() {}

    /** The calling thread's arrays. */
    static ConvScratch current() {
        return CURRENT.get();
    }

    /** The array, or a larger one with undefined contents. */
    static float[] atLeast(float[] array, long length) {
        return array.length >= length ? array : new float[Math.toIntExact(length)];
    }

    /** The array, or a larger one with undefined contents. */
    static int[] atLeast(int[] array, long length) {
        return array.length >= length ? array : new int[Math.toIntExact(length)];
    }
}
