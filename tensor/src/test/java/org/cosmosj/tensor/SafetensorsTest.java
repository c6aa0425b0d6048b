package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";

    @TempDir
    Path folder;

    private Path file;
    private Scope scope;

    @BeforeEach
    void open() {
        file = folder.resolve("model.safetensors");
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void readsBackEveryDtypeItWrote() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Tensor values = Tensor.of(new double[] {0, 1, 2.5, 200, 1e-3, 3}, 2, 3);
        for (DType dtype : DType.values()) {
            tensors.put("block." + dtype, values.to(dtype));
        }

        Safetensors.write(file, tensors, Map.of("format", "test/1", "quote\"d", "line\nbreak \u00e9"));

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.keys()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            assertThat(read.metadata()).isEqualTo(Map.of("format", "test/1", "quote\"d", "line\nbreak \u00e9"));
            assertThat(read.describe()).isEqualTo(file.toString());
            for (Map.Entry<String, Tensor> expected : tensors.entrySet()) {
                Tensor actual = read.tensor(expected.getKey());
                assertThat(read.contains(expected.getKey())).isTrue();
                assertThat(read.dtype(expected.getKey())).isEqualTo(expected.getValue().dtype());
                assertThat(read.shape(expected.getKey())).isEqualTo(Shape.of(2, 3));
                assertThat(actual.dtype()).isEqualTo(expected.getValue().dtype());
                assertThat(actual.toDoubleArray()).isEqualTo(expected.getValue().toDoubleArray());
            }
        }
    }

    @Test
    void writesTheLayoutThatOtherReadersExpect() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", Tensor.of(new byte[] {7}, 1));
        tensors.put("a", Tensor.of(new float[] {1.5f}));

        Safetensors.write(file, tensors, Map.of());

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.getLong();
        assertThat((8 + length) % 64).as("start of the data").isZero();
        byte[] header = new byte[(int) length];
        bytes.get(header);
        assertThat(new String(header, StandardCharsets.UTF_8).strip()).isEqualTo(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[4,5]}}");
        assertThat(bytes.getFloat()).isEqualTo(1.5f);
        assertThat(bytes.get()).isEqualTo((byte) 7);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void writesViewsAndZeroSizesAsRowMajor() throws IOException {
        Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

        Safetensors.write(file, Map.of("t", matrix.transpose(0, 1), "empty", Tensor.zeros(DType.F32, Shape.of(0, 4))),
                Map.of());

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.tensor("t").shape()).isEqualTo(Shape.of(3, 2));
            assertThat(read.tensor("t").toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(read.tensor("empty").shape()).isEqualTo(Shape.of(0, 4));
        }
    }

    @Test
    void theSameValuesGiveTheSameBytesInAnyOrderOfTheMap() throws IOException {
        Tensor a = Tensor.of(new float[] {1, 2}, 2);
        Tensor b = Tensor.of(new long[] {3}, 1);
        Map<String, Tensor> backwards = new LinkedHashMap<>();
        backwards.put("b", b);
        backwards.put("a", a);
        Safetensors.write(file, Map.of("a", a, "b", b), Map.of("x", "1", "y", "2"));
        byte[] first = Files.readAllBytes(file);

        Safetensors.write(file, backwards, Map.of("y", "2", "x", "1"));

        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void tensorsOutliveTheFileAndTheFileOutlivesTensors() throws IOException {
        Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1, 2}, 2)), Map.of());
        Safetensors read = Safetensors.open(file);
        Tensor survivor = read.tensor("a");
        read.tensor("a").close();
        read.close();
        read.close();

        assertThat(survivor.toFloatArray()).containsExactly(1, 2);

        survivor.close();
        assertThatIllegalStateException().isThrownBy(() -> read.tensor("a")).withMessageContaining("is closed")
                .withMessageContaining(file.toString());
    }

    @Test
    void mappedTensorsRefuseToBeWritten() throws IOException {
        Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1, 2}, 2)), Map.of());
        try (Safetensors read = Safetensors.open(file)) {
            Tensor mapped = read.tensor("a");

            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> mapped.fill(0))
                    .withMessageContaining("fill").withMessageContaining("copy() it");
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> mapped.copyFrom(mapped.copy())).withMessageContaining("read-only");
            assertThat(mapped.copy().fill(5).toFloatArray()).containsExactly(5, 5);
        }
    }

    @Test
    void readingTakesNoMemoryOfThePool() throws IOException {
        Safetensors.write(file, Map.of("a", Tensor.zeros(DType.F32, Shape.of(1000))), Map.of());
        long before = scope.backend().memory().liveBytes();
        try (Safetensors read = Safetensors.open(file)) {
            read.tensor("a");

            assertThat(scope.backend().memory().liveBytes()).isEqualTo(before);
        }
    }

    @Test
    void copiesDataThatAreNotAlignedToTheirElements() throws IOException {
        raw(ONE + " ", new byte[24]);
        assertThat((8 + ONE.length() + 1) % 4).isNotZero();

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.tensor("a").toFloatArray()).containsExactly(0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void opensFourGigabytesInWellUnderASecond() throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1073741824],\"data_offsets\":[0,4294967296]}}";
        raw(header, new byte[0]);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8 + header.length() + 4294967296L);
        }
        long start = System.nanoTime();

        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.tensor("a").shape().numel()).isEqualTo(1L << 30);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void namesTheNearestKeyOfAMissingOne() throws IOException {
        Safetensors.write(file,
                Map.of("blocks.0.weight", Tensor.of(new float[] {1}, 1), "x", Tensor.of(new float[1], 1)),
                Map.of());
        try (Safetensors read = Safetensors.open(file)) {
            assertThatIllegalArgumentException().isThrownBy(() -> read.tensor("blocks.0.wieght"))
                    .withMessage("safetensors " + file + ": no tensor 'blocks.0.wieght' among 2;"
                            + " the nearest is 'blocks.0.weight'");
        }
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{D:"F32",S:[2,3],O:[0,20]}} | tensor 'a': data_offsets hold 20 bytes but F32 (2, 3) takes 24
            {"a":{D:"F32",S:[2,3],O:[8,32]}} | tensor 'a': data ends at byte 32 but the file holds 24 bytes of data;
            {"a":{D:"F32",S:[1,3],O:[4,16]}} | tensor 'a': data starts at byte 4, expected 0 where the start ends
            {"a":{D:"F32",S:[4],O:[0,16]},"b":{D:"F32",S:[4],O:[8,24]}} | 'b': data starts at byte 8, expected 16
            {"a":{D:"F32",S:[1],O:[0,4]}} | tensors take 4 bytes but the file holds 24
            {"a":{D:"F32",S:[2,3],O:[24,0]}} | data_offsets [24, 0] are not [begin, end]
            {"a":{D:"F32",S:[2,3],O:[0,12,24]}} | data_offsets [0, 12, 24] are not [begin, end]
            {"a":{D:"F8_E4M3",S:[24],O:[0,24]}} | dtype F8_E4M3 is not supported, expected one of [F64, F32, BF16
            {"a":{D:7,S:[24],O:[0,24]}} | dtype 7 is not supported
            {"a":{D:"F32",S:[-2,-3],O:[0,24]}} | shape [-2, -3] are not integers of at least 0
            {"a":{D:"F32",S:[2.0,3],O:[0,24]}} | shape [2.0, 3] are not integers
            {"a":{D:"F32",S:[4294967296,4294967296],O:[0,24]}} | shape [4294967296, 4294967296] is larger than any file
            {"a":{D:"F32",S:[4611686018427387904],O:[0,24]}} | is larger than any file
            {"a":{D:"F32",S:[99999999999999999999],O:[0,24]}} | integer 99999999999999999999 does not fit 64 bits
            {"a":{D:"F32",S:[2,3]}} | has not exactly the fields dtype, shape and data_offsets
            {"a":{D:"F32",S:[2,3],O:[0,24],"x":1}} | has not exactly the fields
            {"a":[1]} | has not exactly the fields
            {"a":{D:"F32",S:6,O:[0,24]}} | shape is not a list
            {"a":{D:"F32",S:[6],O:[0,24]},"a":{D:"F32",S:[6],O:[0,24]}} | key 'a' appears twice
            {"__metadata__":{"n":1}} | __metadata__ entry 'n' is not a string
            {"__metadata__":[]} | __metadata__ is not an object of strings
            [] | header is not a JSON object
            {"a":  | header is not valid JSON at byte
            """)
    void refusesLyingHeaders(String header, String message) throws IOException {
        raw(header.replace("D:", "\"dtype\":").replace("S:", "\"shape\":").replace("O:", "\"data_offsets\":"),
                new byte[24]);

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Safetensors.open(file))
                .withMessageStartingWith("safetensors " + file + ": ").withMessageContaining(message);
    }

    @Test
    void refusesTruncatedFilesAtEveryByte() throws IOException {
        raw(ONE, new byte[24]);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));

            assertThatExceptionOfType(CheckpointException.class).as("first %d bytes", length)
                    .isThrownBy(() -> Safetensors.open(file)).withMessageContaining(file.toString())
                    .withMessageContaining("truncated");
        }
    }

    @Test
    void refusesHeaderLengthsThatCannotBe() throws IOException {
        for (long length : new long[] {0, 1, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            Files.write(file, ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());

            assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Safetensors.open(file))
                    .withMessageContaining("header length is " + Long.toUnsignedString(length));
        }
    }

    @Test
    void refusesDeepNestingAndBadText() throws IOException {
        raw("{\"a\":" + "[".repeat(100_000), new byte[0]);
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Safetensors.open(file))
                .withMessageContaining("nests deeper");

        byte[] invalid = {8, 0, 0, 0, 0, 0, 0, 0, '{', '"', (byte) 0xFF, '"', ':', '1', '}', ' '};
        Files.write(file, invalid);
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Safetensors.open(file))
                .withMessageContaining("not UTF-8");
    }

    @Test
    void refusesMissingFilesAndFolders() {
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Safetensors.open(folder.resolve("no")))
                .withMessageContaining("no such file");
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Safetensors.open(folder))
                .withMessageContaining("is not a regular file");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
        byte[] old = Files.readAllBytes(file);
        Tensor closed = Tensor.of(new float[] {2}, 1);
        closed.close();

        assertThatExceptionOfType(ClosedTensorException.class)
                .isThrownBy(() -> Safetensors.write(file, Map.of("a", closed), Map.of()));
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(
                () -> Safetensors.write(file.resolve("model.safetensors"), Map.of(), Map.of()))
                .withMessageContaining("writable folder").withMessageContaining("model.safetensors");

        assertThat(Files.readAllBytes(file)).isEqualTo(old);
        try (var files = Files.list(folder)) {
            assertThat(files.toList()).isEqualTo(List.of(file));
        }
    }

    @Test
    void writesBehindLinksAndReplacesNothingButFiles() throws IOException {
        Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path other = Files.createDirectory(folder.resolve("other"));

        Safetensors.write(link, Map.of("a", Tensor.of(new float[] {2}, 1)), Map.of());
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Safetensors.write(other, Map.of(), Map.of()))
                .withMessage("safetensors " + other + ": is there already and not a regular file; give the path of a"
                        + " file");

        assertThat(link).isSymbolicLink();
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.tensor("a").item()).isEqualTo(2);
        }
    }

    @Test
    void replacesAFileThatIsStillMapped() throws IOException {
        Safetensors.write(file, Map.of("a", Tensor.of(new float[] {1, 2}, 2)), Map.of());
        try (Safetensors read = Safetensors.open(file)) {
            Tensor old = read.tensor("a");

            Safetensors.write(file, Map.of("a", old.mul(10)), Map.of());

            assertThat(old.toFloatArray()).containsExactly(1, 2);
        }
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.tensor("a").toFloatArray()).containsExactly(10, 20);
        }
    }

    private void raw(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(text.length).put(text).put(data).array());
    }
}
