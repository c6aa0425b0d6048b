package org.cosmosj.tensor.spi;

/** Elementwise arithmetic on contiguous operands, except that {@link #binary} reads broadcast operands. */
public interface ElementwiseKernels {
    /** Functions of one element; {@code y} is the result, {@code dX = dY * derivative}. */
    enum Unary {
        /** {@code -x}. */
        NEG,
        /** {@code |x|}. */
        ABS,
        /** {@code x^2}. */
        SQUARE,
        /** {@code 1/x}. */
        RECIPROCAL,
        /** {@code sqrt(x)}. */
        SQRT,
        /** {@code e^x}. */
        EXP,
        /** {@code ln x}. */
        LOG,
        /** {@code sin x}. */
        SIN,
        /** {@code cos x}. */
        COS,
        /** {@code tanh x}. */
        TANH,
        /** {@code 1/(1+e^-x)}. */
        SIGMOID,
        /** {@code max(x, 0)}. */
        RELU,
        /** {@code x sigmoid(x)}. */
        SILU,
        /** {@code x Phi(x) = x (1 + erf(x/sqrt 2))/2}, the exact form. */
        GELU
    }

    /** Functions of two elements. */
    enum Binary {
        /** {@code a + b}. */
        ADD,
        /** {@code a - b}. */
        SUB,
        /** {@code a * b}. */
        MUL,
        /** {@code a / b}. */
        DIV,
        /** {@code max(a, b)}. */
        MAX,
        /** {@code min(a, b)}. */
        MIN
    }

    /**
     * {@code out = f(x)}.
     *
     * @param f the function
     * @param x any shape
     * @param out same shape; may be {@code x} itself
     */
    void unary(Unary f, Operand x, Operand out);

    /**
     * {@code dX = dY f'(x)}.
     *
     * @param f the function
     * @param x the forward input
     * @param dY gradient of the result
     * @param dX gradient of the input; may be {@code dY} itself
     */
    void unaryBackward(Unary f, Operand x, Operand dY, Operand dX);

    /**
     * {@code out = f(a, b)} with broadcasting.
     *
     * @param f the function
     * @param a layout of the shape of {@code out}, any strides including 0
     * @param b likewise
     * @param out contiguous; may be {@code a} or {@code b} if that is contiguous
     */
    void binary(Binary f, Operand a, Operand b, Operand out);

    /**
     * {@code out = x * scale + shift}.
     *
     * @param x any shape
     * @param scale factor, rounded to the dtype
     * @param shift summand, rounded to the dtype
     * @param out same shape; may be {@code x} itself
     */
    void affine(Operand x, double scale, double shift, Operand out);

    /**
     * {@code y += alpha * x}.
     *
     * @param alpha factor, rounded to the dtype
     * @param x any shape
     * @param y same shape
     */
    void axpy(double alpha, Operand x, Operand y);

    /**
     * Gated residual: {@code out[g,p,:] = x[g,p,:] + gate[g,:] * y[g,p,:]}. Source: spec 01 section 8.
     *
     * @param x (G, P, D)
     * @param gate (G, D)
     * @param y (G, P, D)
     * @param out (G, P, D); may be {@code x} itself
     */
    void gatedResidual(Operand x, Operand gate, Operand y, Operand out);

    /**
     * {@code dY = dOut * gate}, {@code dGate[g,:] = sum_p dOut[g,p,:] * y[g,p,:]}; the gradient of x is dOut.
     *
     * @param dOut (G, P, D)
     * @param gate (G, D)
     * @param y (G, P, D)
     * @param dY (G, P, D)
     * @param dGate (G, D)
     */
    void gatedResidualBackward(Operand dOut, Operand gate, Operand y, Operand dY, Operand dGate);
}
