package org.cosmosj.libero.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.libero.report.Curve;
import org.cosmosj.nn.Trainer;

/** Runs a trainer to its last step: resumes from a checkpoint, shows progress, saves now and then and when stopped. */
final class TrainingLoop {
    private static final long SAVE_NANOS = 60_000_000_000L;
    private static final double SMOOTHING = 0.98;

    private final Path checkpoint;
    private final String fingerprint;
    private final Progress progress;
    private final StopRequest stop;

    /**
     * What was seen on the way, before a resume as well.
     *
     * @param losses per step
     * @param finished whether the last step was reached
     */
    record History(Curve losses, boolean finished) {
        /** The mean of the first or last tenth of the losses, at least one. */
        double mean(int from, int to) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += losses.y()[i];
            }
            return sum / (to - from);
        }

        double first() {
            return mean(0, Math.max(1, losses.y().length / 10));
        }

        double last() {
            int n = losses.y().length;
            return mean(n - Math.max(1, n / 10), n);
        }
    }

    /**
     * Plans a run.
     *
     * @param checkpoint file to resume from if it exists, and to save to
     * @param fingerprint settings the checkpoint must have been made with
     * @param progress shown
     * @param stop asked before every step
     */
    TrainingLoop(Path checkpoint, String fingerprint, Progress progress, StopRequest stop) {
        this.checkpoint = checkpoint;
        this.fingerprint = fingerprint;
        this.progress = progress;
        this.stop = stop;
    }

    History run(Trainer trainer, int steps, Trainer.Objective objective) {
        try {
            if (Files.exists(checkpoint)) {
                trainer.load(checkpoint, Map.of("settings", fingerprint));
                progress.say("  resumed at step " + trainer.steps() + " from " + checkpoint);
            }
            return train(trainer, steps, objective);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private History train(Trainer trainer, int steps, Trainer.Objective objective) throws IOException {
        LossLog log = LossLog.beside(checkpoint, trainer.steps());
        long first = trainer.steps();
        double smooth = Double.NaN;
        long saved = System.nanoTime();
        while (trainer.steps() < steps && !stop.isRequested()) {
            Trainer.Step step = trainer.step(objective);
            log.add(step);
            smooth = Double.isNaN(smooth) ? step.loss() : SMOOTHING * smooth + (1 - SMOOTHING) * step.loss();
            progress.show(trainer.steps(), steps, String.format(Locale.ROOT, "loss %.4f", smooth));
            if (System.nanoTime() - saved > SAVE_NANOS) {
                save(trainer, log);
                saved = System.nanoTime();
            }
        }
        if (trainer.steps() > first) {
            save(trainer, log);
        }
        return new History(log.losses(), trainer.steps() >= steps);
    }

    /** The log first: lines beyond the checkpoint are left out when it is read, missing ones cannot be made up. */
    private void save(Trainer trainer, LossLog log) throws IOException {
        log.write();
        trainer.save(checkpoint, Map.of("settings", fingerprint));
    }
}
