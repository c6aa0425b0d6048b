package org.cosmosj.bench.peer;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.bench.AttentionShape;
import org.cosmosj.bench.ConvolutionShape;
import org.cosmosj.bench.MatmulShape;
import org.cosmosj.bench.TokenShape;
import org.cosmosj.bench.peer.PeerRow.Cost;
import org.cosmosj.bench.peer.PeerRow.Effort;
import org.cosmosj.bench.peer.PeerRow.Opponent;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.MatmulPrecision;

/**
 * Everything that is compared and what is to be reached. Shapes are those of the JMH benchmarks; the README's table is
 * rendered from this one.
 */
public final class PeerTable {
    /** Sums of some thousand products in another order, relative to the largest result. */
    private static final double F32 = 2e-5;
    /** PyTorch rounds products of BF16 factors to BF16. */
    private static final double BF16 = 8e-3;
    /** Networks of some ten layers. */
    private static final double F32_NETWORK = 5e-4;
    /** Networks whose every result is rounded to BF16. */
    private static final double BF16_NETWORK = 6e-2;
    private static final double NOT_COMPARED = Double.NaN;
    private static final TokenShape TOKENS = TokenShape.tokens_G9_P196_D2048;
    private static final List<ConvolutionShape> CONVOLUTIONS =
            List.of(ConvolutionShape.causal333_B1_C96_O96_T4_112x112, ConvolutionShape.causal333_B1_C192_O192_T4_56x56,
                    ConvolutionShape.causal333_B1_C384_O384_T4_28x28, ConvolutionShape.causal333_B1_C384_O384_T1_28x28);
    private static final List<PeerRow> ROWS = List.copyOf(build());

    private PeerTable() {}

    /**
     * All comparisons.
     *
     * @return in the order in which they run
     */
    public static List<PeerRow> rows() {
        return ROWS;
    }

