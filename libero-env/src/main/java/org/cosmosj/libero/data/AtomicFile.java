package org.cosmosj.libero.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes a file so that its name never stands for something half-written. */
public final class AtomicFile {

    private AtomicFile() {
    }

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
     * Writes to a temporary file beside the target and then renames it. If anything fails, the temporary file is
     * deleted and an older file of that name is as it was.
     *
     * @param file    the target; missing parent folders are created
     * @param content what to write
     * @throws UncheckedIOException naming the file, the cause and the cure
     */
    public static void write(Path file, Content content) {
        try {
            Path target = target(file);
            Files.createDirectories(target.getParent());
            Path temporary = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".tmp");
            try {
                try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    content.writeTo(channel);
                    channel.force(true);    // else a crash after the renaming could leave a name without content
                }
                move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
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
     * @param file  the target
     * @param bytes its content
     * @throws UncheckedIOException naming the file, the cause and the cure
     */
    public static void write(Path file, byte[] bytes) {
        write(file, channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }

    /** Where the file itself stands, behind links; devices and folders are not replaced. */
    private static Path target(Path file) throws IOException {
        if (!Files.exists(file)) {
            return file.toAbsolutePath();
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is there already and not a regular file");
        }
        return file.toRealPath();
    }

    /** Files that createTempFile makes are private to their owner; a result should look like any other file. */
    private static void move(Path temporary, Path target) throws IOException {
        var view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static UncheckedIOException failure(Path file, IOException cause) {
        return new UncheckedIOException("write " + file + ": failed (" + cause + "); an older file of that name is"
                + " unchanged. Expected a writable folder with enough free space: check permissions and disk space,"
                + " or choose another path", cause);
    }
}
