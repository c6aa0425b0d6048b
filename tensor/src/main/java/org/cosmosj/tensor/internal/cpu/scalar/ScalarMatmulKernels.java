package org.cosmosj.tensor.internal.cpu.scalar;

import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.MatmulKernels;
import org.cosmosj.tensor.spi.Operand;

/** The triple loop, summing over K in index order in double precision. */
public class ScalarMatmulKernels implements MatmulKernels {
    @Override
    public void matmul(Operand x, Operand y, Operand out, Accumulation accumulation) {
        Elements left = Elements.of(x);
        Elements right = Elements.of(y);
        Elements to = Elements.of(out);
        long rowStride = out.layout().stride(1);
        for (long b = 0; b < out.size(0); b++) {
            for (long m = 0; m < out.size(1); m++) {
                long atX = b * x.layout().stride(0) + m * x.layout().stride(1);
                for (long n = 0; n < out.size(2); n++) {
                    long atY = b * y.layout().stride(0) + n * y.layout().stride(2);
                    double sum = 0;
                    for (long k = 0; k < x.size(2); k++) {
                        sum += left.get(atX + k * x.layout().stride(2)) * right.get(atY + k * y.layout().stride(1));
                    }
                    long at = b * out.layout().stride(0) + m * rowStride + n;
                    to.set(at, accumulation == Accumulation.ADD ? to.get(at) + sum : sum);
                }
            }
        }
    }
}
