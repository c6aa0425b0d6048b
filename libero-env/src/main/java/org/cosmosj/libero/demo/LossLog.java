package org.cosmosj.libero.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.report.Curve;
import org.cosmosj.nn.Trainer;
import org.cosmosj.tensor.AtomicFile;

/** What a training saw, step by step, as a CSV file beside its checkpoint; a resumed run goes on in the same file. */
final class LossLog {
    private static final String HEADER = "step,loss,gradient_norm,learning_rate";

    private final Path file;
    private final List<Trainer.Step> steps = new ArrayList<>();

    private LossLog(Path file) {
        this.file = file;
    }

    /**
     * Opens the log of a checkpoint.
     *
     * @param checkpoint file beside which it stands
     * @param resumed steps the checkpoint has made; later lines are of a part that was lost and come again
     * @return the log; empty if there is none
     * @throws UncheckedIOException if there is a file that is not such a log
     */
    static LossLog beside(Path checkpoint, long resumed) {
        String name = checkpoint.getFileName().toString().replaceFirst("\\.safetensors$", "");
        LossLog log = new LossLog(checkpoint.resolveSibling(name + "_loss.csv"));
        if (resumed > 0 && Files.exists(log.file)) {
            log.read(resumed);
        }
        return log;
    }

    private void read(long end) {
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
                throw new IOException("its first line is not " + HEADER);
            }
            for (int i = 1; i < lines.size(); i++) {
                Trainer.Step step = parse(lines.get(i), i + 1);
                if (step.step() < end) {
                    steps.add(step);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e + "); remove it to go on without", e);
        }
    }

    private Trainer.Step parse(String line, int number) throws IOException {
        String[] cells = line.split(",");
        try {
            return new Trainer.Step(Long.parseLong(cells[0]), Double.parseDouble(cells[1]),
                    Double.parseDouble(cells[2]), Double.parseDouble(cells[3]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("line " + number + " is \"" + line + "\", expected " + HEADER, e);
        }
    }

    /** Whether there is no file, as when a reader removed one that was damaged. */
    boolean isRemoved() {
        return Files.notExists(file);
    }

    void add(Trainer.Step step) {
        steps.add(step);
    }

    void write() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Trainer.Step step : steps) {
            text.append(step.step()).append(',').append(step.loss()).append(',').append(step.gradientNorm())
                    .append(',').append(step.learningRate()).append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    Curve losses() {
        return new Curve("loss", steps.stream().mapToDouble(Trainer.Step::step).toArray(),
                steps.stream().mapToDouble(Trainer.Step::loss).toArray());
    }
}
