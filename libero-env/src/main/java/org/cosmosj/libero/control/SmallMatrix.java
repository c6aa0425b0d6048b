package org.cosmosj.libero.control;

/** Products and inverses of small row-major matrices. */
final class SmallMatrix {

    private SmallMatrix() {
    }

    /** {@code a b} of (n, k) and (k, m). */
    static double[] multiply(double[] a, double[] b, int n, int k, int m) {
        double[] c = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < k; l++) {
                double v = a[i * k + l];
                for (int j = 0; j < m; j++) {
                    c[i * m + j] += v * b[l * m + j];
                }
            }
        }
        return c;
    }

    /** The transpose of (n, m). */
    static double[] transpose(double[] a, int n, int m) {
        double[] t = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                t[j * n + i] = a[i * m + j];
            }
        }
        return t;
    }

    /** The inverse of (n, n), by Gauss-Jordan elimination with row pivots; of a singular matrix not finite. */
    static double[] inverse(double[] a, int n) {
        double[] left = a.clone();
        double[] right = new double[n * n];
        for (int i = 0; i < n; i++) {
            right[i * n + i] = 1;
        }
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int r = c + 1; r < n; r++) {
                pivot = Math.abs(left[r * n + c]) > Math.abs(left[pivot * n + c]) ? r : pivot;
            }
            swapRows(left, n, c, pivot);
            swapRows(right, n, c, pivot);
            double scale = left[c * n + c];
            for (int j = 0; j < n; j++) {
                left[c * n + j] /= scale;
                right[c * n + j] /= scale;
            }
            for (int r = 0; r < n; r++) {
                double factor = left[r * n + c];
                if (r != c && factor != 0) {
                    for (int j = 0; j < n; j++) {
                        left[r * n + j] -= factor * left[c * n + j];
                        right[r * n + j] -= factor * right[c * n + j];
                    }
                }
            }
        }
        return right;
    }

    private static void swapRows(double[] a, int n, int i, int j) {
        for (int k = 0; k < n; k++) {
            double held = a[i * n + k];
            a[i * n + k] = a[j * n + k];
            a[j * n + k] = held;
        }
    }
}
