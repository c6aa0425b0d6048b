package org.cosmosj.policy.checkpoint;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.tensor.Checkpoint;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect FILE [--expect NAME]}: shows what a checkpoint holds. */
@CommandLine.Command(
        name = "inspect",
        description = {
            "Shows the tensors of a checkpoint of any format that can be read, with totals by dtype and by prefix. No",
            "data are read and nothing in the file is executed.",
            "",
            "With --expect, compares the keys and shapes with those of a released checkpoint and exits with 1 if they",
            "differ."
        })
public final class InspectCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "File or folder to read.")
    private Path file;

    @Option(names = "--expect", paramLabel = "NAME", description = "dit-2b or wan-vae.")
    private String expected;

    /** Does nothing; the command line fills the fields. */
    public InspectCommand() {}

    @Override
    public Integer call() throws CheckpointException {
        Inventory inventory;
        try {
            inventory = expected == null ? null : Inventory.named(expected);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "inspect: " + e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            List<TensorSpec> tensors = checkpoint.keys().stream()
                    .map(key -> new TensorSpec(key, checkpoint.dtype(key), checkpoint.shape(key))).toList();
            int width = tensors.stream().mapToInt(tensor -> tensor.key().length()).max().orElse(0);
            for (TensorSpec tensor : tensors) {
                out.printf(Locale.ROOT, "%-" + Math.max(1, width) + "s  %-4s  %s%n", tensor.key(), tensor.dtype(),
                        tensor.shape());
            }
            checkpoint.others().forEach((key, what) -> out.println(key + "  (" + what + ")"));
            checkpoint.metadata().forEach((key, value) -> out.println("note " + key + " = " + value));
            totals(out, tensors);
            return inventory == null ? CommandLine.ExitCode.OK : differences(out, inventory.compare(checkpoint));
        }
    }

    private static void totals(PrintWriter out, List<TensorSpec> tensors) {
        Map<String, Total> byDType = new TreeMap<>();
        Map<String, Total> byPrefix = new TreeMap<>();
        Total all = new Total();
        for (TensorSpec tensor : tensors) {
            all.add(tensor);
            byDType.computeIfAbsent(tensor.dtype().name(), _ -> new Total()).add(tensor);
            byPrefix.computeIfAbsent(prefix(tensor.key()), _ -> new Total()).add(tensor);
        }
        out.println();
        byDType.forEach((dtype, total) -> out.println("dtype  " + dtype + ": " + total));
        byPrefix.forEach((prefix, total) -> out.println("prefix " + prefix + ": " + total));
        out.println("total  " + all);
    }

    /** The first part of the path, and the second of networks, whose first says only that it is one. */
    private static String prefix(String key) {
        int end = key.indexOf('.');
        if (end >= 0 && key.startsWith("net")) {
            end = key.indexOf('.', end + 1);
        }
        return end < 0 ? key : key.substring(0, end + 1) + "*";
    }

    private static final class Total {
        private long tensors;
        private long elements;
        private long bytes;

        void add(TensorSpec tensor) {
            tensors++;
            elements += tensor.shape().numel();
            bytes += tensor.byteSize();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d tensors, %,d elements, %s", tensors, elements,
                    WriteProgress.megabytes(bytes));
        }
    }

    private static int differences(PrintWriter out, InventoryDifferences differences) {
        out.println();
        differences.missing().forEach(key -> out.println("missing    " + key));
        differences.unexpected().forEach(key -> out.println("unexpected " + key));
        differences.misshapen().forEach(key -> out.println("misshapen  " + key));
        out.printf(Locale.ROOT, "%s: %d missing, %d unexpected, %d misshapen, %d ignored as the reference does%n",
                differences.inventory(), differences.missing().size(), differences.unexpected().size(),
                differences.misshapen().size(), differences.ignored().size());
        return differences.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
