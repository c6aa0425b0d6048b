package org.cosmosj.libero.render;

import java.util.Arrays;
import org.cosmosj.libero.geometry.Pose;
import org.cosmosj.libero.geometry.Rotations;

/**
 * A z-buffer triangle rasteriser with Lambert shading and supersampling; owns its buffers, so one thread at a time.
 *
 * <p>One picture: {@link #begin}, any number of {@link #draw}, {@link #shadow}, then {@link #image}.
 */
public final class Rasteriser {

    private static final float NEAR = 0.005f;
    /** Triangles reach this share of their size beyond their edges, so that rounding leaves no gap between two. */
    private static final float EDGE = 1e-4f;
    private static final float AMBIENT = 0.55f;
    private static final float DIFFUSE = 0.45f;
    private static final float SHADOW = 0.72f;
    /** Unit direction towards the light. */
    private static final double[] LIGHT = {0.36, 0.28, 0.89};

    private final int width;
    private final int height;
    private final int samples;
    private final int columns;
    private final int rows;
    private final float[] inverseDepth;
    private final int[] colour;
    private final boolean[] shaded;
    private float[] view = new float[3 * 256];

    private double[] worldToCamera = Rotations.identity();
    private Pose camera = Pose.upright(0, 0, 0, 0);
    private float focal;
    private boolean shadowPass;

    /**
     * Allocates the buffers.
     *
     * @param width   picture width, pixels
     * @param height  picture height, pixels
     * @param samples rays per pixel along each axis, 1 to 8
     */
    public Rasteriser(int width, int height, int samples) {
        if (width < 1 || height < 1 || samples < 1 || samples > 8) {
            throw new IllegalArgumentException("rasteriser: " + width + "x" + height + " pixels with " + samples
                    + " samples per axis, expected sizes >= 1 and 1 to 8 samples");
        }
        this.width = width;
        this.height = height;
        this.samples = samples;
        this.columns = width * samples;
        this.rows = height * samples;
        this.inverseDepth = new float[columns * rows];
        this.colour = new int[columns * rows];
        this.shaded = new boolean[columns * rows];
    }

    /**
     * Clears the picture and sets the camera.
     *
     * @param from       the camera
     * @param background 0xRRGGBB
     */
    public void begin(Camera from, int background) {
        Arrays.fill(inverseDepth, 0);
        Arrays.fill(colour, background);
        Arrays.fill(shaded, false);
        camera = from.pose();
        worldToCamera = Rotations.transpose(camera.rotation());
        focal = (float) (rows / 2.0 / StrictMath.tan(StrictMath.toRadians(from.fovyDegrees()) / 2));
    }

    /**
     * Draws a mesh.
     *
     * @param mesh  what
     * @param where its pose, world frame
     */
    public void draw(Mesh mesh, Pose where) {
        shadowPass = false;
        transform(mesh, Rotations.multiply(worldToCamera, where.rotation()), where.x(), where.y(), where.z());
        double[] r = where.rotation();
        float lx = (float) (r[0] * LIGHT[0] + r[3] * LIGHT[1] + r[6] * LIGHT[2]);
        float ly = (float) (r[1] * LIGHT[0] + r[4] * LIGHT[1] + r[7] * LIGHT[2]);
        float lz = (float) (r[2] * LIGHT[0] + r[5] * LIGHT[1] + r[8] * LIGHT[2]);
        for (int t = 0; t < mesh.corners.length; t += 3) {
            float cosine = mesh.normals[t] * lx + mesh.normals[t + 1] * ly + mesh.normals[t + 2] * lz;
            triangle(mesh, t, scale(mesh.colours[t / 3], AMBIENT + DIFFUSE * cosine));
        }
    }

    /**
     * Darkens what lies on the plane z = 0 in the mesh's shadow. Call it after the plane is drawn and before anything
     * that stands on it.
     *
     * @param mesh  what casts the shadow
     * @param where its pose, world frame
     */
    public void shadow(Mesh mesh, Pose where) {
        shadowPass = true;
        double sx = LIGHT[0] / LIGHT[2];
        double sy = LIGHT[1] / LIGHT[2];
        double[] r = where.rotation();
        double[] flat = {
            r[0] - sx * r[6], r[1] - sx * r[7], r[2] - sx * r[8],
            r[3] - sy * r[6], r[4] - sy * r[7], r[5] - sy * r[8], 0, 0, 0};
        transform(mesh, Rotations.multiply(worldToCamera, flat), where.x() - sx * where.z(),
                where.y() - sy * where.z(), 0);
        for (int t = 0; t < mesh.corners.length; t += 3) {
            triangle(mesh, t, 0);
        }
    }

