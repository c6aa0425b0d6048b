package org.cosmosj.libero.scene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Scene parts of this project's own, just large enough to be assembled; they have the shape of LIBERO's. */
final class TinyParts {

    private static final String ARM_LINK = """
        <body name="link%d" pos="0 0 0.1"><joint name="joint%d" axis="0 0 1"/><geom size="0.03" mass="1"/>
        """;
    private static final String MARKERS = """
        <site name="bottom_site" pos="0 0 -0.05"/><site name="top_site" pos="0 0 0.04"/>
        <site name="horizontal_radius_site" pos="0.025 0.025 0"/>
        """;

    private final Path root;

    private TinyParts(Path root) {
        this.root = root;
    }

    static TinyParts in(Path root) {
        TinyParts parts = new TinyParts(root);
        parts.write("robosuite/base.xml", """
            <mujoco model="base"><compiler angle="radian"/><option impratio="20"/><asset/><actuator/><worldbody/>
            <equality/></mujoco>""");
        StringBuilder arm = new StringBuilder("<mujoco><worldbody><body name=\"base\">");
        for (int i = 0; i < 7; i++) {
            arm.append(ARM_LINK.formatted(i, i + 1));
        }
        parts.write("robosuite/robots/panda/robot.xml", arm + "<body name=\"right_hand\"/>" + "</body>".repeat(8)
                + "</worldbody></mujoco>");
        parts.write("robosuite/mounts/rethink_mount.xml",
                "<mujoco><worldbody><body name=\"base\"><geom size=\"0.1\"/></body></worldbody></mujoco>");
        parts.write("robosuite/grippers/panda_gripper.xml", """
            <mujoco><actuator><position joint="finger_joint1" name="finger"/></actuator><worldbody><body name="hand">
            <body name="left"><joint name="finger_joint1" type="slide"/><geom group="1" size="0.01"/></body>
            <body name="right"><joint name="finger_joint2" type="slide"/><geom size="0.01"/></body>
            </body></worldbody></mujoco>""");
        parts.write("assets/textures/light-gray-floor-tile.png", "a picture");
        parts.write("assets/textures/light-gray-plaster.png", "a picture");
        parts.write("assets/scenes/libero_tabletop_base_style.xml", """
            <mujoco><asset><texture name="texplane" file="../textures/other.png"/>
            <texture name="tex-wall" file="../textures/another.png"/></asset><worldbody>
            <geom name="floor" type="plane" size="3 3 .1" material="floorplane"/>
            <body name="table"><geom name="table_collision" type="box" size="1 1 1"/>
            <geom name="table_visual" group="1" type="box" size="1 1 1"/><site name="table_top"/>
            <geom name="table_leg1_visual" group="1"/><geom name="table_leg2_visual" group="1"/>
            <geom name="table_leg3_visual" group="1"/><geom name="table_leg4_visual" group="1"/></body>
            <camera name="agentview" pos="0 0 1"/></worldbody></mujoco>""");
        parts.movable("stable_scanned_objects/plate/plate.xml", "");
        parts.movable("stable_scanned_objects/akita_black_bowl/akita_black_bowl.xml", "pos=\"0 -0.1 0\"");
        parts.write("assets/articulated_objects/wooden_cabinet.xml", """
            <mujoco><default><default class="wood"><geom rgba="1 0 0 1" density="7"/></default></default>
            <worldbody><body><body name="object"><body name="base">
            <site name="top_side" type="box" pos="0 0 0.22" size="0.12 0.09 0.001"/>
            <geom class="wood" density="9" type="box" size="0.1 0.1 0.1"/>
            <body name="cabinet_top" pos="0 0 0.1"><joint name="top_level" type="slide" axis="0 1 0"/>
            <site name="top_region" type="box" pos="0.01 0.02 0.03" size="0.03 0.07 0.1"/>
            <geom class="wood" type="box" size="0.1 0.1 0.1" group="1"/><geom type="box" size="0.1 0.1 0.1"/></body>
            <body name="cabinet_bottom"><joint name="bottom_level" type="slide" axis="0 1 0"/>
            <site name="bottom_region" type="box" size="0.03 0.07 0.1"/></body>
            </body></body><site name="bottom_site" pos="0 0 -0.045"/><site name="top_site" pos="0 0 0.045"/>
            <site name="horizontal_radius_site" pos="0.045 0.045 0"/></body></worldbody></mujoco>""");
        parts.write("assets/articulated_objects/flat_stove.xml", """
            <mujoco><worldbody><body><body name="object"><body name="button"><joint name="button" axis="0 0 1"/>
            <geom size="0.03"/></body></body>""" + MARKERS + "</body></worldbody></mujoco>");
        return parts;
    }

    private void movable(String file, String attributes) {
        write("assets/" + file, "<mujoco><worldbody><body><body name=\"object\" " + attributes
                + "><geom type=\"box\" size=\"0.03 0.03 0.03\"/><geom name=\"rim\" group=\"1\" size=\"0.03\"/></body>"
                + MARKERS + "</body></worldbody></mujoco>");
    }

    Path write(String file, String text) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            return Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LiberoFolders folders() {
        return new LiberoFolders(root.resolve("bddl_files"), root.resolve("init_files"), root.resolve("assets"),
                root.resolve("robosuite"));
    }

    /** A task on the table: a bowl, a plate, a cabinet, a stove, and what {@code :init} and {@code :goal} say. */
    LiberoScene scene(String init, String goal) {
        return new LiberoScenes(folders()).scene(write("bddl_files/a_task.bddl", bddl(init, goal)), 100);
    }

    static String bddl(String init, String goal) {
        return """
            (define (problem LIBERO_Tabletop_Manipulation) (:domain robosuite)
              (:regions
                (bowl_region (:target main_table) (:ranges ((-0.1 0.1 0.1 0.3))))
                (two_region (:target main_table) (:ranges ((-0.1 -0.3 0.1 -0.1) (0.2 -0.3 0.3 -0.1))))
                (narrow_region (:target main_table) (:ranges ((0 0 0.05 0.05))))
                (cabinet_region (:target main_table) (:ranges ((0.02 -0.28 0.04 -0.26)))
                  (:yaw_rotation ((2.6 2.7))))
                (top_region (:target wooden_cabinet_1)) (bottom_region (:target wooden_cabinet_1))
                (top_side (:target wooden_cabinet_1)))
              (:fixtures main_table - table wooden_cabinet_1 - wooden_cabinet flat_stove_1 - flat_stove)
              (:objects akita_black_bowl_1 akita_black_bowl_2 - akita_black_bowl plate_1 - plate)
              (:obj_of_interest plate_1)
              (:init %s) (:goal (And %s)))
            """.formatted(init, goal);
    }
}
