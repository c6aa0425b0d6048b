package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.ElementwiseKernels;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Elementwise arithmetic, element by element. */
public class ScalarElementwiseKernels implements ElementwiseKernels {
    @Override
    public void unary(Unary f, Operand x, Operand out) {
        Elements from = Elements.of(x);
        Elements to = Elements.of(out);
        for (long i = 0; i < out.numel(); i++) {
            to.set(i, ScalarMath.apply(f, from.get(i)));
        }
    }

    @Override
    public void unaryBackward(Unary f, Operand x, Operand dY, Operand dX) {
        Elements from = Elements.of(x);
        Elements gradient = Elements.of(dY);
        Elements to = Elements.of(dX);
        for (long i = 0; i < dX.numel(); i++) {
            to.set(i, gradient.get(i) * ScalarMath.derivative(f, from.get(i)));
        }
    }

    @Override
    public void binary(Binary f, Operand a, Operand b, Operand out) {
        Elements left = Elements.of(a);
        Elements right = Elements.of(b);
        Elements to = Elements.of(out);
        long[] sizes = out.shape().toArray();
        long[] index = new long[sizes.length];
        long count = out.numel();
        long atA = 0;
        long atB = 0;
        for (long i = 0; i < count; i++) {
            to.set(i, apply(f, left.get(atA), right.get(atB)));
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                atA += a.layout().stride(axis);
                atB += b.layout().stride(axis);
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                index[axis] = 0;
                atA -= sizes[axis] * stride(a.layout(), axis);
                atB -= sizes[axis] * stride(b.layout(), axis);
            }
        }
    }

    private static long stride(Layout layout, int axis) {
        return layout.stride(axis);
    }

    private static double apply(Binary f, double a, double b) {
        return switch (f) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    @Override
    public void affine(Operand x, double scale, double shift, Operand out) {
        double factor = rounded(scale, x);
        double summand = rounded(shift, x);
        Elements from = Elements.of(x);
        Elements to = Elements.of(out);
        for (long i = 0; i < out.numel(); i++) {
            to.set(i, from.get(i) * factor + summand);
        }
    }

    @Override
    public void axpy(double alpha, Operand x, Operand y) {
        double factor = rounded(alpha, x);
        Elements from = Elements.of(x);
        Elements to = Elements.of(y);
        for (long i = 0; i < y.numel(); i++) {
            to.add(i, factor * from.get(i));
        }
    }

    private static double rounded(double constant, Operand like) {
        return like.dtype() == DType.F32 ? (float) constant : constant;
    }

    @Override
    public void gatedResidual(Operand x, Operand gate, Operand y, Operand out) {
        Elements residual = Elements.of(x);
        Elements gates = Elements.of(gate);
        Elements branch = Elements.of(y);
        Elements to = Elements.of(out);
        long rows = x.size(1);
        long d = x.size(2);
        for (long i = 0; i < out.numel(); i++) {
            double g = gates.get(i / (rows * d) * d + i % d);
            to.set(i, residual.get(i) + g * branch.get(i));
        }
    }

    @Override
    public void gatedResidualBackward(Operand dOut, Operand gate, Operand y, Operand dY, Operand dGate) {
        Elements gradient = Elements.of(dOut);
        Elements gates = Elements.of(gate);
        Elements branch = Elements.of(y);
        Elements toBranch = Elements.of(dY);
        Elements toGate = Elements.of(dGate);
        long rows = y.size(1);
        long d = y.size(2);
        for (long g = 0; g < gate.size(0); g++) {
            for (long c = 0; c < d; c++) {
                double sum = 0;
                for (long p = 0; p < rows; p++) {
                    long i = (g * rows + p) * d + c;
                    toBranch.set(i, gradient.get(i) * gates.get(g * d + c));
                    sum += gradient.get(i) * branch.get(i);
                }
                toGate.set(g * d + c, sum);
            }
        }
    }
}
