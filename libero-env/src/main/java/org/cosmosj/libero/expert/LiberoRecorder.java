package org.cosmosj.libero.expert;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.StepResult;
import org.cosmosj.libero.data.DemonstrationRecorder;
import org.cosmosj.libero.data.SimulatedDemonstration;
import org.cosmosj.libero.sim.LiberoEnvironment;

/** Records episodes of an environment with their states, so that they can be replayed. */
public final class LiberoRecorder {

    private final LiberoEnvironment environment;
    private final Agent agent;
    private final String mujocoVersion;

    /**
     * Creates a recorder.
     *
     * @param environment   where
     * @param agent         who acts
     * @param mujocoVersion which MuJoCo simulates it, for the file
     */
    public LiberoRecorder(LiberoEnvironment environment, Agent agent, String mujocoVersion) {
        this.environment = environment;
        this.agent = agent;
        this.mujocoVersion = mujocoVersion;
    }

    /**
     * Runs an episode by LIBERO's protocol from its published start state; pictures are drawn only if the goal is
     * reached.
     *
     * @param episode which
     * @return the recording, or null if the goal was not reached
     */
    public SimulatedDemonstration record(EpisodeId episode) {
        Observation observation = environment.reset(episode);
        double[] initState = EpisodeState.flattened(environment.simulation());
        String model = EpisodeState.model(environment.scene(), environment.simulation());
        EpisodeProtocol protocol = EpisodeProtocol.libero(environment.spec());
        for (int i = 0; i < protocol.settleSteps(); i++) {
            observation = environment.step(protocol.settleAction()).observation();
        }
        agent.begin(episode, environment.instruction());
        DemonstrationRecorder recorder =
                new DemonstrationRecorder(episode, environment.instruction(), environment.spec());
        List<double[]> states = new ArrayList<>();
        for (int i = 0; i < protocol.maxSteps(); i++) {
            double[] action = agent.act(observation);
            states.add(EpisodeState.flattened(environment.simulation()));
            recorder.add(observation, action);
            StepResult result = environment.step(action);
            if (result.done()) {
                return new SimulatedDemonstration(recorder.finish(true), states.toArray(double[][]::new), initState,
                        model, protocol.settleSteps(), mujocoVersion);
            }
            observation = result.observation();
        }
        return null;
    }
}
