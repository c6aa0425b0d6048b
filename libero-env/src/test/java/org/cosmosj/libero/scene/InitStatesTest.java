package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitStatesTest {

    private static final int TINY_WIDTH = 1 + 2 * (7 + 2) + 3 * 13 + 2 * 3;

    @TempDir
    private Path folder;

    /** The pickle that NumPy writes at protocol 2: bytes are a latin-1 string, here as UTF-8. */
    private static byte[] pickle(int rows, int columns, double... values) {
        return pickle("f8", rows, columns, values);
    }

    private static byte[] pickle(String type, int rows, int columns, double... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double each : values) {
            data.putDouble(each);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text(out, "\u0080\u0002cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\u0000\u0085c_codecs\nencode\n");
        string(out, "b");
        string(out, "latin1");
        text(out, "\u0086R\u0087R(K\u0001");
        text(out, "K" + (char) rows + "K" + (char) columns + "\u0086cnumpy\ndtype\n");
        string(out, type);
        text(out, "K\u0000K\u0001\u0087R(K\u0003");
        string(out, "<");
        text(out, "NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb\u0089c_codecs\nencode\n");
        string(out, new String(data.array(), StandardCharsets.ISO_8859_1));
        string(out, "latin1");
        text(out, "\u0086Rtb.");
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String latin1) {
        out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void string(ByteArrayOutputStream out, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
        out.writeBytes(utf8);
    }

    private Path file(String entry, byte[] pickle) {
        Path file = folder.resolve("init_files/own/a_task.pruned_init");
        try {
            Files.createDirectories(file.getParent());
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(pickle);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readsTheRowsOfAnArray() {
        double[][] states = InitStates.read(file("archive/data.pkl", pickle(2, 3, 0, -1.5, 0.1, 1, 2, 1e-300)));

        assertThat(states).isDeepEqualTo(new double[][] {{0, -1.5, 0.1}, {1, 2, 1e-300}});
    }

    @Test
    void refusesStatesOfAnotherTask() {
        LiberoScene scene = TinyParts.in(folder).scene("", "(On akita_black_bowl_1 plate_1)");
        file("archive/data.pkl", pickle(1, TINY_WIDTH, new double[TINY_WIDTH]));
        assertThat(scene.initStates()).hasDimensions(1, TINY_WIDTH);

        file("archive/data.pkl", pickle(1, TINY_WIDTH - 13, new double[TINY_WIDTH - 13]));
        assertThatThrownBy(scene::initStates).isInstanceOf(SceneException.class).hasMessageContaining(
                "a_task.pruned_init: holds states of " + (TINY_WIDTH - 13) + " numbers, but own/a_task has states of "
                        + TINY_WIDTH + "; the file belongs to another task");
    }

    @Test
    void executesNothing() {
        byte[] evil = "\u0080\u0002cos\nsystem\nX\u0004\u0000\u0000\u0000exit\u0085R."
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> InitStates.read(file("archive/data.pkl", evil))).isInstanceOf(SceneException.class)
                .hasMessageContaining("os.system");
    }

    @Test
    void namesFileAndCureOfWhatIsNotAnInitFile() throws IOException {
        assertThatThrownBy(() -> InitStates.read(folder.resolve("no.pruned_init")))
                .hasMessageContaining("no.pruned_init: no such file; expected a .pruned_init file; get LIBERO");
        assertThatThrownBy(() -> InitStates.read(Files.writeString(folder.resolve("text"), "not a zip")))
                .isInstanceOf(SceneException.class).hasMessageContaining("text: is damaged or no archive");
        assertThatThrownBy(() -> InitStates.read(file("other/data.pkl", new byte[0])))
                .hasMessageContaining("is an archive without archive/data.pkl");
        assertThatThrownBy(() -> InitStates.read(file("archive/data.pkl", "\u0080\u0002K\u0001."
                .getBytes(StandardCharsets.ISO_8859_1)))).hasMessageContaining("holds no array");
        assertThatThrownBy(() -> InitStates.read(file("archive/data.pkl", pickle("f4", 1, 4, 0, 1))))
                .hasMessageContaining("holds float32 (1, 4), expected float64 (starts, width)");
        assertThatThrownBy(() -> InitStates.read(file("archive/data.pkl", pickle(1, 2, 0, Double.NaN))))
                .hasMessageContaining("start 0 holds NaN at 1");
        assertThatThrownBy(() -> InitStates.read(file("archive/data.pkl", pickle(1, 3, 0, 1))))
                .isInstanceOf(SceneException.class).hasMessageContaining("16 bytes do not fill float64");
    }
}
