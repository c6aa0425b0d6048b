package org.cosmosj.policy;

import org.cosmosj.nn.KeysValues;
import org.cosmosj.nn.Mlp;
import org.cosmosj.nn.MultiHeadAttention;
import org.cosmosj.nn.RotaryTables;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Tensor;

/**
 * Self-attention, cross-attention to the text and an MLP, each modulated and gated per frame. Source: spec 01 section
 * 8.
 */
public final class DiTBlock {
    final AdaLnModulation adalnModulationSelfAttn;
    final MultiHeadAttention selfAttn;
    final AdaLnModulation adalnModulationCrossAttn;
    final MultiHeadAttention crossAttn;
    final AdaLnModulation adalnModulationMlp;
    final Mlp mlp;

    DiTBlock(Weights weights, CosmosDiTConfig config) {
        int width = config.modelChannels();
        this.adalnModulationSelfAttn =
                new AdaLnModulation(weights.at("adaln_modulation_self_attn"), config, 3 * width);
        this.selfAttn = new MultiHeadAttention(weights.at("self_attn"), config.selfAttention());
        this.adalnModulationCrossAttn =
                new AdaLnModulation(weights.at("adaln_modulation_cross_attn"), config, 3 * width);
        this.crossAttn = new MultiHeadAttention(weights.at("cross_attn"), config.crossAttention());
        this.adalnModulationMlp = new AdaLnModulation(weights.at("adaln_modulation_mlp"), config, 3 * width);
        this.mlp = new Mlp(weights.at("mlp"), width, config.mlpWidth());
    }

    /**
     * Applies the block.
     *
     * @param x tokens, (B, T, H/p, W/p, D)
     * @param conditioning of the frames
     * @param text keys and values that {@code crossAttn} makes of the text
     * @param rope tables of the L tokens
     * @return same shape as {@code x}
     */
    public Tensor forward(Tensor x, FrameConditioning conditioning, KeysValues text, RotaryTables rope) {
        Modulation self = adalnModulationSelfAttn.forward(conditioning);
        Modulation cross = adalnModulationCrossAttn.forward(conditioning);
        Modulation feed = adalnModulationMlp.forward(conditioning);
        x = self.addGated(x, selfAttn.forward(tokens(self.modulate(x)), rope));
        x = cross.addGated(x, crossAttn.forward(tokens(cross.modulate(x)), text));
        return feed.addGated(x, mlp.forward(feed.modulate(x)));
    }

    /** (B, T, H/p, W/p, D) as (B, L, D), a view. */
    static Tensor tokens(Tensor x) {
        return x.reshape(x.size(0), -1, x.size(-1));
    }
}
