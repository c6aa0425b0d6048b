package org.cosmosj.libero.sim;

import java.util.Random;
import org.cosmosj.libero.mujoco.MujocoData;

/**
 * How fast an environment steps without pictures, and whose time that is.
 *
 * @param stepsPerSecond  environment steps, each {@value LiberoEnvironment#SUBSTEPS} substeps with controller,
 *                        observation and predicates
 * @param mujocoPerSecond bare {@code mj_step} calls in the same scene
 * @param javaShare       part of an environment step that is not spent in MuJoCo, in [0, 1]
 */
public record EnvironmentSpeed(double stepsPerSecond, double mujocoPerSecond, double javaShare) {

    private static final double AMPLITUDE = 0.3;

    /**
     * Measures from the present state, with small random actions; as many steps run before, to warm up.
     *
     * @param environment after a reset
     * @param steps       environment steps to time, at least 1
     * @return what was seen
     */
    public static EnvironmentSpeed measure(LiberoEnvironment environment, int steps) {
        Random random = new Random(0);
        act(environment, steps, random);
        MujocoData data = environment.simulation().data();
        long nativeBefore = data.nativeNanos();
        long start = System.nanoTime();
        act(environment, steps, random);
        long total = System.nanoTime() - start;
        long inMujoco = data.nativeNanos() - nativeBefore;
        long bareStart = System.nanoTime();
        int bare = steps * LiberoEnvironment.SUBSTEPS;
        for (int i = 0; i < bare; i++) {
            data.step();
        }
        long bareNanos = System.nanoTime() - bareStart;
        return new EnvironmentSpeed(1e9 * steps / total, 1e9 * bare / bareNanos, 1 - (double) inMujoco / total);
    }

    private static void act(LiberoEnvironment environment, int steps, Random random) {
        for (int i = 0; i < steps; i++) {
            double[] action = new double[LiberoEnvironment.ACTION_SIZE];
            for (int j = 0; j < action.length; j++) {
                action[j] = AMPLITUDE * (2 * random.nextDouble() - 1);
            }
            environment.step(action);
        }
    }
}
