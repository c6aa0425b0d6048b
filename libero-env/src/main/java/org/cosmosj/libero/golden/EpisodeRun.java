package org.cosmosj.libero.golden;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.control.ArmSample;
import org.cosmosj.libero.geometry.Rotations;
import org.cosmosj.libero.mujoco.MujocoData;
import org.cosmosj.libero.mujoco.MujocoException;
import org.cosmosj.libero.mujoco.ObjectKind;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoObservation;

/** Carries out a golden episode's actions and collects how far everything is from what the reference saw. */
final class EpisodeRun {

    private static final int ROWS_OF_PICTURES = 256;
    /** What lies further than this, in metres, from where the file has it lies elsewhere. */
    private static final double DISPLACED = 5e-3;
    /** After contact, or under another version, a predicate may become true or false a little earlier or later. */
    private static final int PREDICATE_STEPS = 2;
    private static final double SAME_BYTES = 0.9999;
    private static final double SAME_BYTES_AFTER_CONTACT = 0.97;
    /** Mean difference of two renderers that draw the same scene. */
    private static final double OTHER_RENDERER = 4;

    /**
     * A picture's outcome.
     *
     * @param passed whether it is close enough
     * @param detail what was seen
     */
    record Picture(boolean passed, String detail) {
    }

    private final GoldenFile golden;
    private final String version;
    private final LiberoEnvironment environment;
    private final EpisodeLimits limits;
    private final EpisodeTrace trace = new EpisodeTrace();
    private final List<Predicate> predicates;
    private final List<String> wrongPredicates = new ArrayList<>();
    private final Map<String, Picture> pictures = new LinkedHashMap<>();
    private final Map<String, String> notCompared = new LinkedHashMap<>();
    private final Deque<boolean[]> recent = new ArrayDeque<>();
    private final Set<Integer> robotShapes = new HashSet<>();
    private final Set<String> observed = new HashSet<>();
    private final Set<String> displaced = new TreeSet<>();
    private final int steps;
    private final int firstContact;
    private final double[] success;
    private int comparedPredicates;
    private int firstSuccess = -1;
    private int firstDone = -1;

    EpisodeRun(GoldenFile golden, LiberoEnvironment environment, EpisodeLimits limits, String version) {
        this.golden = golden;
        this.version = version;
        this.environment = environment;
        this.limits = limits;
        this.predicates = golden.has("pred.values")
                ? golden.words("predicates").stream().map(Predicate::of).toList()
                : List.of();
        this.steps = golden.shape("actions")[0];
        this.firstContact = Integer.parseInt(golden.meta("first_robot_contact_step"));
        this.success = new double[steps + 1];
        List<String> bodies = environment.simulation().model().names(ObjectKind.BODY);
        double[] bodyOf = environment.simulation().model().numbers("geom_bodyid");
        for (int i = 0; i < bodyOf.length; i++) {
            String body = bodies.get((int) bodyOf[i]);
            if (body.startsWith("robot0_") || body.startsWith("gripper0_")) {
                robotShapes.add(i);
            }
        }
    }

    void run(LiberoObservation first) {
        compareSubsteps();
        compare(0, first);
        for (int k = 1; k <= steps; k++) {
            StepResult result = environment.step(golden.row("actions", k - 1));
            if (result.done() && firstDone < 0) {
                firstDone = k;
            }
            compare(k, (LiberoObservation) result.observation());
            trace.add("obs_substep", golden.row("obs_substep", k - 1), new double[] {environment.observedSubstep()});
        }
    }

    private void compare(int k, LiberoObservation observation) {
        trace.at(k, touched(k));
        boolean succeeded = environment.succeeded();
        success[k] = succeeded ? 1 : 0;
        if (succeeded && firstSuccess < 0) {
            firstSuccess = k;
        }
        compareState(k);
        compareObservation(k, observation);
        comparePredicates(k);
        comparePictures(k, observation);
    }

    private void compareState(int k) {
        MujocoData data = environment.simulation().data();
        for (String field : List.of("qpos", "qvel")) {
            double[] expected = golden.row("step." + field, k);
            double[] actual = data.numbers(field);
            trace.add("step." + field + " robot", EpisodeCheck.robot(expected), EpisodeCheck.robot(actual));
            trace.add("step." + field + " objects", EpisodeCheck.others(expected), EpisodeCheck.others(actual));
        }
        if (mujoco222() && golden.has("mj222.step.qpos")) {
            double[] expected = golden.row("mj222.step.qpos", k);
            double[] actual = data.numbers("qpos");
            trace.add("mj222.step.qpos robot", EpisodeCheck.robot(expected), EpisodeCheck.robot(actual));
            trace.add("mj222.step.qpos objects", EpisodeCheck.others(expected), EpisodeCheck.others(actual));
        }
        trace.add("step.ctrl", golden.row("step.ctrl", k), data.numbers("ctrl"));
        trace.add("step.time", golden.row("step.time", k), data.numbers("time"));
        trace.add("step.ncon", golden.row("step.ncon", k), new double[] {data.contacts()});
        trace.add("step.robot_contacts", golden.row("step.robot_contacts", k), new double[] {robotContacts(data)});
        trace.add("step.goal_pos", golden.row("step.goal_pos", k), environment.controller().goalPosition());
        trace.add("step.goal_ori", golden.row("step.goal_ori", k), environment.controller().goalRotation());
        trace.add("step.gripper_current_action", golden.row("step.gripper_current_action", k),
                environment.gripperCommand());
    }

