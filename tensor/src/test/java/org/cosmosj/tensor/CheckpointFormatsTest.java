package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFormatsTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    Path folder;

    private Scope scope;

    @BeforeEach
    void openScope() {
        scope = Scope.open(Device.cpu(), "formats");
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void readsShardedSafetensorsByFolderOrIndex() throws IOException {
        for (String path : new String[] {"sharded", "sharded/" + INDEX}) {
            try (Checkpoint file = Checkpoint.open(CheckpointFiles.resource(path))) {
                assertThat(file).isInstanceOf(ShardedSafetensors.class);
                assertThat(file.keys()).hasSize(13);
                CheckpointFiles.assertHolds(file, "expected.safetensors", UnaryOperator.identity());
            }
        }
    }

    @Test
    void refusesAnIndexThatLies() throws IOException {
        copy("sharded");
        Path index = folder.resolve(INDEX);
        String text = Files.readString(index);

        refused(text.replace("\"f16\"", "\"f17\""), "tensor 'f17' is not in model-00001-of-00002.safetensors");
        refused(text.replace("00002-of-00002", "00003-of-00002"), "no such file");
        refused(text.replace("model-00002-of-00002", "../model"), "is not the name of a file beside the index");
        refused(text.replaceFirst("\"f16\": [^,]*,", ""), "tensor 'f16' of model-00001-of-00002.safetensors is not in");
        refused("[1]", "has no object weight_map");
        refused("{", "is not valid JSON at byte 1: ends too early");
    }

    @Test
    void refusesTwoShardsThatHoldOneTensor() throws IOException {
        Safetensors.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
        Safetensors.write(folder.resolve("2.safetensors"), Map.of("a", Tensor.of(new float[] {2}, 1), "b",
                Tensor.of(new float[] {3}, 1)), Map.of());

        refused("{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}",
                "at byte 43: tensor 'a' of 2.safetensors is not in the index");
    }

    @Test
    void refusesPicklesBeforeProtocolTwoAsWhatTheyAre() throws IOException {
        Path old = Files.writeString(folder.resolve("old.pkl"), "cposix\nsystem\n(S'touch executed'\ntR.");

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(old))
                .withMessageContaining("old.pkl: at byte 0: opcode GLOBAL: class posix.system is not allowed");
    }

    private void refused(String index, String message) throws IOException {
        Files.writeString(folder.resolve(INDEX), index);

        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining(folder.toString()).withMessageContaining(message);
    }

    @Test
    void joinsThePiecesOfDistributedCheckpoints() throws IOException {
        copy("dcp");
        for (Path path : new Path[] {folder, folder.resolve(".metadata")}) {
            try (Checkpoint file = Checkpoint.open(path)) {
                assertThat(file).isInstanceOf(DistributedCheckpoint.class);
                assertThat(file.keys()).containsExactlyInAnyOrder("net.rows", "net.columns", "net.same", "net.counter");
                assertThat(file.others()).containsOnlyKeys("net.norm._extra_state");
                CheckpointFiles.assertHolds(file, "dcp_expected.safetensors", UnaryOperator.identity());
            }
        }
    }

    @Test
    void readsDistributedCheckpointsOfOneProcess() throws IOException {
        copy("dcp_single");
        try (Checkpoint file = Checkpoint.open(folder)) {
            assertThat(file.tensor("net.rows").toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(file.others()).hasSize(1);
        }
    }

    @Test
    void refusesDistributedCheckpointsWithoutAllFiles() throws IOException {
        copy("dcp");
        Files.delete(folder.resolve("__1_0.distcp"));
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining("__1_0.distcp: no such file");

        Files.write(folder.resolve("__1_0.distcp"), new byte[100]);
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining("outside of their files");
    }

    @Test
    void namesFoldersAndFilesThatAreNoCheckpoints() throws IOException {
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(folder))
                .withMessageContaining("holds neither .metadata nor *.index.json");
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(folder.resolve("no")))
                .withMessageContaining("no such file or folder");
        Path text = Files.writeString(folder.resolve("text.pt"), "not a checkpoint at all");
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Checkpoint.open(text))
                .withMessageContaining("this is not a safetensors file");
    }

    private void copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(CheckpointFiles.resource(name))) {
            for (Path file : files.toList()) {
                // Build tools leave files of the real name .metadata out of the test classes.
                Files.copy(file, folder.resolve(file.getFileName().toString().replaceFirst("^metadata$", ".metadata")));
            }
        }
    }
}
