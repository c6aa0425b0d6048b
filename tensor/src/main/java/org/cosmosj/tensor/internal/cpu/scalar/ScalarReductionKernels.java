package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.ReductionKernels;

/** Reductions in index order, in double precision. */
public class ScalarReductionKernels implements ReductionKernels {
    @Override
    public void reduce(Reduce how, Operand x, Operand out) {
        Elements from = Elements.of(x);
        Elements to = Elements.of(out);
        long count = x.size(1);
        long width = x.size(2);
        for (long a = 0; a < x.size(0); a++) {
            for (long b = 0; b < width; b++) {
                double value = switch (how) {
                    case SUM, SUM_OF_SQUARES -> 0;
                    case MAX -> Double.NEGATIVE_INFINITY;
                    case MIN -> Double.POSITIVE_INFINITY;
                };
                for (long r = 0; r < count; r++) {
                    double element = from.get((a * count + r) * width + b);
                    value = switch (how) {
                        case SUM -> value + element;
                        case SUM_OF_SQUARES -> value + element * element;
                        case MAX -> Math.max(value, element);
                        case MIN -> Math.min(value, element);
                    };
                }
                to.set(a * width + b, value);
            }
        }
    }

    @Override
    public void weightedSquaredError(Operand prediction, Operand target, Operand weight, double scale, Operand out) {
        Elements p = Elements.of(prediction);
        Elements t = Elements.of(target);
        Elements w = Elements.of(weight);
        double sum = 0;
        for (long i = 0; i < prediction.numel(); i++) {
            double error = p.get(i) - t.get(i);
            sum += w.get(frame(prediction, i)) * error * error;
        }
        Elements.of(out).set(0, scale * sum);
    }

    @Override
    public void weightedSquaredErrorBackward(Operand dOut, Operand prediction, Operand target, Operand weight,
            double scale, Operand dPrediction) {
        Elements p = Elements.of(prediction);
        Elements t = Elements.of(target);
        Elements w = Elements.of(weight);
        Elements to = Elements.of(dPrediction);
        double factor = 2 * scale * Elements.of(dOut).get(0);
        for (long i = 0; i < prediction.numel(); i++) {
            to.set(i, factor * w.get(frame(prediction, i)) * (p.get(i) - t.get(i)));
        }
    }

    /** Position in weight (B, T) of element i of (B, C, T, S). */
    private static long frame(Operand x, long i) {
        long frames = x.size(2);
        long perSample = x.size(1) * frames * x.size(3);
        return i / perSample * frames + i / x.size(3) % frames;
    }
}
