package org.cosmosj.libero.expert;

import java.util.Arrays;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.data.RecordedActions;
import org.cosmosj.libero.scene.PlacedModel;
import org.cosmosj.libero.sim.LiberoEnvironment;

/** Repeats the actions of a demonstration and compares states and success: what finds silent errors of convention. */
public final class DemonstrationReplay {

    private static final double APART = 1e-6;

    private final LiberoEnvironment environment;

    /**
     * How a replay went.
     *
     * @param steps      actions taken
     * @param apart      first step, from 1, before which some joint position differs by more than 1e-6; 0 if none
     * @param largest    largest difference of a joint position before any action, metres or radians
     * @param succeeded  whether the goal became true
     * @param successful whether the file says so
     */
    public record Result(int steps, int apart, double largest, boolean succeeded, boolean successful) {

        /**
         * Whether the replay tells the same as the file.
         *
         * @return true if success is the same
         */
        public boolean agrees() {
            return succeeded == successful;
        }
    }

    /**
     * Creates a replay.
     *
     * @param environment the task of the demonstrations
     */
    public DemonstrationReplay(LiberoEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Replays a demonstration from its start state, fixtures where its model has them.
     *
     * @param recorded what to repeat
     * @param source   where it comes from, for messages
     * @return how it went
     * @throws IllegalArgumentException if the states are those of another task
     */
    public Result run(RecordedActions recorded, String source) {
        start(recorded);
        recorded.model()
                .ifPresent(model -> PlacedModel.place(model, source, environment.scene(), environment.simulation()));
        if (!Arrays.equals(EpisodeState.flattened(environment.simulation()), recorded.initState())) {
            environment.setState(recorded.initState());
        }
        EpisodeProtocol protocol = EpisodeProtocol.libero(environment.spec());
        for (int i = 0; i < recorded.settleSteps(); i++) {
            environment.step(protocol.settleAction());
        }
        int positions = (int) environment.simulation().model().size("nq");
        int apart = 0;
        double largest = 0;
        boolean succeeded = false;
        int step = 0;
        while (step < recorded.actions().length) {
            double[] expected = Arrays.copyOfRange(recorded.states()[step], 1, 1 + positions);
            double[] actual = Arrays.copyOfRange(EpisodeState.flattened(environment.simulation()), 1,
                    1 + positions);
            for (int i = 0; i < positions; i++) {
                double difference = Math.abs(expected[i] - actual[i]);
                largest = difference <= largest ? largest : difference; // NaN is taken
                if (apart == 0 && !(difference <= APART)) {
                    apart = step + 1;
                }
            }
            succeeded |= environment.step(recorded.actions()[step++]).done();
        }
        return new Result(step, apart, largest, succeeded, recorded.success());
    }

    /** The reset that the episode began with, down to what the solver remembers of it, if the file says which. */
    private void start(RecordedActions recorded) {
        if (recorded.settleSteps() > 0 && recorded.episode().isPresent()) {
            environment.reset(environment.episode(recorded.episode().orElseThrow(), 0));
        } else {
            environment.reset(0);
        }
    }
}
