package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cosmosj.libero.bddl.BddlException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class SceneAssemblerTest {

    private static final String GOAL = "(On akita_black_bowl_1 plate_1)";

    @TempDir
    private Path folder;
    private TinyParts parts;

    @BeforeEach
    void writeParts() {
        parts = TinyParts.in(folder);
    }

    private Element assembled() {
        return Mjcf.read(parts.write("whole.xml", parts.scene("", GOAL).mjcf()));
    }

    private static Element named(Element root, String tag, String name) {
        return Mjcf.named(root, tag, name).orElseThrow();
    }

    @Test
    void putsThingsInTheOrderOfTheTaskAfterRoomAndRobot() {
        Element world = Mjcf.child(assembled(), "worldbody").orElseThrow();

        assertThat(Mjcf.children(world, "body")).extracting(each -> each.getAttribute("name")).containsExactly("table",
                "robot0_base", "akita_black_bowl_1_main", "akita_black_bowl_2_main", "plate_1_main",
                "wooden_cabinet_1_main", "flat_stove_1_main");
        assertThat(Mjcf.children(world, "camera")).extracting(each -> each.getAttribute("name"))
                .containsExactly("agentview", "frontview", "galleryview");
    }

    @Test
    void namesAndTurnsPartsAsRobosuiteDoes() {
        Element root = assembled();

        assertThat(named(root, "joint", "akita_black_bowl_1_joint0").getAttribute("type")).isEqualTo("free");
        assertThat(Mjcf.descendants(named(root, "body", "wooden_cabinet_1_main"), "geom"))
                .extracting(each -> each.getAttribute("name"))
                .containsExactly("wooden_cabinet_1_g0", "wooden_cabinet_1_g1", "wooden_cabinet_1_g2");
        assertThat(Mjcf.descendants(named(root, "body", "gripper0_hand"), "geom"))
                .extracting(each -> each.getAttribute("name")).containsExactly("gripper0_g0_vis", "gripper0_g0_col");
        assertThat(Mjcf.children(named(root, "body", "robot0_base"), "body"))
                .extracting(each -> each.getAttribute("name")).containsExactly("robot0_link0", "mount0_base");
        assertThat(Mjcf.descendants(root, "position").getFirst().getAttribute("joint"))
                .isEqualTo("gripper0_finger_joint1");
    }

    @Test
    void writesOutClassDefaultsWhereAnElementSaysNothing() {
        Element root = assembled();

        Element first = named(root, "geom", "wooden_cabinet_1_g0");
        assertThat(first.getAttribute("density")).isEqualTo("9");
        assertThat(first.getAttribute("rgba")).isEqualTo("1 0 0 1");
        assertThat(named(root, "geom", "wooden_cabinet_1_g1").getAttribute("density")).isEqualTo("7");
        assertThat(first.hasAttribute("class")).isFalse();
    }

    @Test
    void coloursCollisionShapesOfRoomAndRobotButNotTheFloor() {
        Element root = assembled();

        assertThat(named(root, "geom", "table_collision").getAttribute("rgba")).isEqualTo("0.5 0.5 0 1");
        assertThat(named(root, "geom", "floor").getAttribute("material")).isEqualTo("floorplane");
        assertThat(named(root, "geom", "floor").hasAttribute("rgba")).isFalse();
        assertThat(named(root, "geom", "gripper0_g0_col").getAttribute("rgba")).isEqualTo("0 0 0.5 1");
        assertThat(named(root, "geom", "gripper0_g0_vis").hasAttribute("rgba")).isFalse();
        assertThat(named(root, "geom", "akita_black_bowl_1_g0").hasAttribute("rgba")).isFalse();
    }

    @Test
    void laysTheTableAndDrawsItsRegions() {
        Element root = assembled();

        assertThat(named(root, "body", "table").getAttribute("pos")).isEqualTo("0.0 0.0 0.875");
        assertThat(named(root, "geom", "table_collision").getAttribute("size")).isEqualTo("0.5 0.6 0.025");
        assertThat(named(root, "geom", "table_leg2_visual").getAttribute("pos")).isEqualTo("-0.4 0.5 -0.4375");
        Element zone = named(root, "site", "main_table_bowl_region");
        assertThat(zone.getAttribute("pos")).isEqualTo("0.0 0.2 0.02");
        assertThat(zone.getAttribute("size")).isEqualTo("0.1 0.09999999999999999 0.007");
        assertThat(zone.getAttribute("rgba")).isEqualTo("0.0 0.0 1.0 0.0");
        assertThat(named(root, "texture", "texplane").getAttribute("file"))
                .isEqualTo(folder.resolve("assets/textures/light-gray-floor-tile.png").toAbsolutePath().toString());
    }

    @Test
    void namesAllMissingFilesAtOnceWithTheCure() throws IOException {
        Path plate = folder.resolve("assets/stable_scanned_objects/plate/plate.xml");
        Path wall = folder.resolve("assets/textures/light-gray-plaster.png");
        Path gripper = folder.resolve("robosuite/grippers/panda_gripper.xml");
        for (Path each : List.of(plate, wall, gripper)) {
            Files.delete(each);
        }

        assertThatThrownBy(() -> parts.scene("", GOAL)).isInstanceOf(SceneException.class)
                .hasMessageContaining("a_task.bddl: 3 of the scene's files are missing: ")
                .hasMessageContaining(plate.toString()).hasMessageContaining(wall.toString())
                .hasMessageContaining(gripper.toString()).hasMessageContaining("as --libero")
                .hasMessageContaining("as --robosuite");
    }

    @Test
    void namesTheLineOfADamagedPart() {
        parts.write("assets/stable_scanned_objects/plate/plate.xml", "<mujoco>\n<worldbody></mujoco>");

        assertThatThrownBy(() -> parts.scene("", GOAL)).isInstanceOf(SceneException.class)
                .hasMessageContaining("plate.xml: line 2: ").hasMessageContaining("expected MJCF");
    }

    @Test
    void doesNotFollowEntitiesOfAPart() {
        parts.write("assets/stable_scanned_objects/plate/plate.xml",
                "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><mujoco>&x;</mujoco>");

        assertThatThrownBy(() -> parts.scene("", GOAL)).isInstanceOf(SceneException.class)
                .hasMessageContaining("DOCTYPE");
    }

    @Test
    void refusesCategoriesAndRoomsThatLiberoDoesNotHave() {
        Path task = parts.write("bddl_files/b.bddl",
                TinyParts.bddl("", GOAL).replace("- plate)", "- teapot)"));
        assertThatThrownBy(() -> new LiberoScenes(parts.folders()).scene(task, 1)).isInstanceOf(BddlException.class)
                .hasMessageContaining("b.bddl: plate_1 is of the category \"teapot\", which LIBERO does not have");

        Path room = parts.write("bddl_files/c.bddl", TinyParts.bddl("", GOAL).replace("Tabletop", "Bathroom"));
        assertThatThrownBy(() -> new LiberoScenes(parts.folders()).scene(room, 1)).isInstanceOf(BddlException.class)
                .hasMessageContaining("problem class \"libero_bathroom_manipulation\" is unknown");
    }

    @Test
    void findsFoldersAndSaysWhatAWrongOneLacks() throws IOException {
        Path checkout = folder.resolve("LIBERO");
        Files.createDirectories(checkout.resolve("libero/libero/bddl_files"));
        assertThat(LiberoFolders.findLibero(checkout)).isEqualTo(checkout.resolve("libero/libero"));
        assertThat(LiberoFolders.findLibero(checkout.resolve("libero/libero")))
                .isEqualTo(checkout.resolve("libero/libero"));
        assertThat(LiberoFolders.findRobosuite(folder.resolve("robosuite"), folder))
                .isEqualTo(folder.resolve("robosuite"));

        assertThatThrownBy(() -> LiberoFolders.findLibero(folder.resolve("robosuite")))
                .isInstanceOf(SceneException.class).hasMessageContaining("holds no bddl_files")
                .hasMessageContaining("git clone https://github.com/Lifelong-Robot-Learning/LIBERO");
        assertThatThrownBy(() -> LiberoFolders.findRobosuite(folder.resolve("nowhere"), folder))
                .hasMessageContaining("nowhere: is neither a folder nor a wheel")
                .hasMessageContaining("pip download --no-deps robosuite==1.4.1");
    }

    @Test
    void unpacksAWheelOnce() throws IOException {
        Path wheel = folder.resolve("robosuite-1.4.1-py3-none-any.whl");
        try (OutputStream file = Files.newOutputStream(wheel); ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String each : List.of("base.xml", "robots/panda/robot.xml")) {
                zip.putNextEntry(new ZipEntry("robosuite/models/assets/" + each));
                zip.write(Files.readAllBytes(folder.resolve("robosuite").resolve(each)));
            }
            zip.putNextEntry(new ZipEntry("robosuite/__init__.py"));
        }

        Path unpacked = LiberoFolders.findRobosuite(wheel, folder.resolve("cache"));

        assertThat(unpacked.resolve("base.xml")).hasSameTextualContentAs(folder.resolve("robosuite/base.xml"));
        assertThat(unpacked.resolve("robots/panda/robot.xml")).exists();
        assertThat(LiberoFolders.findRobosuite(wheel, folder.resolve("cache"))).isEqualTo(unpacked);
        assertThat(folder.resolve("cache")).isDirectoryContaining(each -> each.equals(unpacked));
        try (var entries = Files.list(folder.resolve("cache"))) {
            assertThat(entries).hasSize(1);
        }
    }

    @Test
    void refusesArchivesThatAreNotRobosuites() throws IOException {
        Path other = folder.resolve("other.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(other))) {
            zip.putNextEntry(new ZipEntry("numpy/__init__.py"));
        }
        assertThatThrownBy(() -> LiberoFolders.findRobosuite(other, folder.resolve("cache")))
                .isInstanceOf(SceneException.class)
                .hasMessageContaining("is an archive without robosuite/models/assets/");

        Path escaping = folder.resolve("escaping.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(escaping))) {
            zip.putNextEntry(new ZipEntry("robosuite/models/assets/../../evil.xml"));
        }
        assertThatThrownBy(() -> LiberoFolders.findRobosuite(escaping, folder.resolve("cache")))
                .hasMessageContaining("leads out of its folder");

        assertThatThrownBy(() -> LiberoFolders.findRobosuite(
                parts.write("text.whl", "no archive"), folder.resolve("cache")))
                .hasMessageContaining("text.whl: is not a zip archive");
    }
}
