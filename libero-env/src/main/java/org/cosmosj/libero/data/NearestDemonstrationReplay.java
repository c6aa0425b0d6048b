package org.cosmosj.libero.data;

import java.util.List;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;

/**
 * A baseline that never looks: it replays the actions of the demonstration whose first proprioception is nearest to
 * the episode's. Where it succeeds, a task can be solved by memory.
 */
public final class NearestDemonstrationReplay implements Agent {

    private final List<Demonstration> demonstrations;
    private final double[] scale;
    private Demonstration chosen;
    private int step;

    /**
     * Creates the baseline.
     *
     * @param demonstrations to choose from, at least one, none empty
     */
    public NearestDemonstrationReplay(List<Demonstration> demonstrations) {
        if (demonstrations.isEmpty() || demonstrations.stream().anyMatch(each -> each.length() == 0)) {
            throw new IllegalArgumentException("replay: " + demonstrations.size()
                    + " demonstrations, expected at least one and none without steps");
        }
        this.demonstrations = List.copyOf(demonstrations);
        this.scale = spread(demonstrations);
    }

    @Override
    public void begin(EpisodeId episode, String instruction) {
        chosen = null;
        step = 0;
    }

    /** The next recorded action; after the last one, no motion and the last gripper command. */
    @Override
    public double[] act(Observation observation) {
        if (chosen == null) {
            chosen = nearest(observation.proprio());
        }
        if (step < chosen.length()) {
            return chosen.actions()[step++].clone();
        }
        double[] last = chosen.actions()[chosen.length() - 1];
        double[] still = new double[last.length];
        still[last.length - 1] = last[last.length - 1];
        return still;
    }

    private Demonstration nearest(double[] proprio) {
        Demonstration best = demonstrations.getFirst();
        double smallest = Double.POSITIVE_INFINITY;
        for (Demonstration each : demonstrations) {
            double sum = 0;
            for (int i = 0; i < proprio.length; i++) {
                double difference = (each.proprio()[0][i] - proprio[i]) * scale[i];
                sum += difference * difference;
            }
            if (sum < smallest) {
                smallest = sum;
                best = each;
            }
        }
        return best;
    }

    /** One over the range of each number over the starts; 0 for a number that never differs. */
    private static double[] spread(List<Demonstration> demonstrations) {
        double[] scale = new double[Observation.PROPRIO_SIZE];
        for (int i = 0; i < scale.length; i++) {
            int k = i;
            var statistics = demonstrations.stream().mapToDouble(each -> each.proprio()[0][k]).summaryStatistics();
            double range = statistics.getMax() - statistics.getMin();
            scale[i] = range > 0 ? 1 / range : 0;
        }
        return scale;
    }
}
