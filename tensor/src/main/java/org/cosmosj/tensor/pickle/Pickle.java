package org.cosmosj.tensor.pickle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.cosmosj.tensor.CheckpointException;

/** Reads files that hold one pickle. */
public final class Pickle {
    private Pickle() {}

    /**
     * Reads a file of one pickle. Its bytes and arrays are views of the file's mapping, which ends when nothing refers
     * to it any more.
     *
     * @param file what to read; it must not be shortened while values of it are in use
     * @param types the names it may mention
     * @return the value, as the package describes
     * @throws CheckpointException if the file cannot be read, is damaged, mentions another name or asks for more memory
     *     than its size justifies; the message gives file and offset
     */
    public static Object read(Path file, PickleTypes types) throws CheckpointException {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException("pickle " + file + ": "
                    + (Files.exists(file) ? "is not a regular file" : "no such file") + "; give the path of a file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Arena untilUnused = Arena.ofAuto();
            return read(file.toString(), channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), untilUnused),
                    types);
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException e) {
            throw new CheckpointException("pickle " + file + ": cannot be read (" + e
                    + "); check the file's permissions", e);
        }
    }

    /**
     * Reads memory that holds one pickle.
     *
     * @param where what it is, for messages
     * @param data the pickle; bytes and arrays of the result are views of it
     * @param types the names it may mention
     * @return the value
     * @throws CheckpointException as {@link #read(Path, PickleTypes)}
     */
    public static Object read(String where, MemorySegment data, PickleTypes types) throws CheckpointException {
        PickleStream stream = new PickleStream(where, data, types);
        Object value = stream.next();
        if (stream.position() != data.byteSize()) {
            throw new CheckpointException("pickle " + where + ": at byte " + stream.position() + ": "
                    + (data.byteSize() - stream.position()) + " bytes follow the end; this is not one pickle");
        }
        return value;
    }
}
