package org.cosmosj.tensor.internal.cpu.vector;

import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/** One head of a (B, tokens, h, width) operand as a matrix. */
final class AttentionHeads {
    private AttentionHeads() {}

    /** Tokens become panels, sums run over the width. */
    static StridedMatrix tokens(Operand x, int batch, int head) {
        long size = x.dtype().byteSize();
        return new StridedMatrix(CpuBuffer.segment(x), x.dtype(), start(x, batch, head), size * x.layout().stride(1),
                size);
    }

    /** The width becomes panels, sums run over the tokens. */
    static StridedMatrix widths(Operand x, int batch, int head) {
        long size = x.dtype().byteSize();
        return new StridedMatrix(CpuBuffer.segment(x), x.dtype(), start(x, batch, head), size,
                size * x.layout().stride(1));
    }

    /** Byte offset of a head's first element. */
    static long start(Operand x, int batch, int head) {
        return x.byteOffset() + x.dtype().byteSize() * (batch * x.layout().stride(0) + head * x.layout().stride(2));
    }

    /** Sizes round up to whole panels. */
    static int roundUp(int size, int unit) {
        return (size + unit - 1) / unit * unit;
    }
}
