package org.cosmosj.nn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** Trains a convolution, an attention and an MLP for some steps, going on from a file if there is one. */
final class ResumedRun {
    private static final int B = 2;
    private static final int T = 2;
    private static final int SIDE = 8;
    private static final int D = 24;
    private static final Trainer.Config CONFIG = new Trainer.Config(1e-2, step -> 1 / Math.sqrt(1 + step),
            new AdamW.Config(0.9, 0.95, 1e-8, 0.01), 1, ExponentialMovingAverage.Decay.constant(0.9));

    private final Weights weights = Weights.random(Rng.seeded(5), DType.F32);
    private final CausalConv3d conv = new CausalConv3d(weights.at("conv"), 3, D, ConvGeometry.causal(3, 3, 3));
    private final MultiHeadAttention attention =
            new MultiHeadAttention(weights.at("attention"), new AttentionConfig(D, D, 2, D / 2, 1e-6));
    private final Mlp mlp = new Mlp(weights.at("mlp"), D, 4 * D);
    private final Trainer trainer = new Trainer(weights.parameters(), CONFIG);

    private ResumedRun() {}

    /**
     * Runs in a JVM of its own.
     *
     * @param arguments file to go on from and to write, number of the step to stop before
     * @throws CheckpointException if the file cannot be read or written
     */
    public static void main(String[] arguments) throws CheckpointException {
        System.out.println(bits(Path.of(arguments[0]), Long.parseLong(arguments[1])));
    }

    /** Trains up to step {@code end}, writes the file and fingerprints the last loss and everything in the file. */
    static String bits(Path file, long end) throws CheckpointException {
        try (Scope _ = Scope.open(Device.cpu(), "run")) {
            ResumedRun run = new ResumedRun();
            if (Files.exists(file)) {
                run.trainer.load(file, Map.of());
            }
            double loss = Double.NaN;
            while (run.trainer.steps() < end) {
                loss = run.trainer.step(run::loss).loss();
            }
            run.trainer.save(file, Map.of());
            return loss + " " + hash(file);
        }
    }

    private static long hash(Path file) throws CheckpointException {
        try {
            long hash = 0;
            for (byte value : Files.readAllBytes(file)) {
                hash = (hash ^ value) * 0x100000001b3L;
            }
            return hash;
        } catch (java.io.IOException e) {
            throw new CheckpointException("cannot read " + file, e);
        }
    }

    private Tensor loss(long step) {
        Tensor x = Tensor.randn(Rng.seeded(11).stream(step), DType.F32, Shape.of(B, 3, T, SIDE, SIDE));
        Tensor tokens = conv.forward(x).reshape(B, D, T * SIDE * SIDE).transpose(1, 2).contiguous();
        tokens = tokens.add(attention.forward(tokens, tokens));
        Tensor error = Functional.layerNorm(tokens.add(mlp.forward(tokens)), 1e-6).add(-1);
        return error.mul(error).mean();
    }
}
