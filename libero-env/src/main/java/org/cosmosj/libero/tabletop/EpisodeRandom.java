package org.cosmosj.libero.tabletop;

import org.cosmosj.libero.EpisodeId;

/**
 * Random numbers of one episode (splitmix64). Layout and gripper draw from different streams, so that where the
 * gripper starts says nothing about where the objects are.
 */
final class EpisodeRandom {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    enum Stream {
        LAYOUT, GRIPPER
    }

    EpisodeRandom(EpisodeId episode, Stream stream) {
        long key = mix(episode.seed() + GOLDEN);
        key = mix(key ^ (episode.episode() + 1) * GOLDEN);
        key = mix(key ^ episode.task().hashCode() * GOLDEN);
        this.state = mix(key ^ (stream.ordinal() + 1) * GOLDEN);
    }

    /** Uniform in [low, high). */
    double uniform(double low, double high) {
        state += GOLDEN;
        return low + (high - low) * (mix(state) >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
