package org.cosmosj.policy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.image.ImageFormatException;
import org.cosmosj.policy.image.JpegCodec;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavedObservationTest {
    @TempDir
    private Path folder;

    private Path folder(String json) throws IOException {
        Files.writeString(folder.resolve("observation.json"), json);
        return folder;
    }

    private static RgbImage noise(int height, int width) {
        byte[] rgb = new byte[height * width * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (31 * i);
        }
        return new RgbImage(height, width, rgb);
    }

    @Test
    void readsPngAndJpegBesideTheText() throws IOException {
        PictureFile.write(folder.resolve("a.png"), noise(5, 7));
        byte[] jpeg = JpegCodec.encode(noise(16, 8), 95);
        Files.write(folder.resolve("b.jpg"), jpeg);

        SavedObservation saved = SavedObservation.read(folder("{\"task_description\": \"go\", \"proprio\": [1, -0.5],"
                + " \"wrist_image\": \"a.png\", \"primary_image\": \"b.jpg\"}"));

        assertThat(saved.instruction()).contains("go");
        assertThat(saved.observation().proprio()).containsExactly(1, -0.5);
        Map<Camera, RgbImage> images = saved.observation().images();
        assertThat(images).containsOnlyKeys(Camera.WRIST, Camera.PRIMARY);
        assertThat(images.get(Camera.WRIST).rgb()).isEqualTo(noise(5, 7).rgb());
        assertThat(images.get(Camera.WRIST).width()).isEqualTo(7);
        assertThat(images.get(Camera.PRIMARY).rgb()).isEqualTo(JpegCodec.decode(jpeg, "test").rgb());
    }

    @Test
    void knowsTheCamerasOfAllSuites() throws IOException {
        PictureFile.write(folder.resolve("a.png"), noise(2, 2));

        SavedObservation saved = SavedObservation.read(folder("{\"proprio\": [1], \"left_wrist_image\": \"a.png\","
                + " \"right_wrist_image\": \"a.png\", \"secondary_image\": \"a.png\"}"));

        assertThat(saved.instruction()).isEmpty();
        assertThat(saved.observation().images()).containsOnlyKeys(Camera.WRIST, Camera.WRIST2, Camera.SECONDARY);
    }

    /** Written by NumPy: a dict of two uint8 pictures and float64 proprio. */
    @ParameterizedTest
    @ValueSource(strings = {"observation_protocol4.pkl", "observation_protocol5.pkl", "observation_numpy1.pkl"})
    void readsThePickledDictOfTheReference(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = SavedObservationTest.class.getResourceAsStream(name)) {
            Files.write(file, in.readAllBytes());
        }

        SavedObservation saved = SavedObservation.read(file);

        assertThat(saved.observation().proprio()).containsExactly(0.1, -0.2, 0.3, 2.0, 0.5);
        assertThat(saved.observation().images()).containsOnlyKeys(Camera.WRIST, Camera.PRIMARY);
        RgbImage primary = saved.observation().images().get(Camera.PRIMARY);
        assertThat(new int[] {primary.height(), primary.width()}).containsExactly(6, 5);
        assertThat(new int[] {primary.at(0, 0, 0), primary.at(0, 0, 1), primary.at(0, 0, 2)})
                .containsExactly(106, 152, 249);
        RgbImage wrist = saved.observation().images().get(Camera.WRIST);
        assertThat(new int[] {wrist.at(3, 6, 0), wrist.at(3, 6, 1), wrist.at(3, 6, 2)})
                .containsExactly(135, 185, 225);
    }

    @Test
    void executesNothingThatAPickleAsksFor() throws IOException {
        Path proof = folder.resolve("executed");
        Path file = folder.resolve("evil.pkl");
        Files.writeString(file, "cposix\nsystem\n(S'touch " + proof + "'\ntR.", StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> SavedObservation.read(file)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("evil.pkl").hasMessageContaining("posix");
        assertThat(proof).doesNotExist();
    }

    @Test
    void namesTheFileAndWhatWasExpected() throws IOException {
        Path bad = folder("{\"proprio\": [1], \"wrist_image\": \"a.png\"}");
        assertThatThrownBy(() -> SavedObservation.read(bad)).hasMessageContaining("a.png: no such file");
        Files.writeString(folder.resolve("a.png"), "no picture");
        assertThatThrownBy(() -> SavedObservation.read(bad)).isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("a.png: is no readable PNG or JPEG");
        Path odd = folder("{\"proprio\": [1], \"sound\": \"a.png\"}");
        assertThatThrownBy(() -> SavedObservation.read(odd)).hasMessageContaining("'sound' is no camera's picture");
    }
}
