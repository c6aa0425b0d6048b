package org.cosmosj.libero.tabletop;

/**
 * What can be chosen about the tabletop.
 *
 * @param imageHeight   pixels
 * @param imageWidth    pixels
 * @param positionScale metres per step that a position component of 1 means; LIBERO has 0.05
 * @param rotationScale radians per step that a rotation component of 1 means; LIBERO has 0.5
 * @param fingerSpeed   metres per step that each finger moves; LIBERO's need eight steps for 40 mm
 * @param maxSteps      length of an episode
 * @param gripperStart  where the gripper starts
 */
public record TabletopSettings(int imageHeight, int imageWidth, double positionScale, double rotationScale,
        double fingerSpeed, int maxSteps, GripperStart gripperStart) {

    /**
     * 25 mm, half of LIBERO's: a chunk of 8 actions then spans at most 20 cm, which a small policy can predict from
     * one look.
     */
    public static final double POSITION_SCALE = 0.025;
    /** Half of LIBERO's, for the same reason. */
    public static final double ROTATION_SCALE = 0.25;
    /** The opening between the pads changes by 20 mm per step. */
    public static final double FINGER_SPEED = 0.01;
    /** About three times what the scripted expert needs. */
    public static final int MAX_STEPS = 80;

    /** Where the gripper starts, always pointing down and open. */
    public enum GripperStart {
        /** Within 3 cm of a point 18 cm above the middle of the table: the starts on which policies are judged. */
        NARROW(0.03, 0.15, 0.21),
        /** Within 12 cm of the middle, 6 to 24 cm high: for demonstrations, so that they cover the approach. */
        WIDE(0.12, 0.06, 0.24);

        final double reach;
        final double low;
        final double high;

        GripperStart(double reach, double low, double high) {
            this.reach = reach;
            this.low = low;
            this.high = high;
        }
    }

    /** Validates the scales. */
    public TabletopSettings {
        if (!(positionScale > 0 && positionScale <= 0.05 && rotationScale > 0 && rotationScale <= 0.5)) {
            throw new IllegalArgumentException("tabletop: position scale " + positionScale + " m and rotation scale "
                    + rotationScale + " rad per step, expected inside (0, 0.05] and (0, 0.5]");
        }
        if (!(fingerSpeed > 0 && fingerSpeed <= 0.04)) {
            throw new IllegalArgumentException("tabletop: finger speed " + fingerSpeed
                    + " m per step, expected inside (0, 0.04]");
        }
    }

    /**
     * The scales at which the learning recipe was measured, with square pictures.
     *
     * @param imageSize pixels
     * @return the settings; gripper start {@link GripperStart#NARROW}
     */
    public static TabletopSettings withImages(int imageSize) {
        return new TabletopSettings(imageSize, imageSize, POSITION_SCALE, ROTATION_SCALE, FINGER_SPEED, MAX_STEPS,
                GripperStart.NARROW);
    }

    /**
     * The same with another gripper start.
     *
     * @param start where the gripper starts
     * @return new settings
     */
    public TabletopSettings startingFrom(GripperStart start) {
        return new TabletopSettings(imageHeight, imageWidth, positionScale, rotationScale, fingerSpeed, maxSteps,
                start);
    }
}
