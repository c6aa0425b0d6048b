package org.cosmosj.tensor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A folder that {@code torch.distributed.checkpoint} wrote, as the reference's training does: {@code .metadata}, a
 * pickle, and one {@code .distcp} file per process with pieces of the tensors. A tensor of one piece is a view of its
 * file; others are joined. Pickles are read as in {@link TorchCheckpoint}: nothing is executed.
 */
public final class DistributedCheckpoint implements Checkpoint {
    /** Name of the table of contents in the folder. */
    static final String METADATA = ".metadata";

    private final Path folder;
    private final DistributedMetadata metadata;
    private final Map<String, MappedFile> files;

    private DistributedCheckpoint(Path folder, DistributedMetadata metadata, Map<String, MappedFile> files) {
        this.folder = folder;
        this.metadata = metadata;
        this.files = files;
    }

    /**
     * Maps all files of a folder and reads its table of tensors.
     *
     * @param path the folder, or its file {@code .metadata}
     * @return the open folder
     * @throws CheckpointException if a file is missing, cannot be read or contradicts the table
     */
    public static DistributedCheckpoint open(Path path) throws CheckpointException {
        Path folder = METADATA.equals(String.valueOf(path.getFileName())) ? path.toAbsolutePath().getParent() : path;
        DistributedMetadata metadata = DistributedMetadata.read(folder.resolve(METADATA));
        Map<String, MappedFile> files = new LinkedHashMap<>();
        boolean opened = false;
        try {
            for (String name : metadata.files()) {
                files.put(name, MappedFile.map("distributed checkpoint", folder.resolve(name)));
            }
            for (Map.Entry<String, DistributedMetadata.Entry> entry : metadata.tensors().entrySet()) {
                entry.getValue().check(folder, entry.getKey(), files);
            }
            opened = true;
            return new DistributedCheckpoint(folder, metadata, files);
        } finally {
            if (!opened) {
                files.values().forEach(MappedFile::close);
            }
        }
    }

    @Override
    public Set<String> keys() {
        return Collections.unmodifiableSet(metadata.tensors().keySet());
    }

    @Override
    public boolean contains(String key) {
        return metadata.tensors().containsKey(key);
    }

    @Override
    public Shape shape(String key) {
        return entry(key).shape();
    }

    @Override
    public DType dtype(String key) {
        return entry(key).dtype();
    }

    @Override
    public Map<String, String> others() {
        return Collections.unmodifiableMap(metadata.others());
    }

    /**
     * One tensor of the current scope, joined from its pieces.
     *
     * @param key its name
     * @return the tensor; read-only where it is one piece
     * @throws IllegalArgumentException if there is none of that name, or if a piece is not what the table says
     * @throws IllegalStateException if the folder was closed
     */
    @Override
    public Tensor tensor(String key) {
        DistributedMetadata.Entry entry = entry(key);
        try {
            if (entry.pieces().size() == 1) {
                return piece(entry, entry.pieces().getFirst());
            }
            Tensor joined = Tensor.empty(entry.dtype(), entry.shape());
            try (Scope _ = Scope.inner("join " + key)) {
                for (DistributedMetadata.Piece piece : entry.pieces()) {
                    Tensor target = joined;
                    for (int axis = 0; axis < piece.offsets().length; axis++) {
                        target = target.narrow(axis, piece.offsets()[axis], piece.shape().size(axis));
                    }
                    target.copyFrom(piece(entry, piece));
                }
            }
            return joined;
        } catch (CheckpointException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Tensor piece(DistributedMetadata.Entry entry, DistributedMetadata.Piece piece)
            throws CheckpointException {
        MappedFile file = files.get(piece.file());
        if (!(TorchFile.read(file, piece.begin(), piece.length()) instanceof TorchTensor stored)
                || !stored.shape().equals(piece.shape()) || stored.element().dtype() != entry.dtype()) {
            throw file.error(piece.begin(), "a piece is not the " + entry.dtype() + " tensor " + piece.shape()
                    + " that the table says");
        }
        return stored.read(file);
    }

    private DistributedMetadata.Entry entry(String key) {
        DistributedMetadata.Entry entry = metadata.tensors().get(key);
        if (entry == null) {
            throw new IllegalArgumentException("distributed checkpoint " + folder + ": no tensor '" + key + "' among "
                    + metadata.tensors().size() + NearestKey.of(key, metadata.tensors().keySet()));
        }
        return entry;
    }

    @Override
    public String describe() {
        return folder.toString();
    }

    @Override
    public void close() {
        files.values().forEach(MappedFile::close);
    }
}
