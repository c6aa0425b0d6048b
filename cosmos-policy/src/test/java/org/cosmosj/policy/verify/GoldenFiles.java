package org.cosmosj.policy.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.Golden;

/** Copies of the golden files on the class path, since fixtures are opened by path. */
final class GoldenFiles {
    /** Files that a file names. */
    private static final Map<String, List<String>> SIBLINGS = Map.of("sde_sampling", List.of("dit"), "dit_bf16",
            List.of("dit"), "train_step", List.of("policy_weights"), "inference", List.of("policy_weights"), "wan_vae",
            List.of("wan_vae_weights"), "optimizer", List.of("optimizer_net", "optimizer_batch"));
    /** Files of parameters that are kept in two, since each is to stay small. */
    private static final Map<String, List<String>> PARTS = Map.of("policy_weights",
            List.of("policy_net", "policy_vae"), "wan_vae_weights", List.of("wan_vae_encoder", "wan_vae_decoder"));
    /** Start of the names of those with a sentencepiece model beside them. */
    private static final String TOKENIZER = "t5_tokenizer";

    private GoldenFiles() {}

    /** Copies a file and those it names; the path of the first is returned. */
    static Path copy(Path folder, String name) throws IOException {
        for (String sibling : SIBLINGS.getOrDefault(name, List.of())) {
            if (PARTS.containsKey(sibling)) {
                join(folder, sibling);
            } else {
                copyOne(folder, sibling);
            }
        }
        if (name.startsWith(TOKENIZER)) {
            copyFile(folder, name + ".model");
        }
        return copyOne(folder, name);
    }

    private static void join(Path folder, String name) throws IOException {
        Map<String, Tensor> tensors = new HashMap<>();
        try (Scope _ = Scope.open(Device.cpu(), name)) {
            for (String part : PARTS.get(name)) {
                try (Safetensors open = Safetensors.open(copyOne(folder, part))) {
                    open.keys().forEach(key -> tensors.put(key, open.tensor(key).copy()));
                }
            }
            Safetensors.write(folder.resolve(name + ".safetensors"), tensors, Map.of());
        }
    }

    private static Path copyOne(Path folder, String name) throws IOException {
        return copyFile(folder, name + ".safetensors");
    }

    private static Path copyFile(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
            if (in == null) {
                throw new IOException("no golden file " + name + " on the class path");
            }
            Files.copy(in, file);
        }
        return file;
    }
}
