package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.internal.cpu.vector.KernelCase.Limit;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/** How far F32 kernels may be from the F64 reference on the same inputs; one table for all tests of this package. */
final class KernelLimits {
    private static final double ULP = 0x1p-23;
    /** Below the normal range a result may lose its last bits. */
    private static final double UNDERFLOW = 0x1p-126;

    /** One rounding. */
    static final Limit ROUNDED = new Limit(0.5 * ULP, UNDERFLOW);
    /** A product and a sum of values of size 10. */
    static final Limit FUSED = new Limit(ULP, 10 * ULP);
    /** Sums of up to 2000 products of values of size 3. */
    static final Limit SUMMED = new Limit(4 * ULP, 200 * ULP);
    /** Means over a row divide rounding errors again; elements of size 10. */
    static final Limit NORM = new Limit(8 * ULP, 20 * ULP);

    /** Sums in double, rounded once; terms of size 30 may cancel. */
    static final Limit SUMMED_IN_DOUBLE = new Limit(0.5 * ULP, 1e-10);

    private KernelLimits() {}

    static Limit of(Unary f) {
        return switch (f) {
            case NEG, ABS, SQUARE, RECIPROCAL, SQRT, RELU -> ROUNDED;
            case EXP, LOG -> new Limit(ULP, UNDERFLOW);
            case SIN, COS -> new Limit(1.5 * ULP, UNDERFLOW);
            case TANH, SIGMOID, SILU -> new Limit(3 * ULP, UNDERFLOW);
            case GELU -> new Limit(5 * ULP, UNDERFLOW);
        };
    }

    /** Derivatives that cross zero are measured against the size of their terms, at most 10. */
    static Limit ofBackward(Unary f) {
        return switch (f) {
            case NEG, ABS, SQUARE, RELU -> ROUNDED;
            case RECIPROCAL, SQRT, EXP, LOG -> new Limit(2 * ULP, UNDERFLOW);
            case SIN, COS -> new Limit(2 * ULP, UNDERFLOW);
            // The reference itself cancels to 1e-15 far from zero.
            case TANH, SIGMOID -> new Limit(4 * ULP, 1e-14);
            case SILU, GELU -> new Limit(8 * ULP, 10 * ULP);
        };
    }
}
