package org.cosmosj.libero.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.geometry.Rotations;
import org.cosmosj.tensor.AtomicFile;

/**
 * Demonstrations of one task as HDF5 in LIBERO's layout: {@code <task>_demo.hdf5} with {@code data/demo_<i>/} holding
 * {@code actions} (N, 7), {@code states}, {@code robot_states} (N, 9), {@code rewards}, {@code dones} and
 * {@code obs/} {@code agentview_rgb} and {@code eye_in_hand_rgb} (N, H, W, 3) uint8, {@code gripper_states} (N, 2),
 * {@code joint_states} (N, 7), {@code ee_states} (N, 6), {@code ee_pos} and {@code ee_ori} (N, 3).
 *
 * <p>Pictures are stored upright, which the attribute {@code macros_image_convention} says as {@code opencv}, as in
 * Cosmos Policy's regenerated set. {@code states} holds time, arm joints and finger joints; it has no objects, and
 * there is no {@code model_file}, since there is no MuJoCo model: {@code episode} and {@code seed} name the start.
 * Source: LIBERO scripts/create_dataset.py; cosmos_policy/experiments/robot/libero/regenerate_libero_dataset.py.
 */
public final class DemonstrationFile {

    /** End of every file name. */
    public static final String SUFFIX = "_demo.hdf5";
    /** Most demonstrations that fit into one file. */
    public static final int MAX_DEMONSTRATIONS = 4096;

    private static final double STEP_SECONDS = 0.05;

    private DemonstrationFile() {
    }

    /**
     * Name of a task's file.
     *
     * @param task task name with underscores
     * @return {@code <task>_demo.hdf5}
     */
    public static String name(String task) {
        return task + SUFFIX;
    }