    private int robotContacts(MujocoData data) {
        int[] pairs = new int[2 * data.contacts()];
        int count = data.contactGeoms(pairs);
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += robotShapes.contains(pairs[2 * i]) != robotShapes.contains(pairs[2 * i + 1]) ? 1 : 0;
        }
        return found;
    }

    private void compareObservation(int k, LiberoObservation observation) {
        observation.arrays().forEach((name, actual) -> observe("obs." + name, k, actual));
        observe("obs.proprio", k, observation.proprio());
        observation.objects().forEach((name, actual) -> {
            if (!golden.has("obs." + name)) {
                notCompared.put("obs." + name, "the file does not hold it");
                return;
            }
            double[] expected = golden.row("obs." + name, k);
            trace.add("object " + name, expected, actual);
            observed.add("obs." + name);
            if (name.endsWith("_pos")) {
                String object = name.substring(0, name.length() - "_pos".length());
                compareRelative(k, object, observation);
                if (!limits.sameVersion() && GoldenFile.distance(expected, actual) > DISPLACED) {
                    displaced.add(object);
                }
            }
        });
    }

    private void observe(String name, int k, double[] actual) {
        trace.add(name, golden.row(name, k), actual);
        observed.add(name);
    }

    /** Object poses as the gripper sees them; no policy is told, so they are derived here only. */
    private void compareRelative(int k, String object, LiberoObservation observation) {
        double[] hand = observation.arrays().get("robot0_eef_pos");
        double[] turned = Rotations.transpose(rotation(observation.arrays().get("robot0_eef_quat")));
        double[] at = observation.objects().get(object + "_pos");
        double[] distance = {at[0] - hand[0], at[1] - hand[1], at[2] - hand[2]};
        double[] seen = new double[3];
        for (int i = 0; i < 3; i++) {
            seen[i] = turned[3 * i] * distance[0] + turned[3 * i + 1] * distance[1] + turned[3 * i + 2] * distance[2];
        }
        String name = "obs." + object + "_to_robot0_eef_";
        observe(name + "pos", k, seen);
        double[] q = Rotations.toQuaternionXyzw(
                Rotations.multiply(turned, rotation(observation.objects().get(object + "_quat"))));
        double[] expected = golden.row(name + "quat", k);
        double sign = Math.signum(q[0] * expected[0] + q[1] * expected[1] + q[2] * expected[2] + q[3] * expected[3]);
        observe(name + "quat", k, new double[] {sign * q[0], sign * q[1], sign * q[2], sign * q[3]});
    }

    private static double[] rotation(double[] xyzw) {
        double x = xyzw[0];
        double y = xyzw[1];
        double z = xyzw[2];
        double w = xyzw[3];
        return new double[] {
            1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w),
            2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w),
            2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)};
    }

    /** A wrong truth counts unless contact may decide it and the right one is found within two steps. */
    private void comparePredicates(int k) {
        if (predicates.isEmpty()) {
            return;
        }
        boolean[] now = new boolean[predicates.size()];
        for (int i = 0; i < now.length; i++) {
            now[i] = predicates.get(i).holds(environment.view());
        }
        recent.addLast(now);
        if (recent.size() > 2 * PREDICATE_STEPS + 1) {
            recent.removeFirst();
        }
        double[] at = golden.get("pred.steps");
        for (int row = 0; row < at.length; row++) {
            boolean touched = touched((int) at[row]) || !limits.sameVersion();
            int judgedAt = Math.min((int) at[row] + (touched ? PREDICATE_STEPS : 0), steps);
            if (judgedAt == k) {
                judge((int) at[row], golden.row("pred.values", row), touched ? List.copyOf(recent) : List.of(now));
            }
        }
    }

    private void judge(int step, double[] expected, List<boolean[]> seen) {
        List<List<String>> words = golden.words("predicates");
        for (int i = 0; i < expected.length; i++) {
            int index = i;
            if (words.get(i).stream().anyMatch(displaced::contains)) {
                notCompared.put("predicates of " + displaced, "MuJoCo " + version + " does not leave them where MuJoCo "
                        + golden.meta("mujoco_version") + " does");
                continue;
            }
            comparedPredicates++;
            if (seen.stream().noneMatch(each -> each[index] == (expected[index] != 0))) {
                wrongPredicates.add(predicates.get(i) + " after step " + step + " is " + seen.getLast()[i]);
            }
        }
    }

    private void comparePictures(int k, LiberoObservation observation) {
        if (!golden.has("image.steps")) {
            return;
        }
        double[] at = golden.get("image.steps");
        for (int row = 0; row < at.length; row++) {
            if ((int) at[row] == k && !limits.sameVersion()) {
                notCompared.put("pictures", "they were drawn by MuJoCo " + golden.meta("mujoco_version"));
            } else if ((int) at[row] == k) {
                try {
                    comparePicture(k, "image.agentview", row, observation.agentviewImage());
                    comparePicture(k, "image.robot0_eye_in_hand", row, observation.wristImage());
                } catch (MujocoException e) {
                    if (!EpisodeCheck.cannotDraw(e)) {
                        throw e;
                    }
                    notCompared.put("pictures", e.getMessage());
                }
            }
        }
    }

    private void comparePicture(int k, String name, int row, byte[] upright) {
        double[] expected = golden.row(name, row); // rows bottom-up
        int width = expected.length / ROWS_OF_PICTURES;
        int equal = 0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            int y = ROWS_OF_PICTURES - 1 - i / width;
            double difference = Math.abs((upright[y * width + i % width] & 255) - expected[i]);
            equal += difference == 0 ? 1 : 0;
            sum += difference;
        }
        boolean touched = touched(k);
        boolean sameRenderer = golden.meta("renderer").contains("llvmpipe")
                && environment.renderer().contains("llvmpipe");
        double share = (double) equal / expected.length;
        boolean passed = sameRenderer
                ? share >= (touched ? SAME_BYTES_AFTER_CONTACT : SAME_BYTES)
                : sum / expected.length <= OTHER_RENDERER;
        pictures.put(name + " after step " + k, new Picture(passed, String.format(Locale.ROOT,
                "%.3f %% of the bytes equal, mean difference %.3f, drawn by %s", 100 * share, sum / expected.length,
                environment.renderer())));
    }

    /** The first substeps, of which the file holds what the controller saw and did. */
    private void compareSubsteps() {
        int rows = golden.has("sub.ctrl") ? golden.shape("sub.ctrl")[0] : 0;
        int[] row = {0};
        environment.onSubstep((arm, bias, torques) -> {
            if (row[0] < rows) {
                trace.at(1 + row[0] / LiberoEnvironment.SUBSTEPS, false);
                compareSubstep(row[0]++, arm, bias, torques);
            }
        });
    }

    private void compareSubstep(int row, ArmSample arm, double[] bias, double[] torques) {
        MujocoData data = environment.simulation().data();
        trace.add("sub.ee_pos", golden.row("sub.ee_pos", row), arm.position());
        trace.add("sub.ee_ori_mat", golden.row("sub.ee_ori_mat", row), arm.rotation());
        trace.add("sub.ee_pos_vel", golden.row("sub.ee_pos_vel", row), Arrays.copyOf(arm.velocity(), 3));
        trace.add("sub.ee_ori_vel", golden.row("sub.ee_ori_vel", row), Arrays.copyOfRange(arm.velocity(), 3, 6));
        trace.add("sub.joint_pos", golden.row("sub.joint_pos", row), arm.joints());
        trace.add("sub.joint_vel", golden.row("sub.joint_vel", row), arm.jointVelocity());
        trace.add("sub.J_full", golden.row("sub.J_full", row), arm.jacobian());
        trace.add("sub.mass_matrix", golden.row("sub.mass_matrix", row), arm.mass());
        trace.add("sub.torque_bias", golden.row("sub.torque_bias", row), bias);
        trace.add("sub.torque_unclipped", golden.row("sub.torque_unclipped", row), torques);
        trace.add("sub.goal_pos", golden.row("sub.goal_pos", row), environment.controller().goalPosition());
        trace.add("sub.goal_ori", golden.row("sub.goal_ori", row), environment.controller().goalRotation());
        trace.add("sub.ctrl", golden.row("sub.ctrl", row), data.numbers("ctrl"));
        for (String field : List.of("qpos", "qvel")) {
            double[] expected = golden.row("sub." + field, row);
            double[] actual = data.numbers(field);
            trace.add("sub." + field + " robot", EpisodeCheck.robot(expected), EpisodeCheck.robot(actual));
            trace.add("sub." + field + " objects", EpisodeCheck.others(expected), EpisodeCheck.others(actual));
        }
    }

    /** Whether the robot has touched something; under another version that may happen a little earlier. */
    private boolean touched(int k) {
        return firstContact >= 0 && k >= firstContact - (limits.sameVersion() ? 0 : limits.successSteps());
    }

    boolean mujoco222() {
        return version.equals("2.2.2");
    }

    EpisodeTrace trace() {
        return trace;
    }

    List<String> wrongPredicates() {
        return wrongPredicates;
    }

    int comparedPredicates() {
        return comparedPredicates;
    }

    Map<String, Picture> pictures() {
        return pictures;
    }

    Map<String, String> notCompared() {
        return notCompared;
    }

    /** Names of the observations that were compared. */
    Set<String> observed() {
        return observed;
    }

    int firstContact() {
        return firstContact;
    }

    int firstSuccess() {
        return firstSuccess;
    }

    int firstDone() {
        return firstDone;
    }

    double[] success() {
        return success;
    }
}
