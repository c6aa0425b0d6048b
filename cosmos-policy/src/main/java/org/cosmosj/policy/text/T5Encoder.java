package org.cosmosj.policy.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.RmsNorm;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * The encoder of T5, which turns token ids into the text that the policy attends to. Source:
 * {@code huggingface/transformers, modeling_t5.py#T5EncoderModel}; Raffel et al. 2020.
 *
 * <p>A checkpoint key is the path of fields in snake case. Exceptions:
 * <table>
 * <caption>Keys that are not field names</caption>
 * <tr><th scope="col">Key</th><th scope="col">Field</th></tr>
 * <tr><td>{@code shared.weight}, or {@code encoder.embed_tokens.weight} where it is missing</td>
 * <td>{@code shared}</td></tr>
 * <tr><td>{@code encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight}</td>
 * <td>{@code positionBias}, used by all blocks</td></tr>
 * <tr><td>{@code *.layer.0.SelfAttention}, {@code *.layer.0.layer_norm}</td>
 * <td>{@code T5Block.selfAttention}, {@code selfAttentionNorm}</td></tr>
 * <tr><td>{@code *.layer.1.DenseReluDense}, {@code *.layer.1.layer_norm}</td>
 * <td>{@code T5Block.denseReluDense}, {@code denseReluDenseNorm}</td></tr>
 * <tr><td>{@code decoder.*}, {@code lm_head.*}</td><td>none: the decoder is not used</td></tr>
 * </table>
 */
public final class T5Encoder {
    private static final String TABLE = "shared";
    private static final String TIED_TABLE = "encoder.embed_tokens";
    /** Leaves a masked key a weight of exactly 0, and no NaN where all keys are masked. */
    private static final double MASKED = -Float.MAX_VALUE;

    private final T5Config config;
    private final List<Parameter> parameters;
    private final Parameter shared;
    private final RelativePositionBias positionBias;
    final List<T5Block> block;
    private final RmsNorm finalLayerNorm;

    /**
     * Builds the encoder; its parameters belong to the current scope.
     *
     * @param config sizes
     * @param weights where the parameters come from; fresh ones are drawn as in the policy's other networks
     */
    public T5Encoder(T5Config config, Weights weights) {
        this(config, weights, TABLE);
    }

    private T5Encoder(T5Config config, Weights weights, String table) {
        Weights encoder = weights.at("encoder");
        this.config = config;
        Weights tokens = table.equals(TABLE) ? weights.at(TABLE) : encoder.at("embed_tokens");
        this.shared = tokens.parameter("weight", Shape.of(config.vocabSize(), config.dModel()),
                Initializer.truncatedNormal(1));
        this.positionBias = new RelativePositionBias(
                encoder.at("block").at(0).at("layer").at(0).at("SelfAttention").at("relative_attention_bias"), config);
        this.block = IntStream.range(0, config.numLayers())
                .mapToObj(i -> new T5Block(encoder.at("block").at(i), config)).toList();
        this.finalLayerNorm =
                new RmsNorm(encoder.at("final_layer_norm"), config.dModel(), config.layerNormEpsilon());
        this.parameters = weights.parameters();
    }

    /**
     * Builds the encoder from a checkpoint, which may hold a decoder as well.
     *
     * @param config sizes
     * @param checkpoint Hugging Face's keys
     * @param dtype F32 or F64
     * @return the encoder
     * @throws IllegalArgumentException if the checkpoint lacks a parameter or holds one that the encoder has not
     */
    public static T5Encoder load(T5Config config, TensorSource checkpoint, DType dtype) {
        return load(config, checkpoint, Weights.of(checkpoint, dtype));
    }

    /**
     * Builds the encoder around the matrices of a checkpoint as they are stored, such as BF16 in the mapped memory of a
     * file; it computes in F32 and cannot be trained. See {@link Weights#inPlace}.
     *
     * @param config sizes
     * @param checkpoint Hugging Face's keys
     * @return the encoder
     * @throws IllegalArgumentException if the checkpoint lacks a parameter or holds one that the encoder has not
     */
    public static T5Encoder loadInPlace(T5Config config, TensorSource checkpoint) {
        return load(config, checkpoint, Weights.inPlace(checkpoint, DType.F32));
    }

    private static T5Encoder load(T5Config config, TensorSource checkpoint, Weights weights) {
        String table = checkpoint.contains(TABLE + ".weight") ? TABLE : TIED_TABLE;
        T5Encoder encoder = new T5Encoder(config, weights, table);
        List<String> unknown = new ArrayList<>(checkpoint.keys());
        unknown.removeIf(key -> key.startsWith("decoder.") || key.startsWith("lm_head.")
                || key.equals(TIED_TABLE + ".weight"));
        encoder.parameters.forEach(parameter -> unknown.remove(parameter.name()));
        if (!unknown.isEmpty()) {
            unknown.sort(Comparator.naturalOrder());
            throw new IllegalArgumentException("T5: " + checkpoint.describe() + " holds " + unknown.size()
                    + " tensors that an encoder of " + config.numLayers() + " blocks has not, such as "
                    + unknown.getFirst() + "; check the configuration");
        }
        return encoder;
    }

    /**
     * All parameters.
     *
     * @return an unmodifiable list
     */
    public List<Parameter> parameters() {
        return parameters;
    }

    /**
     * Sizes.
     *
     * @return the configuration
     */
    public T5Config config() {
        return config;
    }

    /**
     * Encodes tokens. Masked tokens are not attended to; what comes out at their own places means nothing.
     *
     * @param tokens ids and mask, (B, S)
     * @return last hidden state, (B, S, D)
     * @throws ShapeException if ids and mask differ in shape or an id is outside the table
     */
    public Tensor forward(TokenBatch tokens) {
        Tensor bias = attentionBias(tokens);
        return finalLayerNorm.forward(Scope.fold(embed(tokens), block, (x, layer) -> layer.forward(x, bias)));
    }

    /**
     * Embeds texts as the policy takes them: each attends to its own tokens, and zeros stand behind them. Each text has
     * the same embedding whatever it is embedded with. Those of equal length share a pass, in which no padding is
     * computed.
     *
     * @param rows B texts as ids with their eos, at least one and at most {@code length} ids each
     * @param length S
     * @return (B, S, D)
     */
    public Tensor embed(List<int[]> rows, int length) {
        Tensor[] embedded = new Tensor[rows.size()];
        Map<Integer, List<Integer>> byLength = new TreeMap<>();
        for (int i = 0; i < embedded.length; i++) {
            byLength.computeIfAbsent(rows.get(i).length, _ -> new ArrayList<>()).add(i);
        }
        byLength.forEach((tokens, members) -> {
            Tensor padded = embedEqual(members.stream().map(rows::get).toList(), tokens, length);
            for (int i = 0; i < members.size(); i++) {
                embedded[members.get(i)] = padded.narrow(0, i, 1);
            }
        });
        return embedded.length == 0
                ? Tensor.zeros(shared.value().dtype(), Shape.of(0, length, config.dModel()))
                : Tensor.cat(0, embedded);
    }

    private Tensor embedEqual(List<int[]> rows, int tokens, int length) {
        if (tokens < 1 || tokens > length) {
            throw new ShapeException("T5: a text of " + tokens + " ids, expected 1 to " + length
                    + "; end texts with </s> and cut them when tokenizing");
        }
        try (Scope scope = Scope.inner("T5 texts of " + tokens + " tokens")) {
            Tensor states = forward(TokenBatch.padded(rows, tokens, 0));
            Tensor behind = Tensor.zeros(states.dtype(), Shape.of(rows.size(), length - tokens, config.dModel()));
            return scope.promote(Tensor.cat(1, states, behind));
        }
    }

    /** (B, S, D). */
    Tensor embed(TokenBatch tokens) {
        Tensor ids = tokens.inputIds();
        return shared.value().indexSelect(0, ids.toLongArray()).reshape(ids.size(0), ids.size(1), config.dModel());
    }

    /**
     * What the position biases of each block add to the logits.
     *
     * @param length S
     * @return for each query the biases of all keys, (1, h, S, S)
     */
    public Tensor positionBias(int length) {
        return positionBias.forward(length);
    }

    /** Position biases, and for masked keys the lowest number, (B, h, S, S). */
    Tensor attentionBias(TokenBatch tokens) {
        Tensor mask = tokens.attentionMask().to(shared.value().dtype());
        Tensor masked = mask.mul(-MASKED).add(MASKED).reshape(mask.size(0), 1, 1, mask.size(1));
        return positionBias(Math.toIntExact(mask.size(1))).add(masked);
    }
}
