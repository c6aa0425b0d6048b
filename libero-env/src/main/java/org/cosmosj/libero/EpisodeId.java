package org.cosmosj.libero;

/**
 * Names one episode: the same name gives the same start, on every machine and thread.
 *
 * @param suite   task suite, for example {@code tabletop}
 * @param task    task name as in its file name, with underscores
 * @param episode number of the episode, from 0
 * @param seed    seed of the series of episodes; training and evaluation use different seeds
 */
public record EpisodeId(String suite, String task, int episode, long seed) {

    /** Validates the number. */
    public EpisodeId {
        if (episode < 0) {
            throw new IllegalArgumentException("episode " + episode + " of " + suite + "/" + task + ", expected >= 0");
        }
    }

    @Override
    public String toString() {
        return suite + "/" + task + "#" + episode + " (seed " + seed + ")";
    }
}
