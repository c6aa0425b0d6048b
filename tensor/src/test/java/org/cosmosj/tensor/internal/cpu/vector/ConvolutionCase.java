package org.cosmosj.tensor.internal.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cosmosj.tensor.DType.F32;
import static org.cosmosj.tensor.DType.F64;

import java.util.Arrays;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarConvolutionKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.ConvolutionKernels;
import org.cosmosj.testing.SeededArrays;

/** One convolution with seeded data, run by any kernels in any dtype. */
record ConvolutionCase(String name, int batch, int channels, int rows, int frames, int height, int width,
        ConvGeometry geometry) {
    /** Rounding of F32 sums, relative to the sum of absolute values; measured 2.7e-7 at most. */
    private static final double TOLERANCE = 1e-6;

    /** Which of the three passes. */
    enum Pass { FORWARD, BACKWARD_INPUT, BACKWARD_WEIGHT }

    private static final ConvolutionKernels VECTOR = new VectorConvolutionKernels();
    private static final ConvolutionKernels SCALAR = new ScalarConvolutionKernels();

    private long[] x() {
        return new long[] {batch, channels, frames, height, width};
    }

    private long[] weight() {
        return new long[] {rows, channels, geometry.kernelT(), geometry.kernelH(), geometry.kernelW()};
    }

    private long[] out() {
        return geometry.outputShape(Shape.of(x()), rows).toArray();
    }

    /** The expected results of a pass. */
    double[] reference(Pass pass) {
        return run(SCALAR, F64, pass, Sign.PLAIN);
    }

    /** The results of a pass in F32 with the vector kernels, all tensors one after the other. */
    double[] fast(Pass pass) {
        return run(VECTOR, F32, pass, Sign.PLAIN);
    }

    void assertMatchesScalar(Pass pass) {
        double[] expected = reference(pass);
        double[] scale = run(SCALAR, F64, pass, Sign.ABSOLUTE);
        assertClose(pass, fast(pass), expected, scale);
    }

    void assertClose(Pass pass, double[] actual, double[] expected, double[] scale) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE * scale[i])) {
                throw new AssertionError(this + " " + pass + " at " + i + ": actual " + actual[i] + ", expected "
                        + expected[i] + ", limit " + TOLERANCE * scale[i]);
            }
        }
    }

    /** Whether data are taken as they are or by their absolute value, for the scale of rounding errors. */
    private enum Sign {
        PLAIN, ABSOLUTE;

        double[] random(long seed, long... shape) {
            double[] values = SeededArrays.normal(seed, Shape.of(shape).numel());
            return this == PLAIN ? values : Arrays.stream(values).map(Math::abs).toArray();
        }
    }

    private double[] run(ConvolutionKernels kernels, DType dtype, Pass pass, Sign sign) {
        GuardedOperand x = GuardedOperand.of(dtype, sign.random(1, x()), x());
        GuardedOperand weight = GuardedOperand.of(dtype, sign.random(2, weight()), weight());
        GuardedOperand bias = GuardedOperand.of(dtype, sign.random(3, rows), rows);
        GuardedOperand out = GuardedOperand.of(dtype, sign.random(4, out()), out());
        switch (pass) {
            case FORWARD -> kernels.conv3d(x.operand(), weight.operand(), bias.operand(), geometry, out.operand());
            case BACKWARD_INPUT -> kernels.conv3dBackwardInput(out.operand(), weight.operand(), geometry, x.operand());
            case BACKWARD_WEIGHT -> kernels.conv3dBackwardWeight(out.operand(), x.operand(), geometry,
                    weight.operand(), bias.operand(), Accumulation.ADD);
        }
        x.assertGuardsUntouched(this + " x");
        weight.assertGuardsUntouched(this + " weight");
        bias.assertGuardsUntouched(this + " bias");
        out.assertGuardsUntouched(this + " out");
        return switch (pass) {
            case FORWARD -> out.values();
            case BACKWARD_INPUT -> x.values();
            case BACKWARD_WEIGHT -> concat(weight.values(), bias.values());
        };
    }

    private static double[] concat(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Override
    public String toString() {
        return name + " B" + batch + " C" + channels + "->" + rows + " T" + frames + " " + height + "x" + width;
    }
}
