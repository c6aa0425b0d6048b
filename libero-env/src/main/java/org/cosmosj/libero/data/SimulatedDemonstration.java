package org.cosmosj.libero.data;

/**
 * A demonstration in a simulated scene, with what it takes to replay it.
 *
 * @param demonstration what was sensed and done
 * @param states        (N, 1 + nq + nv): time, joint positions, joint velocities before each action
 * @param initState     the state in which the episode was started, before the settle steps
 * @param model         MJCF of the episode, fixtures where its reset put them
 * @param settleSteps   steps that were taken before the first action, gripper opening
 * @param mujocoVersion which MuJoCo simulated it
 */
public record SimulatedDemonstration(Demonstration demonstration, double[][] states, double[] initState, String model,
        int settleSteps, String mujocoVersion) {

    /** Validates the counts. */
    public SimulatedDemonstration {
        if (states.length != demonstration.length()) {
            throw new IllegalArgumentException("demonstration " + demonstration.episode() + ": " + states.length
                    + " states, expected one per action, " + demonstration.length());
        }
    }
}