    /**
     * Averages the samples.
     *
     * @return (H, W, 3) uint8 RGB, row 0 on top
     */
    public byte[] image() {
        byte[] rgb = new byte[width * height * 3];
        int n = samples * samples;
        for (int y = 0, out = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = n / 2;
                int green = n / 2;
                int blue = n / 2;
                for (int j = 0; j < samples; j++) {
                    int at = (y * samples + j) * columns + x * samples;
                    for (int i = 0; i < samples; i++) {
                        int c = colour[at + i];
                        red += c >> 16 & 255;
                        green += c >> 8 & 255;
                        blue += c & 255;
                    }
                }
                rgb[out++] = (byte) (red / n);
                rgb[out++] = (byte) (green / n);
                rgb[out++] = (byte) (blue / n);
            }
        }
        return rgb;
    }

    /** Vertices into the camera's frame; depth is stored as distance in front of the camera. */
    private void transform(Mesh mesh, double[] rotation, double x, double y, double z) {
        int n = mesh.positions.length;
        if (view.length < n) {
            view = new float[n];
        }
        double dx = x - camera.x();
        double dy = y - camera.y();
        double dz = z - camera.z();
        for (int row = 0; row < 3; row++) {
            double sign = row == 2 ? -1 : 1;
            float a = (float) (sign * rotation[3 * row]);
            float b = (float) (sign * rotation[3 * row + 1]);
            float c = (float) (sign * rotation[3 * row + 2]);
            float d = (float) (sign * (worldToCamera[3 * row] * dx + worldToCamera[3 * row + 1] * dy
                    + worldToCamera[3 * row + 2] * dz));
            for (int i = 0; i < n; i += 3) {
                view[i + row] = a * mesh.positions[i] + b * mesh.positions[i + 1] + c * mesh.positions[i + 2] + d;
            }
        }
    }

    private void triangle(Mesh mesh, int t, int rgb) {
        int a = 3 * mesh.corners[t];
        int b = 3 * mesh.corners[t + 1];
        int c = 3 * mesh.corners[t + 2];
        int behind = (view[a + 2] < NEAR ? 1 : 0) + (view[b + 2] < NEAR ? 1 : 0) + (view[c + 2] < NEAR ? 1 : 0);
        if (behind == 0) {
            fill(view[a], view[a + 1], view[a + 2], view[b], view[b + 1], view[b + 2],
                    view[c], view[c + 1], view[c + 2], rgb);
        } else if (behind < 3) {
            clipped(new int[] {a, b, c}, rgb);
        }
    }

    /** Cuts the triangle at the near plane; what is left has three or four corners. */
    private void clipped(int[] corner, int rgb) {
        float[] kept = new float[12];
        int n = 0;
        for (int i = 0; i < 3; i++) {
            int p = corner[i];
            int q = corner[(i + 1) % 3];
            if (view[p + 2] >= NEAR) {
                System.arraycopy(view, p, kept, 3 * n++, 3);
            }
            if (view[p + 2] >= NEAR != view[q + 2] >= NEAR) {
                float s = (NEAR - view[p + 2]) / (view[q + 2] - view[p + 2]);
                kept[3 * n] = view[p] + s * (view[q] - view[p]);
                kept[3 * n + 1] = view[p + 1] + s * (view[q + 1] - view[p + 1]);
                kept[3 * n + 2] = NEAR;
                n++;
            }
        }
        for (int i = 1; i + 1 < n; i++) {
            int j = 3 * i;
            fill(kept[0], kept[1], kept[2], kept[j], kept[j + 1], kept[j + 2],
                    kept[j + 3], kept[j + 4], kept[j + 5], rgb);
        }
    }

    /**
     * Projects and fills a triangle; 1/depth is linear over the picture. Back faces are dropped, except in shadows.
     * The corners come as camera-frame coordinates.
     */
    private void fill(float ax, float ay, float az, float bx, float by, float bz, float cx, float cy, float cz,
            int rgb) {
        float wa = 1 / az;
        float wb = 1 / bz;
        float wc = 1 / cz;
        float x0 = columns * 0.5f + focal * ax * wa;
        float y0 = rows * 0.5f - focal * ay * wa;
        float x1 = columns * 0.5f + focal * bx * wb;
        float y1 = rows * 0.5f - focal * by * wb;
        float x2 = columns * 0.5f + focal * cx * wc;
        float y2 = rows * 0.5f - focal * cy * wc;
        float area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
        if (area == 0 || area > 0 && !shadowPass) {
            return;     // picture rows run downwards, so front faces have negative area
        }
        int left = Math.max(0, (int) Math.floor(Math.min(x0, Math.min(x1, x2)) - 0.5f));
        int right = Math.min(columns - 1, (int) Math.ceil(Math.max(x0, Math.max(x1, x2)) - 0.5f));
        int top = Math.max(0, (int) Math.floor(Math.min(y0, Math.min(y1, y2)) - 0.5f));
        int bottom = Math.min(rows - 1, (int) Math.ceil(Math.max(y0, Math.max(y1, y2)) - 0.5f));
        float scale = 1 / area;
        float stepX0 = (y1 - y2) * scale;
        float stepX1 = (y2 - y0) * scale;
        float stepW = stepX0 * (wa - wc) + stepX1 * (wb - wc);
        for (int y = top; y <= bottom; y++) {
            float py = y + 0.5f;
            float px = left + 0.5f;
            float u = ((x1 - px) * (y2 - py) - (x2 - px) * (y1 - py)) * scale;
            float v = ((x2 - px) * (y0 - py) - (x0 - px) * (y2 - py)) * scale;
            float w = wc + u * (wa - wc) + v * (wb - wc);
            boolean entered = false;
            for (int at = y * columns + left, end = y * columns + right; at <= end; at++) {
                if (u >= -EDGE && v >= -EDGE && u + v <= 1 + EDGE) {
                    put(at, w, rgb);
                    entered = true;
                } else if (entered) {
                    break;      // a triangle is convex: the rest of the row is outside
                }
                u += stepX0;
                v += stepX1;
                w += stepW;
            }
        }
    }

    private void put(int at, float w, int rgb) {
        if (shadowPass) {
            if (!shaded[at] && inverseDepth[at] > 0) {
                shaded[at] = true;
                colour[at] = scale(colour[at], SHADOW);
            }
        } else if (w > inverseDepth[at]) {
            inverseDepth[at] = w;
            colour[at] = rgb;
        }
    }

    private static int scale(int rgb, float factor) {
        int red = Math.min(255, (int) ((rgb >> 16 & 255) * factor + 0.5f));
        int green = Math.min(255, (int) ((rgb >> 8 & 255) * factor + 0.5f));
        int blue = Math.min(255, (int) ((rgb & 255) * factor + 0.5f));
        return red << 16 | green << 8 | blue;
    }
}
