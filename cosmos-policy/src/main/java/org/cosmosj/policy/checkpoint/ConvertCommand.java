package org.cosmosj.policy.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convert IN OUT [--dtype T]}: writes a checkpoint in another format or element type. */
@CommandLine.Command(
        name = "convert",
        description = {
            "Reads a checkpoint (safetensors single or sharded, .pt, .pth, a pickled dict of tensors, a folder of",
            "torch.distributed.checkpoint) and writes its tensors as one file.",
            "",
            "The file appears under its name only when it is complete. Entries that are no tensors are left out and",
            "named."
        })
public final class ConvertCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "File or folder to read.")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "File to write: .safetensors, .pt or .pth.")
    private Path out;

    @Option(names = "--dtype", paramLabel = "T",
            description = "Element type of all floats: bf16, f16, f32 or f64 (default: as they are).")
    private String dtype;

    /** Does nothing; the command line fills the fields. */
    public ConvertCommand() {}

    @Override
    public Integer call() throws CheckpointException {
        FileFormat format;
        DType floats;
        try {
            format = FileFormat.of(out);
            floats = dtype == null ? null : parse(dtype);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "convert: " + e.getMessage(), e);
        }
        try (Checkpoint source = Checkpoint.open(in)) {
            List<TensorSpec> specs = source.keys().stream().map(key -> new TensorSpec(key,
                    floats != null && source.dtype(key).isFloat() ? floats : source.dtype(key), source.shape(key)))
                    .toList();
            WriteProgress progress = new WriteProgress(spec.commandLine().getErr(), specs,
                    tensor -> source.tensor(tensor.key()).to(tensor.dtype()));
            source.others().forEach((key, what) -> spec.commandLine().getErr()
                    .println("left out: " + key + ", " + what));
            format.write(out, specs, source.metadata(), progress);
            spec.commandLine().getOut().println(out + ": " + specs.size() + " tensors, " + progress.summary());
        }
        return CommandLine.ExitCode.OK;
    }

    private static DType parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "bf16", "bfloat16" -> DType.BF16;
            case "f16", "float16" -> DType.F16;
            case "f32", "float32" -> DType.F32;
            case "f64", "float64" -> DType.F64;
            default -> throw new IllegalArgumentException("dtype '" + name + "' is unknown; use bf16, f16, f32 or f64");
        };
    }
}
