package org.cosmosj.libero.data;

import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;

/**
 * A recorded episode of N steps: what was sensed before each action, the action, and how it ended.
 *
 * @param episode         which episode
 * @param instruction     what the robot was told to do
 * @param imageHeight     pixels
 * @param imageWidth      pixels
 * @param agentviewImages N pictures of the scene camera, each (H, W, 3) uint8 RGB, upright
 * @param wristImages     N pictures of the wrist camera, likewise
 * @param proprio         (N, 9): gripper joints 2, end effector position 3, quaternion x y z w 4
 * @param jointPositions  (N, 7), radians
 * @param actions         (N, 7), each in [-1, 1]
 * @param success         whether the goal became true
 */
public record Demonstration(EpisodeId episode, String instruction, int imageHeight, int imageWidth,
        byte[][] agentviewImages, byte[][] wristImages, double[][] proprio, double[][] jointPositions,
        double[][] actions,
        boolean success) {

    /** Validates that all arrays have the same number of steps, and the sizes of their rows. */
    public Demonstration {
        int n = actions.length;
        if (agentviewImages.length != n || wristImages.length != n || proprio.length != n
                || jointPositions.length != n) {
            throw new IllegalArgumentException("demonstration " + episode + ": " + n + " actions, but "
                    + agentviewImages.length + " scene and " + wristImages.length + " wrist pictures, " + proprio.length
                    + " proprio rows and " + jointPositions.length + " joint rows; expected equal counts");
        }
        int bytes = imageHeight * imageWidth * 3;
        for (int i = 0; i < n; i++) {
            if (agentviewImages[i].length != bytes || wristImages[i].length != bytes) {
                throw new IllegalArgumentException("demonstration " + episode + ": pictures of step " + i + " have "
                        + agentviewImages[i].length + " and " + wristImages[i].length + " bytes, expected "
                        + imageHeight
                        + " x " + imageWidth + " x 3 = " + bytes);
            }
            if (proprio[i].length != Observation.PROPRIO_SIZE) {
                throw new IllegalArgumentException("demonstration " + episode + ": proprio of step " + i + " has "
                        + proprio[i].length + " numbers, expected " + Observation.PROPRIO_SIZE);
            }
        }
    }

    /**
     * Number of steps.
     *
     * @return N
     */
    public int length() {
        return actions.length;
    }
}
