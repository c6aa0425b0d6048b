package org.cosmosj.policy.text;

import java.util.function.BiConsumer;
import org.cosmosj.tensor.Tensor;

/**
 * The values between the layers, computed by the same layers as {@link T5Encoder#forward}, so that the encoder itself
 * carries no hooks.
 */
public final class T5Activations {
    private T5Activations() {}

    /**
     * Runs the encoder layer by layer.
     *
     * @param encoder the encoder
     * @param tokens ids and mask, (B, S)
     * @param visitor is given {@code block<i>.self_attn}, which is the attention before its residual, and
     *     {@code block<i>}, each (B, S, D) and of the current scope
     */
    public static void visit(T5Encoder encoder, TokenBatch tokens, BiConsumer<String, Tensor> visitor) {
        Tensor bias = encoder.attentionBias(tokens);
        Tensor x = encoder.embed(tokens);
        for (int i = 0; i < encoder.block.size(); i++) {
            T5Block block = encoder.block.get(i);
            visitor.accept("block" + i + ".self_attn", block.attend(x, bias));
            x = block.forward(x, bias);
            visitor.accept("block" + i, x);
        }
    }
}
