package org.cosmosj.policy.query;

import java.io.IOException;
import java.util.stream.Collectors;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** Looks up embedded instructions in a cache. */
final class Instructions {
    private static final int SHOWN = 3;

    private Instructions() {}

    /**
     * The embedding of an instruction.
     *
     * @param cache embeddings by instruction
     * @param instruction what the robot is told, to the letter
     * @param config what the policy takes
     * @return (1, S, width), F32
     * @throws IOException if there is none, or one of other sizes
     */
    static Tensor embedding(Checkpoint cache, String instruction, CosmosPolicyConfig config) throws IOException {
        if (!cache.contains(instruction)) {
            throw new IOException("t5 cache " + cache.describe() + ": has no embedding of \"" + instruction
                    + "\"; it holds " + cache.keys().size() + ", such as "
                    + cache.keys().stream().limit(SHOWN).map(key -> '"' + key + '"').collect(Collectors.joining(", "))
                    + "; give --instruction as it stands there, or embed the new one with 'embed'");
        }
        Shape expected = Shape.of(1, config.sizes().text(), config.net().crossattnEmbChannels());
        if (!cache.shape(instruction).equals(expected) || !cache.dtype(instruction).isFloat()) {
            throw new IOException("t5 cache " + cache.describe() + ": the embedding of \"" + instruction + "\" is "
                    + cache.dtype(instruction) + " " + cache.shape(instruction) + ", the policy takes " + expected);
        }
        return cache.tensor(instruction).to(DType.F32);
    }
}
