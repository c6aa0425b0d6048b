package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    private static final byte[] OLD = {1};

    @TempDir
    private Path folder;

    @Test
    void writesIntoFoldersThatItMakes() throws IOException {
        Path file = folder.resolve("a").resolve("b").resolve("file");

        AtomicFile.write(file, new byte[] {1, 2});
        AtomicFile.write(file, new byte[] {3});

        assertThat(file).hasBinaryContent(new byte[] {3});
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.part");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(
                Files.getPosixFilePermissions(Files.write(folder.resolve("plain"), OLD)));
    }

    @Test
    void aFullDiskIsReportedWithTheCureAndLeavesTheOldFile() throws IOException {
        Path file = Files.write(folder.resolve("file"), OLD);

        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[10]));
            throw new IOException("No space left on device");
        })).isInstanceOf(UncheckedIOException.class).hasMessageContaining(file.toString())
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("an older file of that name is unchanged")
                .hasMessageContaining("check permissions and disk space");
        assertThatThrownBy(() -> AtomicFile.write(file, _ -> {
            throw new IllegalStateException("a bug");
        })).isInstanceOf(IllegalStateException.class);

        assertThat(file).hasBinaryContent(OLD);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void showsNothingUntilItIsDone() throws IOException {
        Path file = Files.write(folder.resolve("file"), OLD);

        AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[] {2}));
            assertThat(file).hasBinaryContent(OLD);
        });

        assertThat(file).hasBinaryContent(new byte[] {2});
    }

    @Test
    void writesBehindLinksAndReplacesNothingButFiles() throws IOException {
        Path file = Files.write(folder.resolve("file"), OLD);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        AtomicFile.write(link, new byte[] {2});

        assertThat(link).isSymbolicLink();
        assertThat(file).hasBinaryContent(new byte[] {2});
        assertThatThrownBy(() -> AtomicFile.write(folder, new byte[] {3})).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(folder.toString()).hasMessageContaining("not a regular file");
    }
}
