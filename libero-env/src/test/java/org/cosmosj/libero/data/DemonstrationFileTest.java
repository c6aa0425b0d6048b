package org.cosmosj.libero.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.render.Picture;
import org.cosmosj.libero.render.PictureFiles;
import org.cosmosj.libero.tabletop.TabletopSettings;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.tensor.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemonstrationFileTest {

    private static final TabletopTask TASK = TabletopTask.BLOCK_IN_BASKET;

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        List<Demonstration> written = DemonstrationCollector.ofExpert(TASK, TabletopSettings.withImages(16))
                .collect(DemonstrationCollector.Plan.recipe(3, 17), 1, done -> {});
        List<Demonstration> read = DemonstrationFile.read(write(written));

        assertThat(read).hasSameSizeAs(written);
        for (int i = 0; i < written.size(); i++) {
            assertSame(read.get(i), written.get(i));
        }
    }

    @Test
    void groupsOfManyLeavesAreReadInOrderOfTheirNumbers() {
        List<Demonstration> written = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            written.add(tiny(i, 1 + i % 3));
        }
        List<Demonstration> read = DemonstrationFile.read(write(written));

        assertThat(read).extracting(each -> each.episode().episode())
                .containsExactlyElementsOf(written.stream().map(each -> each.episode().episode()).toList());
        assertSame(read.get(149), written.get(149));
    }

    @Test
    void sameDemonstrationsSameBytes() throws IOException {
        byte[] first = Files.readAllBytes(write(List.of(tiny(0, 2))));
        byte[] second = Files.readAllBytes(write(List.of(tiny(0, 2))));

        assertThat(first).isEqualTo(second);
        assertThat(Arrays.copyOf(first, 8)).containsExactly(0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n');
    }

    @Test
    void readsJpegPicturesAndFlipsBottomUpOnes() {
        byte[] rgb = new byte[16 * 16 * 3];
        Arrays.fill(rgb, 0, rgb.length / 2, (byte) 255);
        Picture topWhite = new Picture(16, 16, rgb);
        Path jpeg = foreign("libero", topWhite, "opencv", true);
        Path bottomUp = foreign("raw", topWhite, "opengl", false);

        byte[] fromJpeg = DemonstrationFile.read(jpeg).getFirst().agentviewImages()[0];
        byte[] flipped = DemonstrationFile.read(bottomUp).getFirst().agentviewImages()[0];

        assertThat(fromJpeg[0] & 255).isGreaterThan(250);
        assertThat(fromJpeg[rgb.length - 1] & 255).isLessThan(5);
        assertThat(flipped).isEqualTo(topWhite.flippedVertically().rgb());
        assertThat(DemonstrationFile.read(jpeg).getFirst().episode())
                .isEqualTo(new EpisodeId("libero", TASK.name(), 4, 0));
    }

    @Test
    void saysWhichFileIsTruncatedAndWhatToDo() throws IOException {
        Path file = write(List.of(tiny(0, 2), tiny(1, 2)));
        byte[] all = Files.readAllBytes(file);

        for (int length : new int[] {all.length - 1, all.length / 2, 200, 20, 0}) {
            Files.write(file, Arrays.copyOf(all, length));
            assertThatThrownBy(() -> DemonstrationFile.read(file)).as("%d bytes", length)
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining(file.toString())
                    .hasMessageContaining(length < 48 ? "is not an HDF5 file" : "is truncated: " + length + " bytes of")
                    .hasMessageContaining("expected a LIBERO demonstration file (HDF5); copy it again");
        }
    }

    @Test
    void everyDamagedByteGivesOneClearErrorOrReadableData() throws IOException {
        Path file = write(List.of(tiny(0, 1)));
        byte[] all = Files.readAllBytes(file);
        for (int at = 8; at < all.length; at += 1013) {
            byte[] damaged = all.clone();
            damaged[at] ^= 0x55;
            Files.write(file, damaged);
            try {
                DemonstrationFile.read(file);
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("expected a LIBERO");
            }
        }
    }

    @Test
    void saysHowToRewriteAFileOfANewerFormat() throws IOException {
        Path file = write(List.of(tiny(0, 1)));
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        String layout = "\b\0\30\0\0\0\0\0";     // a data layout message of 24 bytes; its version follows
        Files.writeString(file, text.replace(layout + "\3", layout + "\5"), StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> DemonstrationFile.read(file)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("Detected version = 5")
                .hasMessageContaining("write it in the earliest format");
    }

    /** LIBERO's layout, dataset by dataset, by the library alone and not by the reader here. */
    @Test
    void everyDatasetHasLiberosNameTypeAndShape() {
        List<Demonstration> written = DemonstrationCollector.ofExpert(TASK, TabletopSettings.withImages(16))
                .collect(DemonstrationCollector.Plan.recipe(2, 17), 1, done -> {});
        try (HdfFile hdf = new HdfFile(write(written))) {
            Group data = (Group) hdf.getChild("data");
            assertThat(data.getAttributes()).containsOnlyKeys("env_name", "problem_info", "macros_image_convention",
                    "bddl_file_name", "bddl_file_content", "env_args", "num_demos", "total");
            assertThat(data.getAttribute("num_demos").getData()).isEqualTo(2L);
            assertThat(data.getAttribute("total").getData())
                    .isEqualTo((long) written.get(0).length() + written.get(1).length());
            assertThat(data.getAttribute("bddl_file_content").getData()).isEqualTo(TASK.bddl());
            Group demo = (Group) data.getChild("demo_1");
            Demonstration source = written.get(1);
            int n = source.length();
            assertThat(demo.getAttribute("num_samples").getData()).isEqualTo((long) n);
            assertThat(demo.getChildren()).containsOnlyKeys("actions", "dones", "obs", "rewards", "robot_states",
                    "states");
            assertLayout(demo, "actions", double.class, n, 7);
            assertLayout(demo, "states", double.class, n, 10);
            assertLayout(demo, "robot_states", double.class, n, 9);
            assertLayout(demo, "rewards", int.class, n);    // unsigned bytes, widened by the library
            assertLayout(demo, "dones", int.class, n);
            Group obs = (Group) demo.getChild("obs");
            assertThat(obs.getChildren()).hasSize(7);
            assertLayout(obs, "agentview_rgb", int.class, n, 16, 16, 3);
            assertLayout(obs, "eye_in_hand_rgb", int.class, n, 16, 16, 3);
            assertLayout(obs, "gripper_states", double.class, n, 2);
            assertLayout(obs, "joint_states", double.class, n, 7);
            double[][] position = (double[][]) assertLayout(obs, "ee_pos", double.class, n, 3).getData();
            double[][] orientation = (double[][]) assertLayout(obs, "ee_ori", double.class, n, 3).getData();
            double[][] both = (double[][]) assertLayout(obs, "ee_states", double.class, n, 6).getData();
            int[] dones = (int[]) ((Dataset) demo.getChild("dones")).getData();
            for (int i = 0; i < n; i++) {
                assertThat(position[i]).isEqualTo(Arrays.copyOfRange(source.proprio()[i], 2, 5));
                assertThat(orientation[i]).as("the hand points down").containsExactly(Math.PI, 0, 0);
                assertThat(both[i]).isEqualTo(new double[] {position[i][0], position[i][1], position[i][2],
                    orientation[i][0], orientation[i][1], orientation[i][2]});
                assertThat(dones[i]).isEqualTo(i == n - 1 ? 1 : 0);
            }
        }
    }

    private static Dataset assertLayout(Group group, String name, Class<?> type, int... shape) {
        Dataset dataset = (Dataset) group.getChild(name);
        assertThat(dataset.getDimensions()).as(name).isEqualTo(shape);
        assertThat(dataset.getJavaType()).as(name).isEqualTo(type);
        return dataset;
    }

    @Test
    void namesWhatIsMissing() {
        Path file = folder.resolve(DemonstrationFile.name("empty"));
        Hdf5Node.Group root = new Hdf5Node.Group();
        root.group("data").group("demo_0").doubles("actions", new double[1][7]);
        AtomicFile.write(file, channel -> Hdf5Writer.write(channel, root));

        assertThatThrownBy(() -> DemonstrationFile.read(file))
                .hasMessageContaining("has no dataset robot_states in /data/demo_0/");
        assertThatThrownBy(() -> DemonstrationFile.read(folder.resolve("none_demo.hdf5")))
                .hasMessageContaining("none_demo.hdf5: does not exist");
        assertThatThrownBy(() -> DemonstrationFile.write(folder.resolve("a.hdf5"), TASK.problem(), "", List.of()))
                .hasMessageContaining("expected a name that ends with _demo.hdf5");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAlone() throws IOException {
        Path file = write(List.of(tiny(0, 1)));
        byte[] before = Files.readAllBytes(file);
        Hdf5Node.Group broken = new Hdf5Node.Group();
        broken.children.put("late", new Hdf5Node.Dataset(Hdf5Type.U8, new long[] {2}, index -> {
            if (index == 1) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
            return new byte[1];
        }));

        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
            Hdf5Writer.write(channel, broken);
        })).hasMessageContaining("No space left");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private Path write(List<Demonstration> demonstrations) {
        Path file = folder.resolve("tabletop").resolve(DemonstrationFile.name(TASK.name()));
        DemonstrationFile.write(file, TASK.problem(), TASK.bddl(), demonstrations);
        return file;
    }

    /** A file as others write it: no own attributes, a demonstration number that is not its index. */
    private Path foreign(String suite, Picture picture, String convention, boolean jpeg) {
        Hdf5Node.Group root = new Hdf5Node.Group();
        Hdf5Node.Group data = root.group("data").attribute("macros_image_convention", convention);
        Hdf5Node.Group demo = data.group("demo_4").doubles("actions", new double[1][7])
                .doubles("robot_states", new double[1][9]).bytes("dones", List.of(new byte[] {1}));
        Hdf5Node.Group obs = demo.group("obs").doubles("joint_states", new double[1][7]);
        for (String camera : List.of("agentview_rgb", "eye_in_hand_rgb")) {
            if (jpeg) {
                obs.variableBytes(camera + "_jpeg", List.of(PictureFiles.jpeg(picture, 0.95f)));
            } else {
                obs.bytes(camera, List.of(picture.rgb()), picture.height(), picture.width(), 3);
            }
        }
        Path file = folder.resolve(suite).resolve(DemonstrationFile.name(TASK.name()));
        AtomicFile.write(file, channel -> Hdf5Writer.write(channel, root));
        return file;
    }

    private static Demonstration tiny(int episode, int steps) {
        byte[][] pictures = new byte[steps][2 * 2 * 3];
        double[][] proprio = new double[steps][9];
        double[][] actions = new double[steps][7];
        for (int i = 0; i < steps; i++) {
            Arrays.fill(pictures[i], (byte) (episode + 100 + i));
            proprio[i][8] = episode + 0.1 * i;
            proprio[i][5] = 1;
            actions[i][6] = -episode;
        }
        return new Demonstration(new EpisodeId(TabletopTask.SUITE, TASK.name(), episode, 5), TASK.instruction(), 2, 2,
                pictures, pictures, proprio, new double[steps][7], actions, episode % 2 == 0);
    }

    private static void assertSame(Demonstration a, Demonstration b) {
        assertThat(a.episode()).isEqualTo(b.episode());
        assertThat(a.instruction()).isEqualTo(b.instruction());
        assertThat(a.success()).isEqualTo(b.success());
        assertThat(a.imageHeight()).isEqualTo(b.imageHeight());
        assertThat(a.imageWidth()).isEqualTo(b.imageWidth());
        assertThat(a.agentviewImages()).isDeepEqualTo(b.agentviewImages());
        assertThat(a.wristImages()).isDeepEqualTo(b.wristImages());
        assertThat(a.proprio()).isDeepEqualTo(b.proprio());
        assertThat(a.jointPositions()).isDeepEqualTo(b.jointPositions());
        assertThat(a.actions()).isDeepEqualTo(b.actions());
    }
}
