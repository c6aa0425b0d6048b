package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.cosmosj.tensor.pickle.Pickle;
import org.cosmosj.tensor.pickle.PickleTypes;
import org.cosmosj.testing.MutationCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointMutationsTest {
    private static final int COUNT = 10_000;
    private static final String BYTE = "at byte \\d+";
    /** Values of a pickle are denser than its opcodes, see PickleBudget; with garbage three times what is kept. */
    private static final int PICKLE_BYTES = 96;
    /** JSON is read as bytes, as text, and once more as strings and lists of a few characters each. */
    private static final int JSON_BYTES = 16;
    /** Opcodes and names that ask for something: marks, containers, calls, large lengths, code. */
    private static final byte[][] PICKLE_TOKENS = tokens("(", ")", "]", "}", "\u0085", "\u0094", "R", "b", "Q", "2",
            "h\0", "q\0", "e", "u", "t", ".", "X\u00ff\u00ff\u00ff\u007f", "\u008e\0\0\0\0\0\0\0\u0080",
            "cos\nsystem\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch.storage\n_load_from_bytes\n",
            "ccollections\nOrderedDict\n", "cnumpy.core.multiarray\n_reconstruct\n", "J\u00ff\u00ff\u00ff\u007f");

    @TempDir
    Path folder;

    @Test
    void safetensors() throws IOException {
        check("safetensors", "expected.safetensors", "t5_cache_expected.safetensors")
                .bytesPerByte(JSON_BYTES)
                .tokens(tokens("{", "[", "\"", "\\u0000", "}", "null", "1e9", "\"F32\"", "\"shape\":", "__metadata__"))
                .refusals(CheckpointException.class, BYTE).run(COUNT, CheckpointMutationsTest::readAll);
    }

    @Test
    void archives() throws IOException {
        check("pt", "zip.pt").refusals(CheckpointException.class, BYTE)
                .tokens(tokens("PK\1\2", "PK\3\4", "PK\5\6", "PK\6\6", "PK\6\7", "\u00ff\u00ff\u00ff\u00ff"))
                .run(COUNT / 2, CheckpointMutationsTest::readTorch);
    }

    /** Damage below the archive: the table of tensors is put back under a valid check sum. */
    @Test
    void tablesOfArchives() throws IOException {
        byte[] table;
        try (ZipFile zip = new ZipFile(CheckpointFiles.resource("zip.pt").toFile())) {
            table = zip.getInputStream(zip.getEntry("zip/data.pkl")).readAllBytes();
        }
        MutationCheck.of("data.pkl.pt", folder).originals(table).bytesPerByte(PICKLE_BYTES).tokens(PICKLE_TOKENS)
                .wrapping(CheckpointMutationsTest::archive)
                .refusals(CheckpointException.class, BYTE)
                .run(COUNT / 2, CheckpointMutationsTest::readTorch);
    }

    @Test
    void streamsAndCachesOfTensors() throws IOException {
        check("pth", "legacy.pth", "t5_cache_2.pkl", "t5_cache_4.pkl").bytesPerByte(PICKLE_BYTES).tokens(PICKLE_TOKENS)
                .refusals(CheckpointException.class, BYTE)
                .run(COUNT, CheckpointMutationsTest::readTorch);
    }

    @Test
    void pickles() throws IOException {
        check("pkl", "observation_2.pkl", "observation_4.pkl", "observation_5.pkl").bytesPerByte(PICKLE_BYTES)
                .tokens(PICKLE_TOKENS).refusals(CheckpointException.class, BYTE).run(COUNT,
                        file -> Pickle.read(file, PickleTypes.NUMPY));
    }

    @Test
    void metadataOfDistributedCheckpoints() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        for (String part : new String[] {"__0_0.distcp", "__1_0.distcp"}) {
            Files.copy(CheckpointFiles.resource("dcp/" + part), parts.resolve(part));
        }
        check("metadata", "dcp/metadata").bytesPerByte(PICKLE_BYTES).tokens(PICKLE_TOKENS)
                .refusals(CheckpointException.class, BYTE + "|distributed checkpoint .*: .*")
                .run(COUNT / 4, file -> readMetadata(file, parts));
    }

    @Test
    void json() throws IOException {
        for (String shard : new String[] {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"}) {
            Files.copy(CheckpointFiles.resource("sharded/" + shard), folder.resolve(shard));
        }
        check("index.json", "sharded/model.safetensors.index.json")
                .bytesPerByte(JSON_BYTES)
                .tokens(tokens("{", "[", "\"", "\\ud800", "}", "]", ",", "null", "1e999", "../", "weight_map"))
                .refusals(CheckpointException.class, BYTE)
                .run(COUNT, CheckpointMutationsTest::readAll);
    }

    private MutationCheck check(String format, String... resources) throws IOException {
        MutationCheck check = MutationCheck.of(format, folder);
        for (String resource : resources) {
            check.originals(Files.readAllBytes(CheckpointFiles.resource(resource)));
        }
        return check;
    }

    private static void readTorch(Path file) throws CheckpointException {
        try (TorchCheckpoint opened = TorchCheckpoint.open(file)) {
            readTensors(opened, file);
        }
    }

    private static void readAll(Path file) throws CheckpointException {
        try (Checkpoint opened = file.toString().endsWith("json")
                ? ShardedSafetensors.open(file)
                : Safetensors.open(file)) {
            readTensors(opened, file);
        }
    }

    /** A message of a piece names the file that it is in. */
    private static void readMetadata(Path file, Path parts) throws IOException {
        Path metadata = parts.resolve(".metadata");
        Files.copy(file, metadata, StandardCopyOption.REPLACE_EXISTING);
        try (DistributedCheckpoint opened = DistributedCheckpoint.open(parts)) {
            readTensors(opened, file);
        } catch (CheckpointException e) {
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining(parts.toString());
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        }
    }

    /** What was accepted can be read, and takes no more memory than the file. */
    private static void readTensors(Checkpoint opened, Path file) throws CheckpointException {
        try (Scope scope = Scope.open(Device.cpu(), "mutations")) {
            long before = scope.backend().memory().liveBytes();
            for (String key : opened.keys()) {
                scope.backend().resetPeak();
                try (Scope _ = Scope.inner("one")) {
                    CheckpointFiles.bits(opened.tensor(key));
                }
                // A strided tensor is made dense beside an unaligned copy of its span.
                assertThat(scope.backend().memory().peakBytes() - before).as(key)
                        .isLessThanOrEqualTo(2 * file.toFile().length() + 4096);
            }
        }
    }

    private static byte[][] tokens(String... texts) {
        return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
    }

    private static byte[] archive(byte[] table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile source = new ZipFile(CheckpointFiles.resource("zip.pt").toFile());
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (ZipEntry old : source.stream().toList()) {
                byte[] data = old.getName().endsWith("/data.pkl") ? table : source.getInputStream(old).readAllBytes();
                ZipEntry entry = new ZipEntry(old.getName());
                CRC32 crc = new CRC32();
                crc.update(data);
                entry.setCrc(crc.getValue());
                entry.setSize(data.length);
                zip.putNextEntry(entry);
                zip.write(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
