package org.cosmosj.libero.golden;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.libero.mujoco.MujocoData;
import org.cosmosj.libero.mujoco.MujocoException;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoObservation;
import org.cosmosj.libero.sim.LiberoSettings;

/**
 * An episode of the reference: {@code *_random}, {@code *_expert}, {@code *_reset_only} and whatever else has actions.
 * The same actions are carried out; placement, controller, every observation, contacts, predicates, success and
 * pictures are compared.
 */
public final class EpisodeCheck implements GoldenCheck {

    /** Numbers of the robot at the start of qpos and qvel: seven joints, two fingers. */
    private static final int ROBOT = 9;
    /** Newton metres, in the first substeps: whatever the version, the arm has moved the same way so far. */
    private static final double FIRST_TORQUES = 1e-9;

    @Override
    public boolean covers(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".safetensors") && !name.endsWith("_model.safetensors")
                && !name.endsWith("_probes.safetensors");
    }

    @Override
    public void run(Path file, GoldenContext context, GoldenResults results) throws Exception {
        GoldenFile golden = GoldenFile.read(file);
        LiberoScene scene = context.scenes().scene(golden.meta("suite"), golden.meta("task_name"));
        EpisodeLimits limits = EpisodeLimits.of(golden, context.mujoco().versionName());
        results.check("instruction", scene.instruction().equals(golden.meta("instruction")), scene.instruction());
        results.check("step limit", golden.meta("max_steps").equals(Integer.toString(scene.maxSteps())),
                scene.maxSteps() + ", expected " + golden.meta("max_steps"));
        try (LiberoEnvironment environment = new LiberoEnvironment(scene, context.mujoco(),
                LiberoSettings.EVALUATION)) {
            LiberoObservation observation = environment.reset(0L);
            checkReset(golden, environment, observation, limits, results);
            if (golden.has("init_state")) {
                observation = environment.setState(golden.get("init_state"));
            }
            EpisodeRun run = new EpisodeRun(golden, environment, limits,
                    context.mujoco().versionName());
            run.run(observation);
            report(golden, run, limits, results);
            if (golden.has("replay.ctrl")) {
                replay(golden, environment, limits, results);
            }
        }
    }

    private static void checkReset(GoldenFile golden, LiberoEnvironment environment, LiberoObservation observation,
            EpisodeLimits limits, GoldenResults results) {
        for (String field : List.of("body_pos", "body_quat")) {
            double[] actual = environment.simulation().model().numbers(field);
            results.within("reset." + field, GoldenFile.distance(golden.get("reset." + field), actual),
                    limits.sameVersion() ? 0 : 1e-12);
        }
        for (String field : List.of("qpos", "qvel")) {
            double[] actual = environment.simulation().data().numbers(field);
            results.within("reset." + field, GoldenFile.distance(golden.get("reset." + field), actual), 0);
        }
        results.within("reset.goal_pos", GoldenFile.distance(golden.get("reset.goal_pos"),
                environment.controller().goalPosition()), 1e-12);
        results.within("reset.goal_ori", GoldenFile.distance(golden.get("reset.goal_ori"),
                environment.controller().goalRotation()), 1e-12);
        double worst = 0;
        for (String name : golden.names()) {
            if (name.startsWith("reset.obs.")) {
                double[] actual = observation.arrays().get(name.substring("reset.obs.".length()));
                worst = Math.max(worst, actual == null
                        ? Double.NaN
                        : GoldenFile.distance(golden.get(name), actual));
            }
        }
        results.within("reset.obs", worst, 1e-12);
    }

    private static void report(GoldenFile golden, EpisodeRun run, EpisodeLimits limits, GoldenResults results) {
        report("", run.trace().before(), limits, false, results);
        report(" after contact", run.trace().after(), limits, true, results);
        reportSuccess(golden, run, limits, results);
        results.check("pred.values", run.wrongPredicates().isEmpty(), run.wrongPredicates().isEmpty()
                ? run.comparedPredicates() + " equal"
                : run.wrongPredicates().size() + " differ: "
                        + run.wrongPredicates().subList(0, Math.min(5, run.wrongPredicates().size())));
        run.pictures().forEach((name, equal) -> results.check(name, equal.passed(), equal.detail()));
        List<String> missing = golden.names().stream().filter(name -> name.startsWith("obs."))
                .filter(name -> !run.observed().contains(name)).toList();
        results.check("observations", missing.isEmpty(), missing.isEmpty()
                ? "all are computed"
                : "not computed: "
                        + missing);
        run.notCompared().forEach(results::skip);
    }

    private static void report(String when, Map<String, EpisodeTrace.Worst> worst, EpisodeLimits limits, boolean later,
            GoldenResults results) {
        worst.forEach((name, seen) -> {
            double limit = limit(name, limits, later);
            if (!Double.isInfinite(limit)) {
                results.check(name + when, seen.error() <= limit, String.format(Locale.ROOT,
                        "largest difference %.2e at step %d, limit %.2e", seen.error(), seen.step(), limit));
            }
        });
    }

    /** After contact only poses are compared, roughly; under another version not what contacts decide. */
    private static double limit(String name, EpisodeLimits limits, boolean later) {
        if (name.equals("step.time") || name.equals("step.gripper_current_action") || name.equals("obs_substep")) {
            return 1e-12;
        }
        if (name.endsWith(".qpos robot") && !name.startsWith("mj222")) {
            return later ? limits.robotLater() : limits.robot();
        }
        if (name.endsWith(".qpos objects") && !name.startsWith("mj222")) {
            return later ? limits.objectsLater() : limits.objects();
        }
        if (later) {
            return Double.POSITIVE_INFINITY;
        }
        if (name.startsWith("mj222.")) {
            return name.endsWith("robot") ? 1e-8 : 1e-5;
        }
        if (name.endsWith("_to_robot0_eef_pos") || name.endsWith("_to_robot0_eef_quat")) {
            return limits.sameVersion() ? 1e-6 : Math.max(2 * limits.objects(), 1e-5); // float32 in the reference
        }
        if (name.startsWith("object ")) {
            return limits.objects() * (limits.sameVersion() ? 1 : 2);
        }
        if (name.endsWith(".qvel objects") || name.equals("step.ncon")) {
            return limits.sameVersion() ? name.endsWith("ncon") ? 0 : 1e-9 : Double.POSITIVE_INFINITY;
        }
        return switch (name) {
            case "step.ctrl" -> limits.torque();
            case "sub.ctrl", "sub.torque_unclipped" -> Math.min(limits.torque(), FIRST_TORQUES);
            case "step.qvel robot", "sub.qvel robot", "obs.robot0_joint_vel", "obs.robot0_gripper_qvel" ->
                limits.velocity();
            case "step.robot_contacts" -> 0;
            default -> limits.exact();
        };
    }

    private static void reportSuccess(GoldenFile golden, EpisodeRun run, EpisodeLimits limits, GoldenResults results) {
        int expected = firstTrue(golden.get("step.success"));
        boolean touches = run.firstContact() >= 0;
        int allowed = touches ? limits.successSteps() : 0;
        if (run.mujoco222() && golden.hasMeta("mj222")
                && golden.json("mj222").has("first_success_step_positions_only")) {
            expected = golden.json("mj222").get("first_success_step_positions_only").asInt();
        }
        int actual = run.firstSuccess();
        results.check("first success", actual == expected || actual >= 0 && expected >= 0
                && Math.abs(actual - expected) <= allowed,
                "step " + actual + ", expected " + expected + " (-1: none), " + allowed + " steps apart pass");
        results.check("first done", run.firstDone() == actual || run.firstDone() > 0 && actual == 0,
                "step " + run.firstDone());
        if (!touches) {
            boolean equal = Arrays.equals(golden.get("step.success"), run.success());
            results.check("step.success", equal, equal ? "equal at every step" : "differs");
        }
    }

    static int firstTrue(double[] flags) {
        for (int i = 0; i < flags.length; i++) {
            if (flags[i] != 0) {
                return i;
            }
        }
        return -1;
    }

    /** Recorded controls, open loop: with the same version every bit of every position is the same. */
    private static void replay(GoldenFile golden, LiberoEnvironment environment, EpisodeLimits limits,
            GoldenResults results) {
        if (!limits.sameVersion()) {
            results.skip("replay.ctrl", "open loop diverges under another version than "
                    + golden.meta("mujoco_version"));
            return;
        }
        environment.reset(0L);
        if (golden.has("init_state")) {
            environment.setState(golden.get("init_state"));
        }
        MujocoData data = environment.simulation().data();
        double worst = 0;
        for (int k = 1; k <= golden.shape("actions")[0]; k++) {
            for (int i = 0; i < LiberoEnvironment.SUBSTEPS; i++) {
                data.forward();
                data.write("ctrl", 0, golden.row("replay.ctrl", (k - 1) * LiberoEnvironment.SUBSTEPS + i));
                data.step();
            }
            worst = Math.max(worst, golden.distance("step.qpos", k, data.numbers("qpos")));
        }
        results.within("replay.ctrl open loop, step.qpos", worst, 0);
    }

    /** The robot's part of joint positions or velocities. */
    static double[] robot(double[] all) {
        return Arrays.copyOf(all, ROBOT);
    }

    /** The rest. */
    static double[] others(double[] all) {
        return Arrays.copyOfRange(all, ROBOT, all.length);
    }

    /** Refusals that mean that this machine cannot draw. */
    static boolean cannotDraw(MujocoException e) {
        return e.getMessage().startsWith("rendering: there is no") || e.getMessage().startsWith("rendering: EGL gives");
    }
}
