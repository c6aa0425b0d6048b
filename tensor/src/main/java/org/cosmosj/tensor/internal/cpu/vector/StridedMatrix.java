package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * One factor of a product as packing sees it: an axis that becomes panels (rows of the left factor, columns of the
 * right one) and the axis of summation, one of them with unit stride.
 *
 * @param memory the whole buffer
 * @param dtype F32 or BF16
 * @param start byte offset of the first element
 * @param panelStride bytes between neighbours along the panel axis
 * @param depthStride bytes between neighbours along the axis of summation
 */
record StridedMatrix(MemorySegment memory, DType dtype, long start, long panelStride, long depthStride) {
    /** The view of an operand at a batch index of 0. */
    static StridedMatrix of(Operand operand, int panelAxis, int depthAxis) {
        long size = operand.dtype().byteSize();
        // The stride of an axis of size 1 says nothing; 1 keeps the contract of one unit stride.
        long panelStride = operand.size(panelAxis) == 1 ? 1 : operand.layout().stride(panelAxis);
        long depthStride = operand.size(depthAxis) == 1 ? 1 : operand.layout().stride(depthAxis);
        return new StridedMatrix(CpuBuffer.segment(operand), operand.dtype(), operand.byteOffset(), size * panelStride,
                size * depthStride);
    }

    /** Whether lines of contiguous elements run along the axis of summation. */
    boolean deep() {
        return panelStride != dtype.byteSize();
    }

    /** Byte offset of an element. */
    long at(long panel, long depth) {
        return start + panel * panelStride + depth * depthStride;
    }

    /** The same matrix further on in memory. */
    StridedMatrix shifted(long bytes) {
        return bytes == 0 ? this : new StridedMatrix(memory, dtype, start + bytes, panelStride, depthStride);
    }
}
