package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;

/**
 * Everything of a state that a picture shows: poses of bodies, shapes, sites, cameras and lights. A few ten thousand
 * bytes, copied at every observation, so that pictures can be drawn later, or never.
 */
public final class SceneSnapshot {

    private static final String[] FIELDS = {"xpos", "xquat", "xmat", "xipos", "ximat", "geom_xpos", "geom_xmat",
        "site_xpos", "site_xmat", "cam_xpos", "cam_xmat", "light_xpos", "light_xdir"};

    private final double[] numbers;

    private SceneSnapshot(double[] numbers) {
        this.numbers = numbers;
    }

    /**
     * Copies the poses of a state.
     *
     * @param data the state
     * @return a copy that does not change
     */
    public static SceneSnapshot of(MujocoData data) {
        int count = 0;
        for (String field : FIELDS) {
            count += length(data, field);
        }
        double[] numbers = new double[count];
        int at = 0;
        for (String field : FIELDS) {
            int length = length(data, field);
            MemorySegment.copy(data.array(field), JAVA_DOUBLE, 0, numbers, at, length);
            at += length;
        }
        return new SceneSnapshot(numbers);
    }

    /** Writes the poses into a state of the same model. */
    void restore(MujocoData data) {
        int at = 0;
        for (String field : FIELDS) {
            int length = length(data, field);
            MemorySegment.copy(numbers, at, data.array(field), JAVA_DOUBLE, 0, length);
            at += length;
        }
    }

    private static int length(MujocoData data, String field) {
        return Math.toIntExact(data.array(field).byteSize() / Double.BYTES);
    }
}
