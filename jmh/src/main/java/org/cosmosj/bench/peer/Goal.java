package org.cosmosj.bench.peer;

/**
 * What is to be reached: limits of time here divided by time there, or of a number by itself. The rows that name a goal
 * are in {@link PeerTable}.
 */
public enum Goal {
    /** F32 products. */
    SGEMM("SGEMM at the 2B block's shapes and squares", 0.85, 1.05, "of PyTorch"),
    /** The same against the library that is best at them on every processor. */
    SGEMM_OPENBLAS("the same against OpenBLAS", 1.05, Double.NaN, "of OpenBLAS"),
    /** Products of BF16 factors summed in F32. */
    GEMM_BF16("bf16 GEMM at the same shapes", 1.05, Double.NaN, "of PyTorch bf16"),
    /** Linear layers of few rows. */
    SMALL_M("linear layers of 4, 16 and 64 rows", Double.NaN, 0.7, "of PyTorch"),
    /** Attention. */
    ATTENTION("attention, forward", Double.NaN, 0.85, "of PyTorch"),
    /** Its gradients. */
    ATTENTION_BACKWARD("attention, backward", Double.NaN, 0.9, "of PyTorch"),
    /** Everything that memory limits. */
    ELEMENTWISE("norms, activations, residual, AdamW at 1764 x 2048", 0.8, 1.1, "of PyTorch"),
    /** Causal convolutions. */
    CONVOLUTION("causal conv3d 3x3x3, forward and backward", Double.NaN, 1.0, "of PyTorch"),
    /** The transformer of medium size. */
    DIT_FORWARD("DiT-M, forward", Double.NaN, 0.85, "of PyTorch"),
    /** Its gradients. */
    DIT_TRAINING("DiT-M, forward and backward", Double.NaN, 0.88, "of PyTorch"),
    /** The same with BF16 products. */
    DIT_BF16("DiT-M with bf16 GEMMs", Double.NaN, 0.95, "of PyTorch bf16"),
    /** A network so small that overhead decides. */
    DIT_TINY("tiny DiT, forward and whole training step", Double.NaN, 0.5, "of PyTorch"),
    /** The tokenizer. */
    VAE("Wan VAE, full size", Double.NaN, 0.9, "of the reference"),
    /** A decision. */
    QUERY("one query, DiT-M and full-size VAE, 5 steps", Double.NaN, 0.5, "of the reference's order"),
    /** Threads. */
    SCALING("1 to 2 threads on DiT-M, 1.75x", Double.NaN, 1 / 1.75, "of one thread"),
    /** Planning. */
    BEST_OF_8("best of 8 in one batch", Double.NaN, 0.75, "of eight queries"),
    /** Memory of training. */
    MEMORY("DiT-M training beyond weights, gradients and moments", Double.NaN, 1.2, "GB"),
    /** Memory of training that computes blocks twice. */
    MEMORY_CHECKPOINTED("the same with checkpointing", Double.NaN, 0.45, "GB"),
    /** Its price. */
    TIME_CHECKPOINTED("time of checkpointing", Double.NaN, 1.4, "of training without"),
    /** The command line. */
    START_UP("./cosmosj --help", Double.NaN, 0.5, "s"),
    /** The library. */
    FIRST_STEP("first training step of the tiny model after process start", Double.NaN, 3, "s"),
    /** Users who forget the flag. */
    NO_VECTOR_FLAG("without --add-modules jdk.incubator.vector", Double.NaN, 1 / 0.3, "of PyTorch");

    private final String title;
    private final double mean;
    private final double worst;
    private final String unit;

    Goal(String title, double mean, double worst, String unit) {
        this.title = title;
        this.mean = mean;
        this.worst = worst;
        this.unit = unit;
    }

    /**
     * What is measured.
     *
     * @return a phrase
     */
    public String title() {
        return title;
    }

    /**
     * Limit of the geometric mean over the goal's rows.
     *
     * @return the limit, NaN if there is none
     */
    public double mean() {
        return mean;
    }

    /**
     * Limit of every row.
     *
     * @return the limit, NaN if there is none
     */
    public double worst() {
        return worst;
    }

    /**
     * What the limits count.
     *
     * @return such as {@code of PyTorch}
     */
    public String unit() {
        return unit;
    }
}
