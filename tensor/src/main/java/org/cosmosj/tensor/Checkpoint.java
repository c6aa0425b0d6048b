package org.cosmosj.tensor;

import java.nio.file.Path;
import java.util.Map;

/**
 * An open file or folder of named tensors, mapped into memory: opening reads the table of contents only, whatever the
 * size of the data, and a CPU tensor is a read-only view of the mapping where the format allows. Tensors stay valid
 * after the checkpoint is closed. Safe for several threads; the files must not be shortened while they are open.
 */
public interface Checkpoint extends TensorSource, AutoCloseable {
    /**
     * Opens a checkpoint of any format by what it holds, never by its name.
     * <table>
     * <caption>Formats</caption>
     * <tr><th scope="col">Path</th><th scope="col">Reader</th></tr>
     * <tr><td>safetensors file</td><td>{@link Safetensors}</td></tr>
     * <tr><td>{@code *.index.json}, or a folder that holds one</td><td>{@link ShardedSafetensors}</td></tr>
     * <tr><td>{@code torch.save} file, new or old, or pickle of a dict of tensors</td><td>{@link TorchCheckpoint}</td>
     * </tr>
     * <tr><td>folder with {@code .metadata}</td><td>{@link DistributedCheckpoint}</td></tr>
     * </table>
     *
     * @param path what to read
     * @return the open checkpoint
     * @throws CheckpointException if it cannot be read or contradicts itself
     */
    static Checkpoint open(Path path) throws CheckpointException {
        return CheckpointFormat.of(path).open(path);
    }

    /**
     * Sizes of a tensor, without touching its data.
     *
     * @param key its name
     * @return the shape
     * @throws IllegalArgumentException if there is none of that name
     */
    Shape shape(String key);

    /**
     * Element type of a tensor, without touching its data.
     *
     * @param key its name
     * @return the dtype
     * @throws IllegalArgumentException if there is none of that name
     */
    DType dtype(String key);

    /**
     * What stands in the checkpoint beside readable tensors, such as counters and optimiser state.
     *
     * @return a description by name, in the order of the file; empty for formats of tensors only
     */
    default Map<String, String> others() {
        return Map.of();
    }

    /**
     * Notes that the format keeps beside the tensors.
     *
     * @return strings by name, empty if there are none
     */
    default Map<String, String> metadata() {
        return Map.of();
    }

    /** Ends reading; tensors made before stay valid. A second call does nothing. */
    @Override
    void close();
}
