package org.cosmosj.tensor.internal.cpu.machine;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.spi.Operand;

/**
 * One factor of a product as packing sees it: an axis that becomes the lanes of panels (rows of the left factor,
 * columns of the right one) and the axis of summation, one of them with unit stride.
 *
 * @param memory the whole buffer, kept so that it stays reachable
 * @param address of the first element
 * @param packing on the way into panels
 * @param laneBytes from neighbour to neighbour along the lanes
 * @param depthBytes the same along the axis of summation
 * @param batchBytes from matrix to matrix
 */
record Factor(MemorySegment memory, long address, Packing packing, long laneBytes, long depthBytes,
        long batchBytes) {
    /** Bytes that packing may write behind a panel. */
    static final int SLACK = 128;

    static Factor of(Operand operand, int laneAxis, int depthAxis, Arithmetic arithmetic) {
        long size = operand.dtype().byteSize();
        // The stride of an axis of size 1 says nothing; 1 keeps the contract of one unit stride.
        long lane = operand.size(laneAxis) == 1 ? 1 : operand.layout().stride(laneAxis);
        long depth = operand.size(depthAxis) == 1 ? 1 : operand.layout().stride(depthAxis);
        return new Factor(CpuBuffer.segment(operand), addressOf(operand), Packing.of(operand.dtype(), arithmetic),
                size * lane, size * depth, size * operand.layout().stride(0));
    }

    /** Where an operand begins; {@link CpuBuffer#segment} checks that all of it lies in its buffer. */
    static long addressOf(Operand operand) {
        return CpuBuffer.segment(operand).address() + operand.byteOffset();
    }

    /** Bytes of a panel with its slack. */
    static long panelBytes(int steps, int width) {
        return (steps + 15) / 16 * 64L * width + SLACK;
    }

    /** Whether lines of contiguous elements run along the axis of summation. */
    boolean alongDepth() {
        return depthBytes == packing.elementBytes();
    }

    /** The address of an element. */
    long at(int batch, long lane, long depth) {
        return address + batch * batchBytes + lane * laneBytes + depth * depthBytes;
    }

    /**
     * Packs lanes {@code [lane, lane + count)} of the steps that hold elements {@code [depth, depth + deep)} of K into
     * one panel. Writes whole blocks of 16 steps and up to {@link #SLACK} bytes behind them; lanes behind {@code count}
     * stay undefined.
     *
     * @param panel address
     * @param width of the panel in lanes
     */
    void pack(MachineCode code, int batch, int lane, int count, int depth, int deep, long panel, int width) {
        long stepBytes = 4L * width;
        long from = at(batch, lane, depth);
        if (alongDepth()) {
            int blocks = deep / packing.blockElements();
            long tail = (1L << deep % packing.blockElements()) - 1;
            // Backwards: a group writes 16 lanes even where the panel has fewer left, over the next step's first.
            for (int i = (count - 1) / 16 * 16; i >= 0; i -= 16) {
                MachineCode.call(code.alongDepth(packing, Math.min(16, count - i)), from + i * laneBytes, laneBytes,
                        panel + 4L * i, stepBytes, blocks, tail);
            }
        } else {
            for (int i = (count - 1) / 32 * 32; i >= 0; i -= 32) {
                int lanes = Math.min(32, count - i);
                MachineCode.call(code.acrossPanels(packing, (lanes + 15) / 16), from + i * laneBytes, depthBytes,
                        panel + 4L * i, stepBytes, deep, (1L << lanes) - 1);
            }
        }
    }
}
