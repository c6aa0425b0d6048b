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
    /** Parameters of the small policy, which stand in two files. */
    private static final String WEIGHTS = "policy_weights";
    private static final List<String> WEIGHT_PARTS = List.of("policy_net", "policy_vae");
    /** What a file names. */
    private static final Map<String, String> SIBLINGS =
            Map.of("sde_sampling", "dit", "train_step", WEIGHTS, "inference", WEIGHTS);

    private GoldenFiles() {}

    /** Copies a file and the one it names; the path of the first is returned. */
    static Path copy(Path folder, String name) throws IOException {
        String sibling = SIBLINGS.get(name);
        if (WEIGHTS.equals(sibling)) {
            join(folder);
        } else if (sibling != null) {
            copyOne(folder, sibling);
        }
        return copyOne(folder, name);
    }

    private static void join(Path folder) throws IOException {
        Map<String, Tensor> tensors = new HashMap<>();
        try (Scope _ = Scope.open(Device.cpu(), WEIGHTS)) {
            for (String part : WEIGHT_PARTS) {
                try (Safetensors open = Safetensors.open(copyOne(folder, part))) {
                    open.keys().forEach(key -> tensors.put(key, open.tensor(key).copy()));
                }
            }
            Safetensors.write(folder.resolve(WEIGHTS + ".safetensors"), tensors, Map.of());
        }
    }

    private static Path copyOne(Path folder, String name) throws IOException {
        Path file = folder.resolve(name + ".safetensors");
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
            if (in == null) {
                throw new IOException("no golden file " + name + " on the class path");
            }
            Files.copy(in, file);
        }
        return file;
    }
}
