package org.cosmosj.tensor;

/**
 * Blocks of a network whose intermediate results are not kept for backward but computed a second time: memory for time.
 * Called activation or gradient checkpointing elsewhere.
 */
public final class Recomputation {
    private Recomputation() {}

    /** A part of a network. */
    @FunctionalInterface
    public interface Block {
        /**
         * Computes the result; the same bits every time.
         *
         * @param inputs as they were given
         * @return the result, in the current scope
         */
        Tensor apply(Tensor... inputs);
    }

    /**
     * Computes a block of which a tape keeps the inputs only. Backward runs the block again under a tape of its own;
     * without a tape it is simply computed. Parameters in the block get their gradients as ever.
     *
     * @param block the computation; what it takes from elsewhere may not need a gradient
     * @param inputs of the block
     * @return its result
     * @throws IllegalStateException in backward, if the block uses a differentiable tensor that is no input
     */
    public static Tensor of(Block block, Tensor... inputs) {
        return Tape.attachWhole("recomputation", () -> result(block, inputs),
                node -> backward(node, block, inputs.length),
                inputs);
    }

    private static Tensor result(Block block, Tensor... inputs) {
        try (Scope scope = Scope.inner("recomputation")) {
            return scope.promote(block.apply(inputs));
        }
    }

    private static void backward(Backward node, Block block, int count) {
        Tensor[] inputs = new Tensor[count];
        for (int i = 0; i < count; i++) {
            inputs[i] = node.saved(i).detach();
        }
        try (Tape tape = Tape.record()) {
            for (int i = 0; i < count; i++) {
                if (node.needs(i)) {
                    tape.watch(inputs[i]);
                }
            }
            tape.backward(result(block, inputs), node.dOut(), node.gradients());
            for (int i = 0; i < count; i++) {
                if (node.needs(i)) {
                    node.accumulate(i, tape.gradient(inputs[i]));
                }
            }
        }
    }
}
