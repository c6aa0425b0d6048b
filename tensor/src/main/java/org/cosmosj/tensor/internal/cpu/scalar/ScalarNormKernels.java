package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.NormKernels;
import org.cosmosj.tensor.spi.Operand;

/** Normalisations row by row, in double precision. */
public class ScalarNormKernels implements NormKernels {
    private static final double SMALLEST_NORM = 1e-12;

    @Override
    public void layerNorm(Operand x, Operand shift, Operand scale, double eps, Operand out, Operand mean,
            Operand rstd) {
        Elements from = Elements.of(x);
        Elements shifts = shift == null ? null : Elements.of(shift);
        Elements scales = scale == null ? null : Elements.of(scale);
        Elements to = Elements.of(out);
        Elements means = Elements.of(mean);
        Elements rstds = Elements.of(rstd);
        long d = x.size(2);
        for (long row = 0; row < x.size(0) * x.size(1); row++) {
            double m = 0;
            for (long i = 0; i < d; i++) {
                m += from.get(row * d + i);
            }
            m /= d;
            double variance = 0;
            for (long i = 0; i < d; i++) {
                double c = from.get(row * d + i) - m;
                variance += c * c;
            }
            double r = 1 / Math.sqrt(variance / d + eps);
            means.set(row, m);
            rstds.set(row, r);
            long group = row / x.size(1) * d;
            for (long i = 0; i < d; i++) {
                double n = (from.get(row * d + i) - m) * r;
                to.set(row * d + i, scales == null ? n : n * (1 + scales.get(group + i)) + shifts.get(group + i));
            }
        }
    }

    @Override
    public void layerNormBackward(Operand dOut, Operand x, Operand scale, Operand mean, Operand rstd, Operand dX,
            Operand dShift, Operand dScale) {
        Elements gradient = Elements.of(dOut);
        Elements from = Elements.of(x);
        Elements scales = scale == null ? null : Elements.of(scale);
        Elements to = Elements.of(dX);
        long d = x.size(2);
        for (long row = 0; row < x.size(0) * x.size(1); row++) {
            double m = Elements.of(mean).get(row);
            double r = Elements.of(rstd).get(row);
            long group = row / x.size(1) * d;
            double meanE = 0;
            double meanEn = 0;
            for (long i = 0; i < d; i++) {
                double e = gradient.get(row * d + i) * (scales == null ? 1 : 1 + scales.get(group + i));
                meanE += e / d;
                meanEn += e * (from.get(row * d + i) - m) * r / d;
            }
            for (long i = 0; i < d; i++) {
                double e = gradient.get(row * d + i) * (scales == null ? 1 : 1 + scales.get(group + i));
                double n = (from.get(row * d + i) - m) * r;
                to.set(row * d + i, r * (e - meanE - n * meanEn));
            }
        }
        if (scale != null) {
            modulationGradients(gradient, from, x, Elements.of(mean), Elements.of(rstd), Elements.of(dShift),
                    Elements.of(dScale));
        }
    }

    private static void modulationGradients(Elements gradient, Elements from, Operand x, Elements mean, Elements rstd,
            Elements dShift, Elements dScale) {
        long rows = x.size(1);
        long d = x.size(2);
        for (long g = 0; g < x.size(0); g++) {
            for (long i = 0; i < d; i++) {
                double shift = 0;
                double scale = 0;
                for (long row = g * rows; row < (g + 1) * rows; row++) {
                    double e = gradient.get(row * d + i);
                    shift += e;
                    scale += e * (from.get(row * d + i) - mean.get(row)) * rstd.get(row);
                }
                dShift.set(g * d + i, shift);
                dScale.set(g * d + i, scale);
            }
        }
    }

    @Override
    public void rmsNorm(Operand x, Operand gain, double eps, Operand out, Operand rstd) {
        Elements from = Elements.of(x);
        Elements gains = Elements.of(gain);
        Elements to = Elements.of(out);
        Elements rstds = Elements.of(rstd);
        long d = x.size(1);
        for (long row = 0; row < x.size(0); row++) {
            double squares = 0;
            for (long i = 0; i < d; i++) {
                squares += from.get(row * d + i) * from.get(row * d + i);
            }
            double r = 1 / Math.sqrt(squares / d + eps);
            rstds.set(row, r);
            for (long i = 0; i < d; i++) {
                to.set(row * d + i, from.get(row * d + i) * r * gains.get(i));
            }
        }
    }

    @Override
    public void rmsNormBackward(Operand dOut, Operand x, Operand gain, Operand rstd, Operand dX, Operand dGain) {
        Elements gradient = Elements.of(dOut);
        Elements from = Elements.of(x);
        Elements gains = Elements.of(gain);
        Elements rstds = Elements.of(rstd);
        Elements to = Elements.of(dX);
        int d = (int) x.size(1);
        double[] sums = new double[d];
        for (long row = 0; row < x.size(0); row++) {
            double r = rstds.get(row);
            double meanEn = 0;
            for (int i = 0; i < d; i++) {
                double n = from.get(row * d + i) * r;
                meanEn += gradient.get(row * d + i) * gains.get(i) * n / d;
                sums[i] += gradient.get(row * d + i) * n;
            }
            for (int i = 0; i < d; i++) {
                double n = from.get(row * d + i) * r;
                to.set(row * d + i, r * (gradient.get(row * d + i) * gains.get(i) - n * meanEn));
            }
        }
        Elements toGain = Elements.of(dGain);
        for (int i = 0; i < d; i++) {
            toGain.set(i, sums[i]);
        }
    }

