package org.cosmosj.policy;

import java.util.function.BiConsumer;
import org.cosmosj.nn.RotaryTables;
import org.cosmosj.tensor.Tensor;

/**
 * The values between the layers, under the names that a hook on the reference's modules would give them. They are
 * computed by the same layers as {@link CosmosDiT#forward}, one after another, so that the network itself carries no
 * hooks.
 */
public final class DiTActivations {
    private final CosmosDiT model;
    private final DiTInput input;
    private final BiConsumer<String, Tensor> visitor;

    private DiTActivations(CosmosDiT model, DiTInput input, BiConsumer<String, Tensor> visitor) {
        this.model = model;
        this.input = model.cast(input);
        this.visitor = visitor;
    }

    /**
     * Runs the network layer by layer.
     *
     * @param model the network
     * @param input a batch
     * @param visitor is given a name such as {@code block0.self_attn} and the value, which belongs to the current scope
     */
    public static void visit(CosmosDiT model, DiTInput input, BiConsumer<String, Tensor> visitor) {
        new DiTActivations(model, input, visitor).run();
    }

    private void run() {
        Tensor x = visit("x_embedder", model.xEmbedder.forward(input));
        Tensor sinusoid = visit("timesteps_sincos", model.sinusoid(input));
        visit("t_embedding.0", sinusoid);
        visit("t_embedding.1", model.tEmbedder.forward(sinusoid));
        visit("t_embedding_norm", model.tEmbeddingNorm.forward(sinusoid));
        FrameConditioning conditioning = model.conditioning(input);
        RotaryTables rope = model.posEmbedder.tables(model.grid(input), x.dtype());
        for (int i = 0; i < model.blocks.size(); i++) {
            DiTBlock block = model.blocks.get(i);
            visitInside(block, "block" + i, x, conditioning, rope);
            x = visit("block" + i, block.forward(x, conditioning, block.crossAttn.keysValues(input.text()), rope));
        }
        visit("final_layer", model.finalLayer.forward(x, conditioning));
    }

    private void visitInside(DiTBlock block, String name, Tensor x, FrameConditioning conditioning, RotaryTables rope) {
        visit(name + ".adaln_self_attn", block.adalnModulationSelfAttn.correction(conditioning));
        Modulation self = block.adalnModulationSelfAttn.forward(conditioning);
        Tensor u = DiTBlock.tokens(self.modulate(x));
        Tensor query = visit(name + ".self_attn.q_normed", block.selfAttn.query(u));
        Tensor turnedQuery = visit(name + ".self_attn.q_rope", rope.rotate(query));
        Tensor turnedKey = visit(name + ".self_attn.k_rope", rope.rotate(block.selfAttn.key(u)));
        Tensor value = visit(name + ".self_attn.v", block.selfAttn.value(u));
        visit(name + ".self_attn.sdpa", block.selfAttn.attend(turnedQuery, turnedKey, value));
        Tensor afterSelf = self.addGated(x, visit(name + ".self_attn", block.selfAttn.forward(u, rope)));

        Modulation cross = block.adalnModulationCrossAttn.forward(conditioning);
        Tensor v = DiTBlock.tokens(cross.modulate(afterSelf));
        Tensor crossed = visit(name + ".cross_attn", block.crossAttn.forward(v, input.text()));
        Tensor afterCross = cross.addGated(afterSelf, crossed);
        Tensor w = block.adalnModulationMlp.forward(conditioning).modulate(afterCross);
        visit(name + ".mlp", block.mlp.forward(w));
    }

    private Tensor visit(String name, Tensor value) {
        visitor.accept(name, value);
        return value;
    }
}
