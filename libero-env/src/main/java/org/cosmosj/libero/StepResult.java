package org.cosmosj.libero;

/**
 * What one step led to.
 *
 * @param observation what the robot senses after the step
 * @param reward      1 if the goal holds after the step, else 0
 * @param done        whether the goal holds after the step
 */
public record StepResult(Observation observation, double reward, boolean done) {
}
