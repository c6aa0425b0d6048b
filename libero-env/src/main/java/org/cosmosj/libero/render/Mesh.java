package org.cosmosj.libero.render;

/** Coloured triangles with flat normals; immutable. Corners run counter-clockwise seen from outside. */
public final class Mesh {

    final float[] positions;
    final int[] corners;
    final int[] colours;
    final float[] normals;

    Mesh(float[] positions, int[] corners, int[] colours) {
        this.positions = positions;
        this.corners = corners;
        this.colours = colours;
        this.normals = new float[corners.length];
        for (int t = 0; t < corners.length; t += 3) {
            normal(t);
        }
    }

    /**
     * Size.
     *
     * @return number of triangles
     */
    public int triangles() {
        return colours.length;
    }

    private void normal(int t) {
        int a = 3 * corners[t];
        int b = 3 * corners[t + 1];
        int c = 3 * corners[t + 2];
        float ux = positions[b] - positions[a];
        float uy = positions[b + 1] - positions[a + 1];
        float uz = positions[b + 2] - positions[a + 2];
        float vx = positions[c] - positions[a];
        float vy = positions[c + 1] - positions[a + 1];
        float vz = positions[c + 2] - positions[a + 2];
        float x = uy * vz - uz * vy;
        float y = uz * vx - ux * vz;
        float z = ux * vy - uy * vx;
        float n = (float) Math.sqrt(x * x + y * y + z * z);
        float scale = n > 0 ? 1 / n : 0;
        normals[t] = x * scale;
        normals[t + 1] = y * scale;
        normals[t + 2] = z * scale;
    }
}
