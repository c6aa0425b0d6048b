package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.AttentionKernels;
import org.cosmosj.tensor.spi.Operand;

/** Attention row by row with the whole row of logits at hand, in double precision. */
public class ScalarAttentionKernels implements AttentionKernels {
    @Override
    public void attention(Operand q, Operand k, Operand v, double scale, Operand out, Operand logSumExp) {
        Elements values = Elements.of(v);
        Elements to = Elements.of(out);
        Elements lse = Elements.of(logSumExp);
        int keys = (int) k.size(1);
        boolean rounds = q.dtype() == DType.BF16;
        double[] p = new double[keys];
        for (long b = 0; b < q.size(0); b++) {
            for (long h = 0; h < q.size(2); h++) {
                for (long i = 0; i < q.size(1); i++) {
                    logits(q, k, b, i, h, scale, p);
                    double max = Double.NEGATIVE_INFINITY;
                    for (double logit : p) {
                        max = Math.max(max, logit);
                    }
                    double sum = 0;
                    for (int j = 0; j < keys; j++) {
                        p[j] = StrictMath.exp(p[j] - max);
                        sum += p[j];
                        p[j] = rounds ? Elements.roundedToBf16((float) p[j]) : p[j];
                    }
                    lse.set((b * q.size(2) + h) * q.size(1) + i, max + StrictMath.log(sum));
                    for (long e = 0; e < v.size(3); e++) {
                        double mix = 0;
                        for (int j = 0; j < keys; j++) {
                            mix += p[j] * values.get(at(v, b, j, h) + e);
                        }
                        to.set(at(out, b, i, h) + e, mix / sum);
                    }
                }
            }
        }
    }

    private static void logits(Operand q, Operand k, long b, long i, long h, double scale, double[] into) {
        Elements queries = Elements.of(q);
        Elements keys = Elements.of(k);
        for (int j = 0; j < into.length; j++) {
            double dot = 0;
            for (long d = 0; d < q.size(3); d++) {
                dot += queries.get(at(q, b, i, h) + d) * keys.get(at(k, b, j, h) + d);
            }
            into[j] = scale * dot;
        }
    }

    private static long at(Operand x, long b, long token, long head) {
        return b * x.layout().stride(0) + token * x.layout().stride(1) + head * x.layout().stride(2);
    }

    @Override
    public void attentionBackward(Operand dOut, Operand q, Operand k, Operand v, Operand out, Operand logSumExp,
            double scale, Operand dQ, Operand dK, Operand dV) {
        int keys = (int) k.size(1);
        for (long b = 0; b < q.size(0); b++) {
            for (long h = 0; h < q.size(2); h++) {
                double[] sumK = new double[(int) (keys * k.size(3))];
                double[] sumV = new double[(int) (keys * v.size(3))];
                for (long i = 0; i < q.size(1); i++) {
                    row(dOut, q, k, v, out, logSumExp, scale, dQ, b, i, h, sumK, sumV);
                }
                store(sumK, dK, b, h);
                store(sumV, dV, b, h);
            }
        }
    }

    private static void row(Operand dOut, Operand q, Operand k, Operand v, Operand out, Operand logSumExp,
            double scale, Operand dQ, long b, long i, long h, double[] sumK, double[] sumV) {
        Elements gradient = Elements.of(dOut);
        Elements queries = Elements.of(q);
        Elements keysOf = Elements.of(k);
        Elements values = Elements.of(v);
        Elements results = Elements.of(out);
        int d = (int) q.size(3);
        int e = (int) v.size(3);
        double[] p = new double[(int) k.size(1)];
        logits(q, k, b, i, h, scale, p);
        double lse = Elements.of(logSumExp).get((b * q.size(2) + h) * q.size(1) + i);
        double delta = 0;
        for (int c = 0; c < e; c++) {
            delta += gradient.get(at(dOut, b, i, h) + c) * results.get(at(out, b, i, h) + c);
        }
        double[] query = new double[d];
        for (int j = 0; j < p.length; j++) {
            double weight = StrictMath.exp(p[j] - lse);
            double dP = 0;
            for (int c = 0; c < e; c++) {
                double g = gradient.get(at(dOut, b, i, h) + c);
                dP += g * values.get(at(v, b, j, h) + c);
                sumV[j * e + c] += weight * g;
            }
            double dS = scale * weight * (dP - delta);
            for (int c = 0; c < d; c++) {
                query[c] += dS * keysOf.get(at(k, b, j, h) + c);
                sumK[j * d + c] += dS * queries.get(at(q, b, i, h) + c);
            }
        }
        Elements to = Elements.of(dQ);
        for (int c = 0; c < d; c++) {
            to.set(at(dQ, b, i, h) + c, query[c]);
        }
    }

    private static void store(double[] sums, Operand gradient, long b, long h) {
        Elements to = Elements.of(gradient);
        int width = (int) gradient.size(3);
        for (int i = 0; i < sums.length; i++) {
            to.set(at(gradient, b, i / width, h) + i % width, sums[i]);
        }
    }
}
