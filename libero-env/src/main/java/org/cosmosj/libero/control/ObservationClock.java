package org.cosmosj.libero.control;

/**
 * When robosuite samples its sensors: each adds the substep's time to what has passed since its last sample, takes a
 * new one if it has none of this period, and starts a new period when 0.05 s have passed. Forced updates count as time
 * too, so that after a reset alone step observations show substep 25 of 25, and after a start state was set substep 24.
 * Source: robosuite/utils/observables.py#Observable.update.
 */
public final class ObservationClock {

    private static final double SUBSTEP = 0.002;
    private static final double PERIOD = 0.05;

    private double passed;
    private boolean sampled;

    /** Creates a clock as a new environment has it. */
    public ObservationClock() {
    }

    /** Starts anew, as a reset of the environment does. */
    public void reset() {
        passed = 0;
        sampled = false;
    }

    /** An update that samples in any case. */
    public void force() {
        advance(true);
    }

    /**
     * One substep of the simulation has passed.
     *
     * @return whether the sensors are sampled now
     */
    public boolean advance() {
        return advance(false);
    }

    private boolean advance(boolean forced) {
        passed += SUBSTEP;
        boolean samples = forced || !sampled && PERIOD >= passed;
        sampled |= samples;
        if (passed >= PERIOD) {
            passed %= PERIOD;
            sampled = false;
        }
        return samples;
    }
}
