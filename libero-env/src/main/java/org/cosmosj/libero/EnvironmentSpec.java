package org.cosmosj.libero;

/**
 * What a policy must know about an environment; all of it is data, nothing is inferred from a size.
 *
 * @param suite            task suite, for example {@code tabletop}
 * @param task             task name with underscores
 * @param imageHeight      pixels
 * @param imageWidth       pixels
 * @param actionSize       numbers per action, each in [-1, 1]: 3 position, 3 rotation, gripper (-1 opens, +1 closes)
 * @param proprioSize      numbers of {@link Observation#proprio}
 * @param maxSteps         an episode that has not succeeded after this many policy steps has failed
 * @param positionScale    metres that a position component of 1 moves the end effector in one step
 * @param rotationScale    radians that a rotation component of 1 turns the end effector in one step
 * @param controlFrequency steps per second
 */
public record EnvironmentSpec(String suite, String task, int imageHeight, int imageWidth, int actionSize,
        int proprioSize, int maxSteps, double positionScale, double rotationScale, double controlFrequency) {

    /** Validates sizes and scales. */
    public EnvironmentSpec {
        if (imageHeight < 1 || imageWidth < 1) {
            throw new IllegalArgumentException("environment " + suite + "/" + task + ": pictures of " + imageHeight
                    + "x" + imageWidth + " pixels, expected at least 1x1");
        }
        if (actionSize < 1 || proprioSize < 1 || maxSteps < 1) {
            throw new IllegalArgumentException("environment " + suite + "/" + task + ": action size " + actionSize
                    + ", proprio size " + proprioSize + ", max steps " + maxSteps + ", expected all >= 1");
        }
        if (!(positionScale > 0 && rotationScale > 0 && controlFrequency > 0)) {
            throw new IllegalArgumentException("environment " + suite + "/" + task + ": position scale "
                    + positionScale + ", rotation scale " + rotationScale + ", control frequency " + controlFrequency
                    + ", expected all > 0");
        }
    }
}
