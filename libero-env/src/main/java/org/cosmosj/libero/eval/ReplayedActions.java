package org.cosmosj.libero.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EnvironmentSpec;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.data.RecordedActions;

/**
 * The actions of a demonstration file, by episode; pictures are not read. Repeated from the same start they show that
 * an environment does what it did; from other starts they show how much of a task can be solved without looking.
 */
final class ReplayedActions {

    private final Path file;
    private final NavigableMap<Integer, double[][]> episodes = new TreeMap<>();

    private ReplayedActions(Path file) {
        this.file = file;
        List<RecordedActions> all = RecordedActions.read(file);
        for (int i = 0; i < all.size(); i++) {
            episodes.put(all.get(i).episode().orElse(i), all.get(i).actions());
        }
    }

    /**
     * Reads a file.
     *
     * @throws java.io.UncheckedIOException if it is no demonstration file; the message names file and cure
     */
    static ReplayedActions read(Path file) {
        return new ReplayedActions(file);
    }

    /**
     * An agent that repeats the episode of the same number, or, where the file has none, the one of the remainder in
     * the file's order; after its last action it keeps still with the last gripper command.
     */
    Agent agent(EnvironmentSpec spec) {
        episodes.values().forEach(actions -> {
            if (actions[0].length != spec.actionSize()) {
                throw new IllegalArgumentException("replay " + file + ": actions of " + actions[0].length
                        + " numbers, the robot takes " + spec.actionSize());
            }
        });
        return new Agent() {
            private double[][] actions;
            private int step;

            @Override
            public void begin(EpisodeId episode, String instruction) {
                actions = episodes.get(episode.episode());
                if (actions == null) {
                    actions = episodes.values().stream().skip(episode.episode() % episodes.size()).findFirst()
                            .orElseThrow();
                }
                step = 0;
            }

            @Override
            public double[] act(Observation observation) {
                if (step < actions.length) {
                    return actions[step++].clone();
                }
                double[] still = new double[spec.actionSize()];
                still[still.length - 1] = actions[actions.length - 1][still.length - 1];
                return still;
            }
        };
    }
}
