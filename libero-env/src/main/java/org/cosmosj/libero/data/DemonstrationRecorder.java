package org.cosmosj.libero.data;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.EnvironmentSpec;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;

/** Collects the steps of one episode; draws both pictures of every observation. */
public final class DemonstrationRecorder {

    private final EpisodeId episode;
    private final String instruction;
    private final EnvironmentSpec spec;
    private final List<Observation> observations = new ArrayList<>();
    private final List<double[]> actions = new ArrayList<>();

    /**
     * Starts an empty recording.
     *
     * @param episode     which episode
     * @param instruction what the robot is told to do
     * @param spec        gives the picture size
     */
    public DemonstrationRecorder(EpisodeId episode, String instruction, EnvironmentSpec spec) {
        this.episode = episode;
        this.instruction = instruction;
        this.spec = spec;
    }

    /**
     * Adds a step.
     *
     * @param before what was sensed before the action
     * @param action what was done, (actionSize)
     */
    public void add(Observation before, double[] action) {
        observations.add(before);
        actions.add(action.clone());
    }

    /**
     * Number of steps so far.
     *
     * @return N
     */
    public int length() {
        return actions.size();
    }

    /**
     * Finishes the recording.
     *
     * @param success whether the goal became true
     * @return the recording
     */
    public Demonstration finish(boolean success) {
        return new Demonstration(episode, instruction, spec.imageHeight(), spec.imageWidth(),
                observations.stream().map(Observation::agentviewImage).toArray(byte[][]::new),
                observations.stream().map(Observation::wristImage).toArray(byte[][]::new),
                observations.stream().map(Observation::proprio).toArray(double[][]::new),
                observations.stream().map(each -> each.arrays().get("robot0_joint_pos").clone())
                        .toArray(double[][]::new),
                actions.toArray(double[][]::new), success);
    }
}
