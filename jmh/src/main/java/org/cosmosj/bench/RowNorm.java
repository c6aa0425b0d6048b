package org.cosmosj.bench;

import java.util.Arrays;

/** The norms over rows as their formulas say, in double precision. */
enum RowNorm {
    /** {@code n = (x - mean(x)) rstd}, {@code rstd = (var(x) + eps)^-1/2}. */
    LAYER,
    /** {@code n = x rstd}, {@code rstd = (mean(x^2) + eps)^-1/2}. */
    RMS;

    static final double EPS = 1e-6;

    /** The normalised row and, behind it, rstd. */
    private double[] row(double[] x, int row, int width) {
        double mean = 0;
        for (int c = 0; this == LAYER && c < width; c++) {
            mean += x[row * width + c] / width;
        }
        double square = 0;
        for (int c = 0; c < width; c++) {
            square += (x[row * width + c] - mean) * (x[row * width + c] - mean) / width;
        }
        double rstd = 1 / Math.sqrt(square + EPS);
        double[] n = new double[width + 1];
        for (int c = 0; c < width; c++) {
            n[c] = (x[row * width + c] - mean) * rstd;
        }
        n[width] = rstd;
        return n;
    }

    /** Row {@code row} of x (.., width), normalised. */
    double[] normalised(double[] x, int row, int width) {
        return Arrays.copyOf(row(x, row, width), width);
    }

    /** {@code dX = rstd (e - mean(e) - n mean(e n))} for the gradient e of the normalised row; RMS has no mean(e). */
    double[] gradient(double[] x, int row, double[] e) {
        int width = e.length;
        double[] n = row(x, row, width);
        double meanE = 0;
        double meanEn = 0;
        for (int c = 0; c < width; c++) {
            meanE += this == LAYER ? e[c] / width : 0;
            meanEn += e[c] * n[c] / width;
        }
        double[] dX = new double[width];
        for (int c = 0; c < width; c++) {
            dX[c] = n[width] * (e[c] - meanE - n[c] * meanEn);
        }
        return dX;
    }
}