    /**
     * Writes a file; an older one of that name stays intact until the new one is complete.
     *
     * @param file           where; its name decides what instruction a reader sees, see {@link #name}
     * @param problem        the task
     * @param bddl           the task's BDDL text
     * @param demonstrations what to write, at most {@link #MAX_DEMONSTRATIONS}
     * @throws java.io.UncheckedIOException if the file cannot be written
     * @throws IllegalArgumentException     if there are too many, or the name does not end with {@link #SUFFIX}
     */
    public static void write(Path file, BddlProblem problem, String bddl, List<Demonstration> demonstrations) {
        String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            throw new IllegalArgumentException("write " + file + ": expected a name that ends with " + SUFFIX
                    + ", from which readers take the instruction");
        }
        if (demonstrations.size() > MAX_DEMONSTRATIONS) {
            throw new IllegalArgumentException("write " + file + ": " + demonstrations.size()
                    + " demonstrations, at most " + MAX_DEMONSTRATIONS + " fit; split them over several folders");
        }
        Hdf5Node.Group root = new Hdf5Node.Group();
        Hdf5Node.Group data = root.group("data");
        describe(data, name, problem, bddl, demonstrations.size(),
                demonstrations.stream().mapToLong(Demonstration::length).sum());
        for (int i = 0; i < demonstrations.size(); i++) {
            add(data.group("demo_" + i), demonstrations.get(i), states(demonstrations.get(i)));
        }
        AtomicFile.write(file, channel -> Hdf5Writer.write(channel, root));
    }

    /**
     * Writes one demonstration of a simulated scene, with its states and model.
     *
     * @param file          where; its name decides what instruction a reader sees
     * @param problem       the task
     * @param bddl          the task's BDDL text
     * @param demonstration what to write
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public static void write(Path file, BddlProblem problem, String bddl, SimulatedDemonstration demonstration) {
        Hdf5Node.Group root = new Hdf5Node.Group();
        Hdf5Node.Group data = root.group("data");
        Demonstration demo = demonstration.demonstration();
        describe(data, file.getFileName().toString(), problem, bddl, 1, demo.length());
        Hdf5Node.Group group = data.group("demo_0");
        add(group, demo, demonstration.states());
        group.attribute("init_state", demonstration.initState())
                .attribute("model_file", demonstration.model())
                .attribute("settle_steps", (long) demonstration.settleSteps())
                .attribute("mujoco_version", demonstration.mujocoVersion());
        AtomicFile.write(file, channel -> Hdf5Writer.write(channel, root));
    }

    /**
     * Reads a file: one written here, a LIBERO demonstration file, or one of Cosmos Policy's regenerated set. Pictures
     * come out upright: those of a file that says {@code opengl} are flipped.
     *
     * @param file where; its name gives task and instruction, its folder's name the suite
     * @return the demonstrations in order of their numbers
     * @throws java.io.UncheckedIOException if it is missing, truncated, not HDF5 or not in this layout
     */
    public static List<Demonstration> read(Path file) {
        return DemonstrationReader.read(file);
    }

    /** What a file says of its task. */
    static void describe(Hdf5Node.Group data, String name, BddlProblem problem, String bddl, long count,
            long total) {
        String task = name.substring(0, name.length() - SUFFIX.length());
        data.attribute("env_name", problem.name())
                .attribute("problem_info", "{\"problem_name\": " + quoted(problem.name())
                        + ", \"domain_name\": \"robosuite\", \"language_instruction\": "
                        + quoted(BddlProblem.instruction(task)) + "}")
                .attribute("macros_image_convention", "opencv")
                .attribute("bddl_file_name", task + ".bddl")
                .attribute("bddl_file_content", bddl)
                .attribute("env_args", "{\"type\": 1, \"env_name\": " + quoted(problem.name())
                        + ", \"problem_name\": " + quoted(problem.name()) + ", \"bddl_file\": " + quoted(task + ".bddl")
                        + "}")
                .attribute("num_demos", count)
                .attribute("total", total);
    }

    /** What is known without a simulation: time and the robot's joints. */
    private static double[][] states(Demonstration demo) {
        double[][] states = new double[demo.length()][];
        for (int i = 0; i < states.length; i++) {
            states[i] = join(new double[] {i * STEP_SECONDS}, demo.jointPositions()[i], columns(demo, i, 0, 2));
        }
        return states;
    }

    private static void add(Hdf5Node.Group group, Demonstration demo, double[][] states) {
        int n = demo.length();
        byte[] last = new byte[n];
        if (n > 0 && demo.success()) {
            last[n - 1] = 1;
        }
        group.attribute("num_samples", (long) n)
                .attribute("success", demo.success())
                .attribute("episode", (long) demo.episode().episode())
                .attribute("seed", demo.episode().seed())
                .attribute("init_state", n > 0 ? states[0] : new double[0]);
        group.doubles("actions", demo.actions()).doubles("states", states).doubles("robot_states", demo.proprio())
                .bytes("rewards", pieces(last)).bytes("dones", pieces(last));
        group.group("obs")
                .bytes("agentview_rgb", List.of(demo.agentviewImages()), demo.imageHeight(), demo.imageWidth(), 3)
                .bytes("eye_in_hand_rgb", List.of(demo.wristImages()), demo.imageHeight(), demo.imageWidth(), 3)
                .doubles("gripper_states", rows(demo, 0, 2))
                .doubles("joint_states", demo.jointPositions())
                .doubles("ee_pos", rows(demo, 2, 5))
                .doubles("ee_ori", orientations(demo))
                .doubles("ee_states", join(rows(demo, 2, 5), orientations(demo)));
    }

    /** Axis-angle of the end effector, as robosuite's quat2axisangle gives it. */
    private static double[][] orientations(Demonstration demo) {
        double[][] rows = new double[demo.length()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Rotations.quaternionToAxisAngle(columns(demo, i, 5, 9));
        }
        return rows;
    }

    private static double[][] rows(Demonstration demo, int from, int to) {
        double[][] rows = new double[demo.length()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = columns(demo, i, from, to);
        }
        return rows;
    }

    private static double[] columns(Demonstration demo, int step, int from, int to) {
        return Arrays.copyOfRange(demo.proprio()[step], from, to);
    }

    private static double[][] join(double[][] a, double[][] b) {
        double[][] rows = new double[a.length][];
        for (int i = 0; i < a.length; i++) {
            rows[i] = join(a[i], b[i]);
        }
        return rows;
    }

    private static double[] join(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }

    private static List<byte[]> pieces(byte[] values) {
        byte[][] pieces = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            pieces[i] = new byte[] {values[i]};
        }
        return List.of(pieces);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
