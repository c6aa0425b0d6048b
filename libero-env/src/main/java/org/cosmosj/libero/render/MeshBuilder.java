package org.cosmosj.libero.render;

import java.util.Arrays;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;

/** Puts meshes together from boxes and turned shapes; colours are 0xRRGGBB. */
public final class MeshBuilder {

    private static final int[] BOX_CORNERS = {
        0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4, 2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5};

    private float[] positions = new float[96];
    private int[] corners = new int[96];
    private int[] colours = new int[32];
    private int vertices;
    private int triangles;

    /** Starts an empty mesh. */
    public MeshBuilder() {
    }

    /**
     * Adds a box.
     *
     * @param pose   its centre and axes in the mesh's frame
     * @param half   half extents (3), metres
     * @param colour of all faces
     * @return this
     */
    public MeshBuilder box(Pose pose, double[] half, int colour) {
        int first = vertices;
        for (int i = 0; i < 8; i++) {
            vertex(pose, (i & 1) == 0 ? -half[0] : half[0], (i & 2) == 0 ? -half[1] : half[1],
                    (i & 4) == 0 ? -half[2] : half[2]);
        }
        for (int i = 0; i < BOX_CORNERS.length; i += 3) {
            triangle(first + BOX_CORNERS[i], first + BOX_CORNERS[i + 1], first + BOX_CORNERS[i + 2], colour);
        }
        return this;
    }

    /**
     * Adds an upright box.
     *
     * @param x      centre
     * @param y      centre
     * @param z      centre
     * @param half   half extents (3), metres
     * @param colour of all faces
     * @return this
     */
    public MeshBuilder box(double x, double y, double z, double[] half, int colour) {
        return box(new Pose(x, y, z, Rotations.identity()), half, colour);
    }

    /**
     * Adds a shape turned about the z axis of a frame. Seen in the half plane (radius, height) the profile runs
     * around the solid with the solid on its left: from the bottom's centre outwards, up, and back inwards.
     *
     * @param pose     the frame
     * @param segments number of flat sides
     * @param profile  points {radius, height, ...}, metres
     * @param colour   one colour per pair of neighbouring points
     * @return this
     */
    public MeshBuilder turned(Pose pose, int segments, double[] profile, int... colour) {
        int points = profile.length / 2;
        if (colour.length != points - 1) {
            throw new IllegalArgumentException("turned shape: " + points + " profile points need " + (points - 1)
                    + " colours, got " + colour.length);
        }
        int first = vertices;
        for (int s = 0; s < segments; s++) {
            double angle = 2 * Math.PI * s / segments;
            double c = StrictMath.cos(angle);
            double d = StrictMath.sin(angle);
            for (int i = 0; i < points; i++) {
                vertex(pose, profile[2 * i] * c, profile[2 * i] * d, profile[2 * i + 1]);
            }
        }
        for (int s = 0; s < segments; s++) {
            int here = first + s * points;
            int next = first + (s + 1) % segments * points;
            for (int i = 0; i + 1 < points; i++) {
                if (profile[2 * i] != 0) {
                    triangle(here + i, next + i, next + i + 1, colour[i]);
                }
                if (profile[2 * i + 2] != 0) {
                    triangle(here + i, next + i + 1, here + i + 1, colour[i]);
                }
            }
        }
        return this;
    }

    /**
     * Adds a solid cylinder.
     *
     * @param pose     its lower centre and axes (the cylinder stands along z)
     * @param segments number of flat sides
     * @param radius   metres
     * @param height   metres
     * @param colour   of all faces
     * @return this
     */
    public MeshBuilder cylinder(Pose pose, int segments, double radius, double height, int colour) {
        return turned(pose, segments, new double[] {0, 0, radius, 0, radius, height, 0, height},
                colour, colour, colour);
    }

    /**
     * Finishes the mesh.
     *
     * @return the mesh
     */
    public Mesh build() {
        return new Mesh(Arrays.copyOf(positions, 3 * vertices), Arrays.copyOf(corners, 3 * triangles),
                Arrays.copyOf(colours, triangles));
    }

    private void vertex(Pose pose, double x, double y, double z) {
        if (3 * vertices + 3 > positions.length) {
            positions = Arrays.copyOf(positions, 2 * positions.length);
        }
        double[] r = pose.rotation();
        positions[3 * vertices] = (float) (pose.x() + r[0] * x + r[1] * y + r[2] * z);
        positions[3 * vertices + 1] = (float) (pose.y() + r[3] * x + r[4] * y + r[5] * z);
        positions[3 * vertices + 2] = (float) (pose.z() + r[6] * x + r[7] * y + r[8] * z);
        vertices++;
    }

    private void triangle(int a, int b, int c, int colour) {
        if (triangles == colours.length) {
            colours = Arrays.copyOf(colours, 2 * triangles);
            corners = Arrays.copyOf(corners, 6 * triangles);
        }
        corners[3 * triangles] = a;
        corners[3 * triangles + 1] = b;
        corners[3 * triangles + 2] = c;
        colours[triangles++] = colour;
    }
}
