package org.cosmosj.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.TensorSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fixture's configuration says decides, and is compared where it holds the reference's own results. */
class ImagePreprocessCheckTest {
    private static final Fixture.Siblings NONE = new Fixture.Siblings() {
        @Override
        public TensorSource open(String name) {
            throw new AssertionError("pictures need no other file, not " + name);
        }

        @Override
        public Path path(String name) {
            throw new AssertionError("pictures need no other file, not " + name);
        }

        @Override
        public void close() {}
    };

    @TempDir
    private Path folder;

    @Test
    void comparesTheResultsThatStandInTheConfiguration() throws IOException {
        assertThat(failures("image_preprocess", "8, 6, 213, 213", "8, 6, 212, 212"))
                .containsExactly("RandomResizedCrop.get_params(224): the reference drew [8, 6, 212, 212], expected a "
                        + "square of 213 from row and column 0 to 11");
        assertThat(failures("image_preprocess", "\"adjusted_demo_count\": 8000", "\"adjusted_demo_count\": 8001"))
                .singleElement().asString().startsWith("epoch_structure: actual EpochStructure[demos=8000, ");
    }

    @Test
    void followsTheConfiguration() throws IOException {
        assertThat(failures("image_preprocess_small", "\"jpeg_quality\": 80", "\"jpeg_quality\": 40"))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("center_crop_resize_of_resized_from_jpeg", "jpeg80", "prepared_with_jpeg",
                        "resized_from_jpeg");
        assertThat(failures("image_preprocess_small", "\"angle\": -4.4375", "\"angle\": 4.4375"))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("aug.2_rotate", "aug.3_brightness", "aug.4_contrast", "aug.5_saturation",
                        "aug.6_hue");
    }

    private List<String> failures(String golden, String in, String out) throws IOException {
        Path file = folder.resolve(golden + ".safetensors");
        if (!file.toFile().exists()) {
            GoldenFiles.copy(folder, golden);
        }
        try (Safetensors open = Safetensors.open(file); Scope _ = Scope.open(Device.cpu(), golden)) {
            Map<String, String> metadata = new HashMap<>(open.metadata());
            assertThat(metadata.get("config")).contains(in);
            metadata.computeIfPresent("config", (_, config) -> config.replace(in, out));
            return FixtureChecks.verify(new Fixture(open, metadata, NONE)).failures();
        }
    }
}
