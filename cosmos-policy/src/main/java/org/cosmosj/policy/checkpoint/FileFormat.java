package org.cosmosj.policy.checkpoint;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.TensorValues;
import org.cosmosj.tensor.TorchCheckpoint;

/** The formats that commands write, chosen by the name of the file. */
enum FileFormat {
    SAFETENSORS, TORCH;

    static FileFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            return SAFETENSORS;
        }
        if (name.endsWith(".pt") || name.endsWith(".pth")) {
            return TORCH;
        }
        throw new IllegalArgumentException("'" + file + "' ends in none of .safetensors, .pt and .pth");
    }

    /** PyTorch's format has no notes; they are left out there. */
    void write(Path file, Collection<TensorSpec> specs, Map<String, String> metadata, TensorValues values)
            throws CheckpointException {
        switch (this) {
            case SAFETENSORS -> Safetensors.write(file, specs, metadata, values);
            case TORCH -> TorchCheckpoint.write(file, specs, values);
        }
    }
}
