package org.cosmosj.libero.sim;

import org.cosmosj.libero.control.ArmSample;

/** Told of every substep after it was integrated; for checks and recordings of the controller. */
@FunctionalInterface
public interface SubstepListener {

    /**
     * One substep of 2 ms has passed; the simulation holds the controls that it saw.
     *
     * @param arm     what the controller believed of the arm; changes with the next substep
     * @param bias    (7), newton metres: gravity, Coriolis and centrifugal torques
     * @param torques (7), newton metres, not clipped
     */
    void substep(ArmSample arm, double[] bias, double[] torques);
}
