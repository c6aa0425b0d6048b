package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cosmosj.libero.data.Demonstration;
import org.cosmosj.nn.Trainer;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.ReconstructionObjective;
import org.cosmosj.vae.WanVae;

/** Trains the tokenizer and measures it on pictures it never saw. */
final class TokenizerStage {
    /** Stream keys under the demo's seed. */
    private static final long NETWORK = 1;
    private static final long BATCHES = 2;

    private final DemoSettings settings;

    TokenizerStage(DemoSettings settings) {
        this.settings = settings;
    }

    /**
     * A trained tokenizer.
     *
     * @param codec with the averaged weights and measured statistics
     * @param history of the training
     * @param psnr in decibels on held-out pictures
     * @param changedPsnr likewise, only of pixels that differ from the camera's mean picture
     * @param originals some held-out pictures
     * @param decoded the same after encoding and decoding
     */
    record Result(PictureCodec codec, TrainingLoop.History history, double psnr, double changedPsnr,
            List<byte[]> originals, List<byte[]> decoded) {}

    /** The network belongs to the current scope. */
    Result run(List<Demonstration> demonstrations, List<Demonstration> heldOut, TrainingLoop loop) {
        DemoSettings.Tokenizer tokenizer = settings.tokenizer();
        Rng rng = Rng.seeded(settings.seed());
        Weights weights = Weights.random(rng.stream(NETWORK), DType.F32);
        WanVae vae = new WanVae(weights, tokenizer.config(), LatentStatistics.identity(tokenizer.config().zDim()));
        TokenizerObjective objective =
                new TokenizerObjective(demonstrations, tokenizer.objective(), tokenizer.changedWeight());
        Trainer trainer = new Trainer(weights.parameters(), settings.tokenizerTraining());
        TrainingLoop.History history = loop.run(trainer, tokenizer.steps(),
                step -> objective.loss(vae, tokenizer.batch(), rng.stream(BATCHES, step)));
        trainer.average().swap();
        return measure(PictureCodec.measured(vae, demonstrations), history, objective, heldOut);
    }

    private static Result measure(PictureCodec codec, TrainingLoop.History history, TokenizerObjective objective,
            List<Demonstration> heldOut) {
        List<byte[]> originals = new ArrayList<>();
        for (Demonstration demonstration : heldOut) {
            for (int t = 0; t < demonstration.length(); t++) {
                originals.add(demonstration.agentviewImages()[t]);
                originals.add(demonstration.wristImages()[t]);
            }
        }
        byte[][] decoded = codec.decode(codec.encode(originals, _ -> {}));
        SquaredError all = new SquaredError();
        SquaredError changed = new SquaredError();
        for (int i = 0; i < decoded.length; i++) {
            all.add(originals.get(i), decoded[i]);
            changed.add(originals.get(i), decoded[i], objective.changed(originals.get(i), i % 2));
        }
        int shown = Math.min(16, decoded.length);
        return new Result(codec, history, all.psnr(), changed.psnr(), originals.subList(0, shown),
                List.of(decoded).subList(0, shown));
    }

    /** A line for progress. */
    static String describe(Result result) {
        return String.format(Locale.ROOT, "tokenizer PSNR %.1f dB on held-out frames, %.1f dB on changed pixels",
                result.psnr(), result.changedPsnr());
    }

    /** Mean squared error of uint8 pictures on the scale [-1, 1]. */
    static final class SquaredError {
        private double sum;
        private long count;

        void add(byte[] expected, byte[] actual) {
            add(expected, actual, null);
        }

        /** Only pixels that are marked, or all if {@code marked} is null. */
        void add(byte[] expected, byte[] actual, boolean[] marked) {
            for (int i = 0; i < expected.length; i++) {
                if (marked == null || marked[i / 3]) {
                    double error = ((actual[i] & 0xFF) - (expected[i] & 0xFF)) / 127.5;
                    sum += error * error;
                    count++;
                }
            }
        }

        double psnr() {
            return ReconstructionObjective.psnr(sum / count);
        }
    }
}
