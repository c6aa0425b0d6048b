package org.cosmosj.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cosmosj.nn.KeysValues;
import org.cosmosj.nn.RmsNorm;
import org.cosmosj.nn.RotaryEmbedding3d;
import org.cosmosj.nn.RotaryTables;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.TimestepEmbedding;
import org.cosmosj.nn.TokenGrid;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Recomputation;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * The video diffusion transformer of Cosmos-Predict2, as Cosmos Policy uses it: one timestep per latent frame, 3-D
 * rotary positions, adaptive layer norms of low rank, cross-attention to text. Source: spec 01;
 * {@code minimal_v1_lvg_dit.py#MinimalV1LVGDiT}, {@code minimal_v4_dit.py#MiniTrainDIT}.
 *
 * <p>A checkpoint key is the path of fields in snake case. Exceptions, where the reference numbers the items of a list:
 * <table>
 * <caption>Keys that are not field names</caption>
 * <tr><th scope="col">Key</th><th scope="col">Field</th></tr>
 * <tr><td>{@code x_embedder.proj.1}</td><td>{@code xEmbedder.proj}</td></tr>
 * <tr><td>{@code t_embedder.1}</td><td>{@code tEmbedder}</td></tr>
 * <tr><td>{@code *.adaln_modulation*.1}, {@code .2}</td><td>{@code AdaLnModulation.down}, {@code up}</td></tr>
 * <tr><td>{@code pos_embedder.*}, {@code accum_*}, {@code *._extra_state}</td><td>none: recomputed or unused</td></tr>
 * </table>
 */
public final class CosmosDiT {
    private final CosmosDiTConfig config;
    private final List<Parameter> parameters;
    final PatchEmbedding xEmbedder;
    final RotaryEmbedding3d posEmbedder;
    final TimestepEmbedding tEmbedder;
    final RmsNorm tEmbeddingNorm;
    final List<DiTBlock> blocks;
    final FinalLayer finalLayer;

    /**
     * Builds the network; its parameters belong to the current scope.
     *
     * @param config sizes
     * @param source where the parameters come from; fresh ones start as spec 01 section 13 says
     * @throws IllegalArgumentException if the parameters are BF16 but the precision is not, or the reverse
     */
    public CosmosDiT(CosmosDiTConfig config, Weights source) {
        boolean rounds = config.precision() == Rounding.BFLOAT16;
        if (rounds != (source.dtype() == DType.BF16)) {
            throw new IllegalArgumentException("DiT: precision " + config.precision() + " does not go with parameters"
                    + " of " + source.dtype() + "; use " + config.parameterType());
        }
        Weights weights = source.multiplying(config.matmulPrecision());
        int width = config.modelChannels();
        this.config = config;
        this.xEmbedder = new PatchEmbedding(weights.at("x_embedder"), config);
        this.posEmbedder = new RotaryEmbedding3d(config.rotary());
        this.tEmbedder = new TimestepEmbedding(weights.at("t_embedder").at(1), width, 3 * width);
        this.tEmbeddingNorm = new RmsNorm(weights.at("t_embedding_norm"), width, CosmosDiTConfig.NORM_EPS);
        this.blocks = IntStream.range(0, config.numBlocks())
                .mapToObj(i -> new DiTBlock(weights.at("blocks").at(i), config)).toList();
        this.finalLayer = new FinalLayer(weights.at("final_layer"), config);
        this.parameters = weights.parameters();
    }

    /**
     * Builds the network from a checkpoint that holds nothing else.
     *
     * @param config sizes
     * @param checkpoint its keys without the prefix {@code net.}
     * @param dtype F32 or F64; BF16 for a network of that precision
     * @return the network
     * @throws IllegalArgumentException if the checkpoint lacks a parameter or holds one that the network has not, or if
     *     the dtype does not go with the precision
     */
    public static CosmosDiT load(CosmosDiTConfig config, TensorSource checkpoint, DType dtype) {
        return complete(new CosmosDiT(config, Weights.of(checkpoint, dtype)), checkpoint);
    }

    /**
     * Builds the network around the matrices of a checkpoint as they are stored, such as BF16 in the mapped memory of a
     * file; it computes in F32 unless its precision is BF16, and cannot be trained. See {@link Weights#inPlace}.
     *
     * @param config sizes
     * @param checkpoint its keys without the prefix {@code net.}
     * @return the network
     * @throws IllegalArgumentException if the checkpoint lacks a parameter or holds one that the network has not
     */
    public static CosmosDiT loadInPlace(CosmosDiTConfig config, TensorSource checkpoint) {
        return complete(new CosmosDiT(config, Weights.inPlace(checkpoint, config.parameterType())), checkpoint);
    }

    /** Refuses tensors that no parameter took. */
    private static CosmosDiT complete(CosmosDiT model, TensorSource checkpoint) {
        List<String> unknown = new ArrayList<>(checkpoint.keys());
        unknown.removeIf(CosmosDiT::isNoParameter);
        model.parameters.forEach(parameter -> unknown.remove(parameter.name()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("DiT: " + checkpoint.describe() + " holds " + unknown.size()
                    + " tensors that a network of " + model.config.numBlocks() + " blocks has not, such as "
                    + unknown.getFirst() + "; check the configuration");
        }
        return model;
    }

    private static boolean isNoParameter(String key) {
        return key.startsWith("pos_embedder.") || key.startsWith("accum_") || key.endsWith("_extra_state");
    }

    /**
     * Predicts the network's raw output, before preconditioning.
     *
     * @param input noisy latents and what conditions them; rounded where the precision is BF16
     * @return (B, outChannels, T, H, W), dtype of the latents
     */
    public Tensor forward(DiTInput input) {
        Tensor text = cast(input.text());
        return forward(input, block -> block.crossAttn.keysValues(text));
    }

    /**
     * The same, bit for bit, for training in little memory: a tape keeps the input of each block, and backward runs
     * every block a second time.
     *
     * @param given as for {@link #forward(DiTInput)}
     * @return (B, outChannels, T, H, W), dtype of the latents
     */
    public Tensor forwardRecomputing(DiTInput given) {
        DiTInput input = cast(given);
        FrameConditioning conditioning = conditioning(input);
        RotaryTables rope = posEmbedder.tables(grid(input), input.latents().dtype());
        Tensor tokens = Scope.fold(xEmbedder.forward(input), blocks, (start, block) -> Recomputation.of(
                x -> block.forward(x[0], new FrameConditioning(x[1], x[2], conditioning.perFrame()),
                        block.crossAttn.keysValues(x[3]), rope),
                start, conditioning.activated(), conditioning.base(), input.text()));
        Tensor out = Patches.join(finalLayer.forward(tokens, conditioning), config.patchSpatial());
        return out.to(given.latents().dtype());
    }

    /** The same with the text's keys and values of each block from elsewhere. */
    Tensor forward(DiTInput given, Function<DiTBlock, KeysValues> text) {
        DiTInput input = cast(given);
        Tensor tokens = xEmbedder.forward(input);
        FrameConditioning conditioning = conditioning(input);
        RotaryTables rope = posEmbedder.tables(grid(input), tokens.dtype());
        tokens = Scope.fold(tokens, blocks, (x, block) -> block.forward(x, conditioning, text.apply(block), rope));
        Tensor out = Patches.join(finalLayer.forward(tokens, conditioning), config.patchSpatial());
        return out.to(given.latents().dtype());
    }

    /** The input as the network reads it. */
    DiTInput cast(DiTInput input) {
        return new DiTInput(cast(input.latents()), cast(input.timesteps()), cast(input.text()),
                cast(input.conditionMask()), cast(input.paddingMask()));
    }

    /** A part of the input as the network reads it. */
    Tensor cast(Tensor part) {
        return config.precision() == Rounding.BFLOAT16 ? part.to(DType.BF16) : part;
    }

    /** A row per distinct timestep; under a tape one per frame, so that gradients are summed as ever. */
    FrameConditioning conditioning(DiTInput input) {
        Tensor timesteps = timesteps(input);
        if (Tape.isRecording()) {
            return conditioning(timesteps, UnaryOperator.identity());
        }
        DistinctTimesteps distinct = DistinctTimesteps.of(timesteps);
        return conditioning(distinct.values(), distinct::perFrame);
    }

    private FrameConditioning conditioning(Tensor timesteps, UnaryOperator<Tensor> perFrame) {
        Tensor sinusoid = TimestepEmbedding.sinusoid(timesteps, config.modelChannels());
        return new FrameConditioning(Functional.silu(tEmbeddingNorm.forward(sinusoid)), tEmbedder.forward(sinusoid),
                perFrame);
    }

    /** (B, T, D). */
    Tensor sinusoid(DiTInput input) {
        return TimestepEmbedding.sinusoid(timesteps(input), config.modelChannels());
    }

    /** Rounded and scaled, (B, T); a single timestep stands for all frames. */
    private Tensor timesteps(DiTInput input) {
        Tensor timesteps = config.timeRounding().apply(input.timesteps()).mul(config.timestepScale());
        return timesteps.expand(input.latents().size(0), input.latents().size(2));
    }

    TokenGrid grid(DiTInput input) {
        Tensor x = input.latents();
        if (x.size(2) > config.maxFrames() || x.size(3) > config.maxImgH() || x.size(4) > config.maxImgW()) {
            throw new ShapeException("DiT: latents " + x.shape() + " exceed T <= " + config.maxFrames() + ", H <= "
                    + config.maxImgH() + ", W <= " + config.maxImgW());
        }
        int p = config.patchSpatial();
        return new TokenGrid((int) x.size(2), (int) x.size(3) / p, (int) x.size(4) / p);
    }

    /**
     * Rotary angles of a batch's tokens, as the reference keeps them: every angle stands twice.
     *
     * @param input a batch
     * @return (L, 1, 1, d)
     */
    public Tensor rotaryAngles(DiTInput input) {
        return doubled(posEmbedder.angles(grid(input)));
    }

    /**
     * Rotary angles as they would be with frame-rate modulation, which the policy leaves off.
     *
     * @param input a batch
     * @param framesPerSecond its frame rate
     * @return (L, 1, 1, d)
     */
    public Tensor rotaryAngles(DiTInput input, double framesPerSecond) {
        return doubled(posEmbedder.anglesAtFrameRate(grid(input), framesPerSecond));
    }

    private Tensor doubled(float[] angles) {
        Tensor half = Tensor.of(angles, 2L * angles.length / config.headWidth(), 1, 1, config.headWidth() / 2);
        return Tensor.cat(-1, half, half);
    }

    /**
     * Sizes and constants.
     *
     * @return the configuration
     */
    public CosmosDiTConfig config() {
        return config;
    }

    /**
     * All trainable parameters.
     *
     * @return in the order of construction
     */
    public List<Parameter> parameters() {
        return parameters;
    }
}
