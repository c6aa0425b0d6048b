package org.cosmosj.policy.checkpoint;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code make-checkpoint NAME --seed S OUT}: writes a random file of full size. */
@CommandLine.Command(
        name = "make-checkpoint",
        description = {
            "Writes a checkpoint of random values with exactly the keys, shapes and dtypes of a released one, to try",
            "the full-size models without its weights. The same seed gives the same file.",
            "",
            "dit-2b takes 3.9 GB, wan-vae 0.5 GB."
        })
public final class MakeCheckpointCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "dit-2b or wan-vae.")
    private String name;

    @Parameters(index = "1", paramLabel = "OUT", description = "File to write: .safetensors, .pt or .pth.")
    private Path file;

    @Option(names = "--seed", paramLabel = "S", required = true, description = "Seed of all values.")
    private long seed;

    /** Does nothing; the command line fills the fields. */
    public MakeCheckpointCommand() {}

    @Override
    public Integer call() throws CheckpointException {
        Inventory inventory;
        FileFormat format;
        try {
            inventory = Inventory.named(name);
            format = FileFormat.of(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "make-checkpoint: " + e.getMessage(), e);
        }
        List<TensorSpec> tensors = inventory.tensors();
        PrintWriter err = spec.commandLine().getErr();
        WriteProgress progress = new WriteProgress(err, tensors, new RandomWeights(inventory, seed));
        format.write(file, tensors, Map.of("made_by", "make-checkpoint " + name + " --seed " + seed), progress);
        spec.commandLine().getOut().println(file + ": " + tensors.size() + " tensors, " + progress.summary());
        return CommandLine.ExitCode.OK;
    }
}
