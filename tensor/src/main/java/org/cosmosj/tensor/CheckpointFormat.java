package org.cosmosj.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** Recognises a checkpoint by what it holds. */
enum CheckpointFormat {
    SAFETENSORS {
        @Override
        Checkpoint open(Path path) throws CheckpointException {
            return Safetensors.open(path);
        }
    },
    SHARDED_SAFETENSORS {
        @Override
        Checkpoint open(Path path) throws CheckpointException {
            return ShardedSafetensors.open(path);
        }
    },
    TORCH {
        @Override
        Checkpoint open(Path path) throws CheckpointException {
            return TorchCheckpoint.open(path);
        }
    },
    DISTRIBUTED {
        @Override
        Checkpoint open(Path path) throws CheckpointException {
            return DistributedCheckpoint.open(path);
        }
    };

    static final String INDEX = ".index.json";
    private static final int PICKLE = 0x80;
    /** How pickles before protocol 2 start; they are refused as what they are. */
    private static final String OLD_PICKLES = "(c]}";

    abstract Checkpoint open(Path path) throws CheckpointException;

    static CheckpointFormat of(Path path) throws CheckpointException {
        if (Files.isDirectory(path)) {
            if (Files.exists(path.resolve(DistributedCheckpoint.METADATA))) {
                return DISTRIBUTED;
            }
            if (index(path) != null) {
                return SHARDED_SAFETENSORS;
            }
            throw new CheckpointException("checkpoint " + path + ": the folder holds neither "
                    + DistributedCheckpoint.METADATA + " nor *" + INDEX + "; give the path of a file in it");
        }
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException("checkpoint " + path + ": "
                    + (Files.exists(path) ? "is neither a file nor a folder" : "no such file or folder"));
        }
        if (path.getFileName().toString().equals(DistributedCheckpoint.METADATA)) {
            return DISTRIBUTED;
        }
        if (path.getFileName().toString().endsWith(INDEX)) {
            return SHARDED_SAFETENSORS;
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(4);
            boolean zip = start.length == 4 && start[0] == 'P' && start[1] == 'K';
            boolean pickle = start.length > 1
                    && ((start[0] & 0xFF) == PICKLE && start[1] <= 5 || OLD_PICKLES.indexOf(start[0]) >= 0);
            return zip || pickle && !isHeader(path)
                    ? TORCH
                    : SAFETENSORS;
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + path + ": cannot be read (" + e
                    + "); check the file's permissions", e);
        }
    }

    /** A safetensors header whose length happens to start with the byte of a pickle. */
    private static boolean isHeader(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(9);
            return start.length == 9 && start[4] == 0 && start[5] == 0 && start[6] == 0 && start[7] == 0
                    && start[8] == '{';
        }
    }

    /** The only index of a folder, or null. */
    static Path index(Path folder) throws CheckpointException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + INDEX)) {
            Iterator<Path> files = found.iterator();
            Path index = files.hasNext() ? files.next() : null;
            if (files.hasNext()) {
                throw new CheckpointException("checkpoint " + folder + ": holds several files *" + INDEX
                        + "; give the path of one");
            }
            return index;
        } catch (IOException e) {
            throw e instanceof CheckpointException known
                    ? known
                    : new CheckpointException("checkpoint " + folder + ": cannot be listed (" + e + ")", e);
        }
    }
}