    @Override
    public void channelNorm(Operand x, Operand gain, Activation activation, Operand out) {
        Elements from = Elements.of(x);
        Elements gains = Elements.of(gain);
        Elements to = Elements.of(out);
        long channels = x.size(1);
        long positions = x.size(2);
        for (long at = 0; at < x.size(0) * positions; at++) {
            long base = at / positions * channels * positions + at % positions;
            double factor = Math.sqrt(channels) / channelLength(from, base, channels, positions);
            for (long c = 0; c < channels; c++) {
                double y = from.get(base + c * positions) * factor * gains.get(c);
                to.set(base + c * positions, activation == Activation.SILU ? ScalarMath.apply(Unary.SILU, y) : y);
            }
        }
    }

    private static double channelLength(Elements x, long base, long channels, long positions) {
        double squares = 0;
        for (long c = 0; c < channels; c++) {
            squares += x.get(base + c * positions) * x.get(base + c * positions);
        }
        return Math.max(Math.sqrt(squares), SMALLEST_NORM);
    }

    @Override
    public void channelNormBackward(Operand dOut, Operand x, Operand gain, Activation activation, Operand dX,
            Operand dGain) {
        Elements gradient = Elements.of(dOut);
        Elements from = Elements.of(x);
        Elements gains = Elements.of(gain);
        Elements to = Elements.of(dX);
        int channels = (int) x.size(1);
        long positions = x.size(2);
        double[] sums = new double[channels];
        double[] e = new double[channels];
        for (long at = 0; at < x.size(0) * positions; at++) {
            long base = at / positions * channels * positions + at % positions;
            double length = channelLength(from, base, channels, positions);
            double factor = Math.sqrt(channels) / length;
            double dot = 0;
            for (int c = 0; c < channels; c++) {
                double n = from.get(base + c * positions) * factor;
                double d = gradient.get(base + c * positions);
                d *= activation == Activation.SILU ? ScalarMath.derivative(Unary.SILU, n * gains.get(c)) : 1;
                sums[c] += d * n;
                e[c] = d * gains.get(c);
                dot += e[c] * n;
            }
            // Below the smallest norm the divisor is a constant, so only the direct term remains.
            double projected = length > SMALLEST_NORM ? dot / channels : 0;
            for (int c = 0; c < channels; c++) {
                to.set(base + c * positions, factor * (e[c] - from.get(base + c * positions) * factor * projected));
            }
        }
        Elements toGain = Elements.of(dGain);
        for (int c = 0; c < channels; c++) {
            toGain.set(c, sums[c]);
        }
    }

    @Override
    public void softmax(Operand x, Operand out) {
        Elements from = Elements.of(x);
        Elements to = Elements.of(out);
        int d = (int) x.size(1);
        double[] exponentials = new double[d];
        for (long row = 0; row < x.size(0); row++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < d; i++) {
                max = Math.max(max, from.get(row * d + i));
            }
            double sum = 0;
            for (int i = 0; i < d; i++) {
                exponentials[i] = StrictMath.exp(from.get(row * d + i) - max);
                sum += exponentials[i];
            }
            for (int i = 0; i < d; i++) {
                to.set(row * d + i, exponentials[i] / sum);
            }
        }
    }

    @Override
    public void softmaxBackward(Operand dY, Operand y, Operand dX) {
        Elements gradient = Elements.of(dY);
        Elements result = Elements.of(y);
        Elements to = Elements.of(dX);
        long d = y.size(1);
        for (long row = 0; row < y.size(0); row++) {
            double dot = 0;
            for (long i = row * d; i < (row + 1) * d; i++) {
                dot += gradient.get(i) * result.get(i);
            }
            for (long i = row * d; i < (row + 1) * d; i++) {
                to.set(i, result.get(i) * (gradient.get(i) - dot));
            }
        }
    }

    @Override
    public void rope(Operand x, Operand cos, Operand sin, Rotation rotation, Operand out) {
        Elements from = Elements.of(x);
        Elements cosines = Elements.of(cos);
        Elements sines = Elements.of(sin);
        Elements to = Elements.of(out);
        double sign = rotation == Rotation.FORWARD ? 1 : -1;
        long half = x.size(3) / 2;
        long heads = x.size(2);
        long rows = x.size(0) * x.size(1) * heads;
        for (long row = 0; row < rows; row++) {
            long token = row / heads % x.size(1);
            for (long i = 0; i < half; i++) {
                double c = cosines.get(token * half + i);
                double s = sign * sines.get(token * half + i);
                double a = from.get(row * 2 * half + i);
                double b = from.get(row * 2 * half + half + i);
                to.set(row * 2 * half + i, a * c - b * s);
                to.set(row * 2 * half + half + i, b * c + a * s);
            }
        }
    }
}
