package org.cosmosj.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Replaces a file in one step: the data go to a new file beside it, are forced to disk and then take its name, so that
 * a name never stands for something half-written and a failure at any moment leaves the old file as it was.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What fills the file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything.
         *
         * @param channel opened for reading and writing at position 0
         * @throws IOException if writing fails
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes and replaces.
     *
     * @param file the target; behind a link the file itself, never a device or folder; missing parent folders are made
     * @param content what to write
     * @throws UncheckedIOException naming the file, the cause and the cure
     */
    public static void write(Path file, Content content) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            String message = file + ": is there already and not a regular file; give the path of a file";
            throw new UncheckedIOException(message, new FileAlreadyExistsException(file.toString()));
        }
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Files.createDirectories(target.getParent());
            Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
            try {
                fill(part, content);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                forceFolder(target.getParent());
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw failure(file, e);
        } catch (UncheckedIOException e) {
            throw failure(file, e.getCause());
        }
    }

    /**
     * Writes bytes in the same way.
     *
     * @param file the target
     * @param bytes its content
     * @throws UncheckedIOException naming the file, the cause and the cure
     */
    public static void write(Path file, byte[] bytes) {
        write(file, channel -> append(channel, ByteBuffer.wrap(bytes)));
    }

    /** Writes all that is left in a buffer. */
    static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void fill(Path part, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true); // else a crash after the renaming could leave a name without content
        }
    }

    /** Makes the rename itself survive a power cut, where folders can be opened. */
    private static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static UncheckedIOException failure(Path file, IOException cause) {
        return new UncheckedIOException(file + ": cannot be written (" + cause + "); an older file of that name is"
                + " unchanged. Expected a writable folder with enough free space: check permissions and disk space,"
                + " or choose another path", cause);
    }
}
