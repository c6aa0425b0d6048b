package org.cosmosj.policy.text;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code embed}: makes the embeddings of new instructions, which the policy reads in place of text. */
@CommandLine.Command(
        name = "embed",
        description = {
            "Embeds instructions with T5's encoder, on the CPU, as the policy takes them: BF16, zeros behind the text.",
            "",
            "A file that exists is kept and added to, after a copy of it to FILE.backup; instructions it has are left"
                    + " as they are."
        })
public final class EmbedCommand implements Command {
    /** Instructions that share a pass over the weights, which are read from disk for it. */
    private static final int BATCH = 64;

    @Spec
    private CommandSpec spec;

    @Option(names = "--t5", required = true, paramLabel = "DIR",
            description = "The model: config.json and model.safetensors, its shards, or pytorch_model.bin.")
    private Path t5;

    @Option(names = "--tokenizer", paramLabel = "FILE",
            description = "T5's sentencepiece model (default: spiece.model in DIR).")
    private Path tokenizer;

    @Option(names = "--out", required = true, paramLabel = "FILE",
            description = "Embeddings by instruction: .pkl as the reference has them, or .safetensors.")
    private Path out;

    @Option(names = "--tokens", paramLabel = "S", defaultValue = "" + T5TextEncoder.POLICY_TOKENS,
            description = "Tokens of each embedding (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Parameters(arity = "1..*", paramLabel = "INSTRUCTION", description = "Instructions, spelled as the task has them.")
    private List<String> instructions;

    /** Does nothing; the command line fills the fields. */
    public EmbedCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter printer = spec.commandLine().getOut();
        TextEmbeddings format = TextEmbeddings.of(out);
        try (Scope _ = Scope.open(Device.cpu(), "embed")) {
            Map<String, Tensor> embeddings = Files.exists(out) ? TextEmbeddings.read(out) : new LinkedHashMap<>();
            Set<String> missing = new LinkedHashSet<>(instructions);
            missing.removeAll(embeddings.keySet());
            if (!missing.isEmpty()) {
                embed(missing, embeddings, printer);
                if (Files.exists(out)) {
                    Files.copy(out, out.resolveSibling(out.getFileName() + ".backup"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                format.write(out, embeddings);
            }
            printer.println(out + ": " + embeddings.size() + " instructions, " + missing.size() + " of them new");
        }
        return CommandLine.ExitCode.OK;
    }

    private void embed(Set<String> missing, Map<String, Tensor> embeddings, PrintWriter printer) throws IOException {
        Path pieces = tokenizer == null ? t5.resolve("spiece.model") : tokenizer;
        T5TextEncoder encoder = T5TextEncoder.open(t5, pieces, tokens);
        List<String> all = List.copyOf(missing);
        for (int from = 0; from < all.size(); from += BATCH) {
            List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            try (Scope scope = Scope.inner("embed from " + from)) {
                Tensor[] embedded = encoder.encode(batch).chunk(batch.size(), 0);
                for (int i = 0; i < embedded.length; i++) {
                    embeddings.put(batch.get(i), scope.promote(embedded[i].to(DType.BF16)));
                    int count = encoder.tokenizer().encode(batch.get(i), tokens).length;
                    printer.println("'" + batch.get(i) + "': " + count + " tokens");
                }
            }
        }
    }
}