    static PeerRow row(String name) {
        return ROWS.stream().filter(row -> row.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bench: no comparison is called '" + name + "'"));
    }

    private static List<PeerRow> build() {
        List<PeerRow> rows = new ArrayList<>();
        products(rows);
        attention(rows);
        tokens(rows);
        convolutions(rows);
        transformers(rows);
        tokenizers(rows);
        queries(rows);
        withoutVectors(rows);
        rows.add(number("start_up_help", Goal.START_UP, null));
        rows.add(number("first_training_step", Goal.FIRST_STEP, null));
        return rows;
    }

    private static void products(List<PeerRow> rows) {
        for (MatmulShape shape : MatmulShape.values()) {
            if (shape.group() == MatmulShape.Group.BLOCK) {
                Effort effort = shape == MatmulShape.cube_512 || shape == MatmulShape.linear_M512_N2048_K1024
                        ? Effort.QUICK
                        : Effort.NORMAL;
                rows.add(product("sgemm_", shape, Goal.SGEMM, Opponent.TORCH, DType.F32, F32, effort));
                rows.add(product("openblas_", shape, Goal.SGEMM_OPENBLAS, Opponent.OPENBLAS, DType.F32, F32, effort));
                rows.add(product("bf16_", shape, Goal.GEMM_BF16, Opponent.TORCH, DType.BF16, BF16, effort));
            } else if (shape.group() == MatmulShape.Group.FEW_ROWS) {
                Effort effort = shape == MatmulShape.linear_M16_N2048_K2048 ? Effort.QUICK : Effort.NORMAL;
                rows.add(product("few_rows_", shape, Goal.SMALL_M, Opponent.TORCH, DType.F32, F32, effort));
            }
        }
    }

    private static PeerRow product(String prefix, MatmulShape shape, Goal goal, Opponent opponent, DType dtype,
            double tolerance, Effort effort) {
        return new PeerRow(prefix + shape, goal, opponent, MatmulWork.spec(shape, dtype, opponent),
                () -> new MatmulWork(shape, dtype), null, Cost.flops(shape.flops()), tolerance, effort);
    }

    private static void attention(List<PeerRow> rows) {
        for (AttentionShape shape : List.of(AttentionShape.selfAttention_B1_L1764_h16_d128,
                AttentionShape.crossAttention_B1_L1764_S512_h16_d128)) {
            Effort effort = shape == AttentionShape.crossAttention_B1_L1764_S512_h16_d128
                    ? Effort.QUICK
                    : Effort.NORMAL;
            rows.add(compared("forward_" + shape, Goal.ATTENTION, AttentionWork.spec(Pass.FORWARD),
                    () -> new AttentionWork(shape, Pass.FORWARD), Cost.flops(shape.flops()), F32, effort));
            rows.add(compared("backward_" + shape, Goal.ATTENTION_BACKWARD, AttentionWork.spec(Pass.BACKWARD),
                    () -> new AttentionWork(shape, Pass.BACKWARD), Cost.flops(2.5 * shape.flops()), F32,
                    Effort.NORMAL));
        }
    }

    private static void tokens(List<PeerRow> rows) {
        for (TokenWork.Kind kind : TokenWork.Kind.values()) {
            rows.add(compared(kind.name().toLowerCase(java.util.Locale.ROOT) + "_L1764_D2048", Goal.ELEMENTWISE,
                    TokenWork.spec(kind), () -> new TokenWork(TOKENS, kind), TokenWork.cost(TOKENS, kind), F32,
                    Effort.QUICK));
        }
    }

    private static void convolutions(List<PeerRow> rows) {
        for (ConvolutionShape shape : CONVOLUTIONS) {
            Effort effort = shape == ConvolutionShape.causal333_B1_C384_O384_T1_28x28 ? Effort.QUICK : Effort.NORMAL;
            rows.add(compared("forward_" + shape, Goal.CONVOLUTION, ConvolutionWork.spec(shape, Pass.FORWARD),
                    () -> new ConvolutionWork(shape, Pass.FORWARD), Cost.flops(shape.flops()), F32, effort));
            rows.add(compared("backward_" + shape, Goal.CONVOLUTION, ConvolutionWork.spec(shape, Pass.BACKWARD),
                    () -> new ConvolutionWork(shape, Pass.BACKWARD), Cost.flops(2 * shape.flops()), F32,
                    Effort.NORMAL));
        }
    }

    private static void transformers(List<PeerRow> rows) {
        rows.add(transformer("dit_medium_forward", Goal.DIT_FORWARD, TransformerSize.MEDIUM, MatmulPrecision.F32,
                Pass.FORWARD, Effort.LONG));
        rows.add(transformer("dit_medium_training", Goal.DIT_TRAINING, TransformerSize.MEDIUM, MatmulPrecision.F32,
                Pass.FORWARD_AND_BACKWARD, Effort.LONG));
        rows.add(transformer("dit_medium_bf16_forward", Goal.DIT_BF16, TransformerSize.MEDIUM, MatmulPrecision.BF16,
                Pass.FORWARD, Effort.LONG));
        rows.add(transformer("dit_medium_bf16_training", Goal.DIT_BF16, TransformerSize.MEDIUM, MatmulPrecision.BF16,
                Pass.FORWARD_AND_BACKWARD, Effort.LONG));
        rows.add(transformer("dit_tiny_forward", Goal.DIT_TINY, TransformerSize.TINY, MatmulPrecision.F32, Pass.FORWARD,
                Effort.QUICK));
        rows.add(transformer("dit_tiny_training_step", Goal.DIT_TINY, TransformerSize.TINY, MatmulPrecision.F32,
                Pass.TRAINING_STEP, Effort.QUICK));
        rows.add(new PeerRow("dit_medium_scaling", Goal.SCALING, Opponent.ONE_THREAD, "",
                () -> new TransformerWork(TransformerSize.MEDIUM, MatmulPrecision.F32, Pass.FORWARD), null,
                Cost.UNCOUNTED, NOT_COMPARED, Effort.LONG));
        rows.add(number("dit_medium_training_memory", Goal.MEMORY, () -> training(Pass.FORWARD_AND_BACKWARD)));
        rows.add(number("dit_medium_checkpointed_memory", Goal.MEMORY_CHECKPOINTED,
                () -> training(Pass.FORWARD_AND_BACKWARD_RECOMPUTING)));
        rows.add(new PeerRow("dit_medium_checkpointed_training", Goal.TIME_CHECKPOINTED, Opponent.SELF, "",
                () -> training(Pass.FORWARD_AND_BACKWARD_RECOMPUTING), () -> training(Pass.FORWARD_AND_BACKWARD),
                Cost.UNCOUNTED, F32_NETWORK, Effort.LONG));
    }

    private static Workload training(Pass pass) {
        return new TransformerWork(TransformerSize.MEDIUM, MatmulPrecision.F32, pass);
    }

    private static PeerRow transformer(String name, Goal goal, TransformerSize size, MatmulPrecision precision,
            Pass pass,
            Effort effort) {
        double flops = pass == Pass.FORWARD ? size.flops() : 3 * size.flops();
        return compared(name, goal, TransformerWork.spec(size, precision, pass),
                () -> new TransformerWork(size, precision, pass), Cost.flops(flops),
                precision == MatmulPrecision.F32 ? F32_NETWORK : BF16_NETWORK, effort);
    }

    private static void tokenizers(List<PeerRow> rows) {
        rows.add(tokenizer("vae_encode_1", TokenizerWork.Direction.ENCODE, 1, Effort.LONG));
        rows.add(tokenizer("vae_encode_33", TokenizerWork.Direction.ENCODE, 33, Effort.HEAVY));
        rows.add(tokenizer("vae_decode_1", TokenizerWork.Direction.DECODE, 1, Effort.LONG));
    }

    private static PeerRow tokenizer(String name, TokenizerWork.Direction direction, int frames, Effort effort) {
        return compared(name, Goal.VAE, TokenizerWork.spec(direction), () -> new TokenizerWork(direction, frames),
                Cost.UNCOUNTED, F32_NETWORK, effort);
    }

    private static void queries(List<PeerRow> rows) {
        rows.add(compared("query_5_steps", Goal.QUERY, QueryWork.spec(),
                () -> new QueryWork(1, QueryWork.Batching.TOGETHER), Cost.UNCOUNTED, F32_NETWORK, Effort.HEAVY));
        rows.add(new PeerRow("query_best_of_8", Goal.BEST_OF_8, Opponent.SELF, "",
                () -> new QueryWork(8, QueryWork.Batching.TOGETHER),
                () -> new QueryWork(8, QueryWork.Batching.ONE_BY_ONE), Cost.UNCOUNTED, 0, Effort.HEAVY));
    }

    private static void withoutVectors(List<PeerRow> rows) {
        for (String name : List.of("sgemm_cube_512", "few_rows_linear_M16_N2048_K2048",
                "forward_crossAttention_B1_L1764_S512_h16_d128", "gelu_L1764_D2048", "modulated_layer_norm_L1764_D2048",
                "forward_causal333_B1_C384_O384_T1_28x28", "dit_tiny_forward", "dit_tiny_training_step")) {
            PeerRow row = rows.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
            rows.add(new PeerRow("no_flag_" + name, Goal.NO_VECTOR_FLAG, Opponent.TORCH_WITHOUT_VECTORS, row.spec(),
                    row.work(), null, row.cost(), row.tolerance(), Effort.NORMAL));
        }
    }

    private static PeerRow compared(String name, Goal goal, String spec, Workload.Factory work, Cost cost,
            double tolerance, Effort effort) {
        return new PeerRow(name, goal, Opponent.TORCH, spec, work, null, cost, tolerance, effort);
    }

    private static PeerRow number(String name, Goal goal, Workload.Factory work) {
        return new PeerRow(name, goal, Opponent.NOBODY, "", work, null, Cost.UNCOUNTED, NOT_COMPARED, Effort.NORMAL);
    }
}
