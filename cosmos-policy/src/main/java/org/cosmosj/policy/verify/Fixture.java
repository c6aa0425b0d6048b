package org.cosmosj.policy.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * One golden file: inputs and expected values by name, and what its metadata say about them. Parameters and inputs may
 * stand in files beside it, which are opened when first asked for.
 */
final class Fixture implements AutoCloseable {
    private static final String FORMAT = "cosmos-policy-golden/1";
    private static final String INPUTS = "inputs";

    private final TensorSource tensors;
    private final String kind;
    private final JsonFields config;
    private final String weightsFile;
    private final List<ToleranceRule> rules;
    private final Siblings siblings;

    /** Opens files by the names that metadata give. */
    interface Siblings {
        TensorSource open(String name) throws CheckpointException;

        /** Where a file stands that holds no tensors. */
        Path path(String name);

        /** Closes what was opened. */
        void close();
    }

    Fixture(TensorSource tensors, Map<String, String> metadata, Siblings siblings) {
        this.tensors = tensors;
        this.siblings = siblings;
        String format = required(metadata, "format");
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException(tensors.describe() + ": format is '" + format + "', expected '" + FORMAT
                    + "'");
        }
        this.kind = required(metadata, "kind");
        this.config = JsonFields.parse(tensors.describe() + ": config", required(metadata, "config"));
        this.rules = ToleranceRule.parse(tensors.describe(), required(metadata, "tolerance"));
        this.weightsFile = metadata.getOrDefault("weights", "");
    }

    private String required(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException(tensors.describe() + ": its metadata have no '" + key
                    + "'; give a golden fixture, which carries format, kind, config and tolerance");
        }
        return value;
    }

    /** Opens a fixture; it must be closed, and its tensors belong to the scopes they are asked for in. */
    static Fixture open(Path file) throws CheckpointException {
        Safetensors tensors = Safetensors.open(file);
        boolean opened = false;
        try {
            Fixture fixture = new Fixture(tensors, tensors.metadata(), new Folder(file, tensors));
            opened = true;
            return fixture;
        } finally {
            if (!opened) {
                tensors.close();
            }
        }
    }

    String kind() {
        return kind;
    }

    JsonFields config() {
        return config;
    }

    /** All names, sorted. */
    Set<String> names() {
        return new TreeSet<>(tensors.keys());
    }

    boolean has(String name) {
        return tensors.contains(name);
    }

    /** The first tolerance rule whose prefix matches. */
    Optional<ToleranceRule> rule(String name) {
        return rules.stream().filter(rule -> name.startsWith(rule.prefix())).findFirst();
    }

    /** The reference's value of a tensor. */
    Values expected(String name) {
        try (Scope _ = Scope.inner("expected")) {
            return Values.of(tensors.tensor(name));
        }
    }

    /**
     * An input, read-only: from this file or, where it lacks the name, from the file that {@code config.inputs} names.
     */
    Tensor input(String name) throws CheckpointException {
        if (tensors.contains(name) || !config.has(INPUTS)) {
            return tensors.tensor(name);
        }
        return siblings.open(config.text(INPUTS)).tensor(name);
    }

    /** Whether {@link #input} will find a tensor. */
    boolean hasInput(String name) throws CheckpointException {
        return tensors.contains(name) || config.has(INPUTS) && siblings.open(config.text(INPUTS)).contains(name);
    }

    /**
     * The parameters under a prefix such as {@code w.} or {@code net.}: in the weights file, or here if none is named.
     */
    TensorSource weights(String prefix) throws CheckpointException {
        TensorSource source = weightsFile.isEmpty() ? tensors : siblings.open(weightsFile);
        return source.under(prefix);
    }

    /** A file beside this one, such as the batch that {@code config} names. */
    TensorSource sibling(String name) throws CheckpointException {
        return siblings.open(name);
    }

    /** Where a file beside this one stands that holds no tensors, such as a tokenizer. */
    Path siblingFile(String name) {
        return siblings.path(name);
    }

    @Override
    public void close() {
        siblings.close();
    }

    @Override
    public String toString() {
        return tensors.describe();
    }

    /** The folder of a fixture; files are opened once. */
    private static final class Folder implements Siblings {
        private final Path file;
        private final Map<String, Safetensors> open = new HashMap<>();

        Folder(Path file, Safetensors tensors) {
            this.file = file;
            open.put(file.getFileName().toString(), tensors);
        }

        @Override
        public TensorSource open(String name) throws CheckpointException {
            Safetensors present = open.get(name);
            if (present == null) {
                present = Safetensors.open(path(name));
                open.put(name, present);
            }
            return present;
        }

        @Override
        public Path path(String name) {
            return file.resolveSibling(name);
        }

        @Override
        public void close() {
            new ArrayList<>(open.values()).forEach(Safetensors::close);
        }
    }
}
