package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.tensor.spi.Operand;

/** The convolution sums as written; all three passes visit the same (output, tap) pairs. */
public class ScalarConvolutionKernels implements ConvolutionKernels {
    /** What to do with one output position and the input position one tap reads. */
    @FunctionalInterface
    private interface Visit {
        void pair(long output, long weight, long input);
    }

    @Override
    public void conv3d(Operand x, Operand weight, Operand bias, ConvGeometry geometry, Operand out) {
        Elements from = Elements.of(x);
        Elements kernel = Elements.of(weight);
        double[] sums = new double[(int) out.numel()];
        walk(x, out, geometry, (o, w, i) -> sums[(int) o] += kernel.get(w) * from.get(i));
        Elements to = Elements.of(out);
        long perChannel = out.size(2) * out.size(3) * out.size(4);
        for (int i = 0; i < sums.length; i++) {
            long channel = i / perChannel % out.size(1);
            to.set(i, sums[i] + (bias == null ? 0 : Elements.of(bias).get(channel)));
        }
    }

    @Override
    public void conv3dBackwardInput(Operand dOut, Operand weight, ConvGeometry geometry, Operand dX) {
        Elements gradient = Elements.of(dOut);
        Elements kernel = Elements.of(weight);
        double[] sums = new double[(int) dX.numel()];
        walk(dX, dOut, geometry, (o, w, i) -> sums[(int) i] += kernel.get(w) * gradient.get(o));
        store(sums, dX, Accumulation.ASSIGN);
    }

    @Override
    public void conv3dBackwardWeight(Operand dOut, Operand x, ConvGeometry geometry, Operand dWeight, Operand dBias,
            Accumulation accumulation) {
        Elements gradient = Elements.of(dOut);
        Elements from = Elements.of(x);
        double[] sums = new double[(int) dWeight.numel()];
        walk(x, dOut, geometry, (o, w, i) -> sums[(int) w] += gradient.get(o) * from.get(i));
        store(sums, dWeight, accumulation);
        if (dBias != null) {
            double[] biases = new double[(int) dBias.numel()];
            long perChannel = dOut.size(2) * dOut.size(3) * dOut.size(4);
            for (long i = 0; i < dOut.numel(); i++) {
                biases[(int) (i / perChannel % dOut.size(1))] += gradient.get(i);
            }
            store(biases, dBias, accumulation);
        }
    }

    private static void store(double[] sums, Operand out, Accumulation accumulation) {
        Elements to = Elements.of(out);
        for (int i = 0; i < sums.length; i++) {
            to.set(i, accumulation == Accumulation.ADD ? to.get(i) + sums[i] : sums[i]);
        }
    }

    private static void walk(Operand x, Operand out, ConvGeometry g, Visit visit) {
        long channels = x.size(1);
        int taps = g.kernelT() * g.kernelH() * g.kernelW();
        for (long o = 0; o < out.numel(); o++) {
            long column = o % out.size(4);
            long row = o / out.size(4) % out.size(3);
            long frame = o / (out.size(4) * out.size(3)) % out.size(2);
            long channel = o / (out.size(4) * out.size(3) * out.size(2)) % out.size(1);
            long sample = o / (out.size(4) * out.size(3) * out.size(2) * out.size(1));
            for (int tap = 0; tap < taps; tap++) {
                long t = frame * g.strideT() + tap / (g.kernelW() * g.kernelH()) - g.front();
                long y = row * g.strideH() + tap / g.kernelW() % g.kernelH() - g.top();
                long z = column * g.strideW() + tap % g.kernelW() - g.left();
                if (t < 0 || t >= x.size(2) || y < 0 || y >= x.size(3) || z < 0 || z >= x.size(4)) {
                    continue;
                }
                for (long c = 0; c < channels; c++) {
                    long input = (((sample * channels + c) * x.size(2) + t) * x.size(3) + y) * x.size(4) + z;
                    visit.pair(o, (channel * channels + c) * taps + tap, input);
                }
            }
        }
    }

    @Override
    public void upsampleNearest2x(Operand x, Operand out) {
        Elements from = Elements.of(x);
        Elements to = Elements.of(out);
        for (long i = 0; i < out.numel(); i++) {
            to.set(i, from.get(source(x, i)));
        }
    }

    @Override
    public void upsampleNearest2xBackward(Operand dOut, Operand dX) {
        Elements gradient = Elements.of(dOut);
        double[] sums = new double[(int) dX.numel()];
        for (long i = 0; i < dOut.numel(); i++) {
            sums[(int) source(dX, i)] += gradient.get(i);
        }
        store(sums, dX, Accumulation.ASSIGN);
    }

    /** Position in (N, H, W) that position i of (N, 2H, 2W) repeats. */
    private static long source(Operand x, long i) {
        long w = x.size(2);
        long h = x.size(1);
        return i / (4 * h * w) * h * w + i / (2 * w) % (2 * h) / 2 * w + i % (2 * w) / 2;
    }
}
