package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchWriterTest {
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

    @Test
    void readsBackAllDtypesFromArchivesAndPickles() throws IOException {
        try (Safetensors source = Safetensors.open(CheckpointFiles.resource("expected.safetensors"))) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            source.keys().forEach(key -> tensors.put(key, source.tensor(key)));
            tensors.put("transposed", tensors.get("f32").transpose(0, 1));
            Path archive = folder.resolve("all.pt");
            Path pickle = folder.resolve("all.pkl");

            TorchCheckpoint.write(archive, tensors);
            PickledTensors.write(pickle, tensors);

            for (Path path : List.of(archive, pickle)) {
                try (TorchCheckpoint file = TorchCheckpoint.open(path)) {
                    assertThat(file.keys()).containsExactlyElementsOf(tensors.keySet());
                    CheckpointFiles.assertHolds(file, "expected.safetensors", UnaryOperator.identity());
                    assertThat(file.tensor("transposed").toFloatArray())
                            .isEqualTo(tensors.get("transposed").toFloatArray());
                }
            }
        }
    }

    @Test
    void archivesAreValidForOtherZipReaders() throws IOException {
        Path file = folder.resolve("a.pt");
        TorchCheckpoint.write(file, Map.of("w", Tensor.of(new float[] {1, 2}, 2)));

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("archive/data.pkl",
                    "archive/byteorder", "archive/data/0", "archive/version");
            assertThat(zip.getInputStream(zip.getEntry("archive/data/0")).readAllBytes())
                    .containsExactly(0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40);
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            int entries = 0;
            while (zip.getNextEntry() != null) {
                zip.readAllBytes(); // compares the check sum of the local header, which no directory repeats
                entries++;
            }
            assertThat(entries).isEqualTo(4);
        }
    }

    @Test
    void valuesAreMadeOneAtATime() throws IOException {
        List<TensorSpec> specs = List.of(new TensorSpec("a", DType.F32, Shape.of(1000)),
                new TensorSpec("b", DType.F32, Shape.of(1000)));
        scope.backend().resetPeak();
        long before = scope.backend().memory().liveBytes();

        TorchCheckpoint.write(folder.resolve("a.pt"), specs, spec -> Tensor.full(1, spec.dtype(), spec.shape()));

        assertThat(scope.backend().memory().liveBytes()).isEqualTo(before);
        assertThat(scope.backend().memory().peakBytes() - before).isLessThan(8000);
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> TorchCheckpoint.write(folder.resolve("b.pt"), specs, _ -> Tensor.of(new float[1], 1)))
                .withMessage("write: tensor 'a' is F32 (1), announced as F32 (1000)");
        assertThat(Files.exists(folder.resolve("b.pt"))).isFalse();
    }
}
