package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {
    @TempDir
    Path folder;

    private Scope scope;

    @BeforeEach
    void openScope() {
        scope = Scope.open(Device.cpu(), "torch");
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pt", "legacy.pth"})
    void readsEveryDtypeStrideAndSharedStorage(String name) throws IOException {
        try (TorchCheckpoint file = TorchCheckpoint.open(CheckpointFiles.resource(name))) {
            CheckpointFiles.assertHolds(file, "expected.safetensors", UnaryOperator.identity());

            assertThat(file.tensor("parameter").toFloatArray()).containsExactly(1, 2);
            assertThat(file.tensor("f32.transposed").layout().isContiguous()).isFalse();
            assertThat(file.contains("iteration")).isFalse();
            assertThat(file.others()).containsExactlyInAnyOrderEntriesOf(Map.of("norm._extra_state", "a _io.BytesIO",
                    "i8", "int8 tensor (1), which is not read", "iteration", "an integer", "nested",
                    "a dict of 1 entries"));
            assertThatIllegalArgumentException().isThrownBy(() -> file.tensor("iteration"))
                    .withMessageContaining("no tensor 'iteration'").withMessageContaining("it is an integer");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void readsCachesOfTextEmbeddings(int protocol) throws IOException {
        Path cache = CheckpointFiles.resource("t5_cache_" + protocol + ".pkl");
        try (Checkpoint file = Checkpoint.open(cache)) {
            assertThat(file).isInstanceOf(TorchCheckpoint.class);
            assertThat(file.keys()).contains("öffne die Schublade").hasSize(3);
            CheckpointFiles.assertHolds(file, "t5_cache_expected.safetensors", UnaryOperator.identity());
        }
    }

    @Test
    void partsOfAStorageThatIsTextStandWhereTheyStood() throws IOException {
        try (Checkpoint file = Checkpoint.open(CheckpointFiles.resource("views_2.pkl"))) {
            assertThat(file.tensor("row").toFloatArray()).containsExactly(5, 6, 7);
            assertThat(file.tensor("column").toFloatArray()).containsExactly(1, 5, 9);
            assertThat(file.tensor("last").toFloatArray()).containsExactly(3, 7, 11);
        }
    }

    /** Protocol 2 has no bytes: storages are text of their values. */
    @Test
    void namesTheByteOfATextThatIsNoStorage() throws IOException {
        Path cache = CheckpointFiles.resource("t5_cache_2.pkl");
        byte[] bytes = Files.readAllBytes(cache);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\u00c2\u0080");
        bytes[at] = (byte) 0xE2;
        Path damaged = Files.write(folder.resolve("damaged.pkl"), bytes);
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> TorchCheckpoint.open(damaged))
                .withMessageContaining("damaged.pkl").withMessageContaining("at byte ")
                .withMessageContaining("of the text belongs to no latin1 character");
    }

    @Test
    void executesNothing() {
        Path evil = CheckpointFiles.resource("evil.pt");

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> TorchCheckpoint.open(evil))
                .withMessage("pickle " + evil + " (evil/data.pkl): at byte 22: opcode GLOBAL: class posix.system is not"
                        + " allowed; nothing was executed. If the file is trusted, write it again with plain values"
                        + " and tensors only");
        assertThat(Path.of("executed")).doesNotExist();
    }

    @Test
    void viewsShareTheMappingTakeNoPoolMemoryAndOutliveTheFile() throws IOException {
        long before = scope.backend().memory().liveBytes();
        TorchCheckpoint file = TorchCheckpoint.open(CheckpointFiles.resource("zip.pt"));
        Tensor rows = file.tensor("f32");
        Tensor columns = file.tensor("f32.transposed");
        assertThat(scope.backend().memory().liveBytes()).isEqualTo(before);

        file.close();
        file.close();

        assertThat(columns.transpose(0, 1).toFloatArray()).isEqualTo(rows.toFloatArray());
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> rows.fill(0));
        assertThatIllegalStateException().isThrownBy(() -> file.tensor("f32")).withMessageContaining("is closed");
    }

    @Test
    void opensFourGigabytesInWellUnderASecondWithoutHeap() throws IOException {
        Path large = folder.resolve("large.pt");
        long numel = 1_000_000_000L;
        writeSparse(large, numel);
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        long start = System.nanoTime();

        try (TorchCheckpoint file = TorchCheckpoint.open(large)) {
            assertThat(file.tensor("w").shape()).isEqualTo(Shape.of(numel));
            assertThat(file.tensor("w").narrow(0, numel - 2, 2).toFloatArray()).containsExactly(0, 0);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
        assertThat(runtime.totalMemory() - runtime.freeMemory() - used).isLessThan(32L << 20);
    }

    /** An archive whose only storage is a hole of {@code numel} floats. */
    private static void writeSparse(Path path, long numel) throws IOException {
        byte[] pickle = pickle("FloatStorage", numel, 0, "(J%st", numel, 1);
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(small)) {
            zip.setMethod(ZipOutputStream.STORED);
            store(zip, "x/data.pkl", pickle);
        }
        byte[] bytes = small.toByteArray();
        int central = indexOf(bytes, new byte[] {'P', 'K', 1, 2});
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(bytes, 0, central);
            long header = central;
            byte[] name = "x/data/0".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer local = ByteBuffer.allocate(30 + name.length)
                    .order(ByteOrder.LITTLE_ENDIAN);
            int size = (int) (numel * 4);
            local.putInt(0x04034b50).putShort((short) 20).putShort((short) 0).putShort((short) 0).putInt(0).putInt(0)
                    .putInt(size).putInt(size).putShort((short) name.length).putShort((short) 0).put(name);
            file.write(local.array());
            long end = header + local.capacity() + numel * 4;
            file.seek(end);
            int centralBytes = bytes.length - 22 - central;
            file.write(bytes, central, centralBytes);
            ByteBuffer entry = ByteBuffer.allocate(46 + name.length + 22)
                    .order(ByteOrder.LITTLE_ENDIAN);
            entry.putInt(0x02014b50).putShort((short) 20).putShort((short) 20).putShort((short) 0).putShort((short) 0)
                    .putInt(0).putInt(0).putInt(size).putInt(size).putShort((short) name.length).putShort((short) 0)
                    .putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0).putInt((int) header)
                    .put(name);
            entry.putInt(0x06054b50).putInt(0).putShort((short) 2).putShort((short) 2)
                    .putInt(centralBytes + 46 + name.length).putInt((int) end).putShort((short) 0);
            file.write(entry.array());
        }
    }

    private static int indexOf(byte[] bytes, byte[] what) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(what, StandardCharsets.ISO_8859_1));
    }

    @Test
    void refusesTensorsThatLeaveTheirStorage() throws IOException {
        refused(pickle("FloatStorage", 4, 0, "(K%st", 5, 1), "reaches from element 0 to 4 of a storage of 4");
        refused(pickle("FloatStorage", 4, 1, "(K%st", 4, 1), "reaches from element 1 to 4 of a storage of 4");
        refused(pickle("FloatStorage", 4, 0, "(K%st", 3, 2), "reaches from element 0 to 4");
        refused(pickle("FloatStorage", 4, 0, "(J%st", 1_000_000, 0), "repeats its elements to more than the file");
        refused(pickle("FloatStorage", 8, 0, "(K%st", 4, 1), "storage of 32 bytes, but its entry has 16");
        refused(pickle("DoubleStorage", 4, 0, "(K%st", 4, 1), "storage of 32 bytes, but its entry has 16");
        refused(pickle("NoStorage", 4, 0, "(K%st", 4, 1), "class torch.NoStorage is not allowed");
    }

    private void refused(byte[] pickle, String message) throws IOException {
        Path file = zip(Map.of("x/data.pkl", pickle, "x/data/0", new byte[16]));

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> TorchCheckpoint.open(file))
                .withMessageStartingWith("pickle " + file + " (x/data.pkl): at byte ").withMessageContaining(message);
    }

    @Test
    void refusesArchivesThatAreNoCheckpoints() throws IOException {
        byte[] pickle = pickle("FloatStorage", 4, 0, "(K%st", 4, 1);
        refused(Map.of("x/data/0", new byte[16]), "0 entries */data.pkl, expected 1");
        refused(Map.of("x/data.pkl", pickle, "y/data.pkl", pickle), "2 entries */data.pkl");
        refused(Map.of("x/data.pkl", pickle), "storage has no entry in the archive");
        refused(Map.of("x/data.pkl", pickle, "x/data/0", new byte[16], "x/byteorder", "big".getBytes(
                StandardCharsets.US_ASCII)), "byte order is not little");
        refused(Map.of("x/data.pkl", new byte[] {(byte) 0x80, 2, 'N', '.'}), "holds no dict of tensors");
    }

    private void refused(Map<String, byte[]> entries, String message) throws IOException {
        Path file = zip(entries);

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> TorchCheckpoint.open(file))
                .withMessageContaining(file.toString()).withMessageContaining(message);
    }

    @Test
    void refusesCompressedEntriesSoThatNothingInflates() throws IOException {
        Path file = folder.resolve("bomb.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("x/data.pkl"));
            zip.write(new byte[50_000_000]);
        }

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> TorchCheckpoint.open(file))
                .withMessageContaining("entry is compressed (method 8)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.pt", "legacy.pth", "t5_cache_2.pkl", "t5_cache_4.pkl"})
    void refusesTruncationAtEveryByte(String name) throws IOException {
        byte[] whole = Files.readAllBytes(CheckpointFiles.resource(name));
        Path file = folder.resolve(name);
        for (int length = 0; length < whole.length; length += length < 200 ? 1 : 7) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatExceptionOfType(CheckpointException.class).as("first %d bytes", length)
                    .isThrownBy(() -> TorchCheckpoint.open(file)).withMessageContaining(file.toString());
        }
    }

    @Test
    void noticesDamageToTheTable() throws IOException {
        byte[] whole = Files.readAllBytes(CheckpointFiles.resource("zip.pt"));
        whole[indexOf(whole, "f32.row".getBytes(StandardCharsets.US_ASCII))]++;
        Path file = Files.write(folder.resolve("damaged.pt"), whole);

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> TorchCheckpoint.open(file))
                .withMessageContaining("zip/data.pkl does not match its check sum");
    }

    /** A dict of one tensor "w": a storage of {@code numel} elements, viewed with one axis. */
    private static byte[] pickle(String storage, long numel, int offset, String size, long length, int stride) {
        String sizeOpcodes = size.formatted(length < 256 && size.contains("K") ? "" + (char) length : le32(length));
        String text = "}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\n" + storage
                + "\nX\1\0\0\0" + "0X\3\0\0\0cpuJ" + le32(numel) + "tQK" + (char) offset + sizeOpcodes + "(K"
                + (char) stride + "t\u0089}tRs.";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String le32(long value) {
        return "" + (char) (value & 0xFF) + (char) (value >> 8 & 0xFF) + (char) (value >> 16 & 0xFF)
                + (char) (value >> 24 & 0xFF);
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        Path file = folder.resolve("made.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                store(zip, entry.getKey(), entry.getValue());
            }
        }
        return file;
    }

    private static void store(ZipOutputStream zip, String name, byte[] data) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(data);
        entry.setCrc(crc.getValue());
        entry.setSize(data.length);
        zip.putNextEntry(entry);
        zip.write(data);
    }
}
