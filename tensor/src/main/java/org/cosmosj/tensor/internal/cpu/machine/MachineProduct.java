package org.cosmosj.tensor.internal.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.ProductBlocks;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** One matrix product by machine code, from packed panels or, with few rows, from weights as they stand. */
final class MachineProduct {
    /** Columns of the result that are finished together: with the packed rows, half of an L2 of 1 MiB. */
    private static final int RESULT_COLUMNS = 384;
    /** Blocks of K whose panels are packed together. */
    private static final int BLOCKS_AT_ONCE = 4;

    private final MachineCode code;
    private final Tiling tiling;
    private final Arithmetic arithmetic;
    private final Factor left;
    private final Factor right;
    private final MemorySegment outMemory;
    private final long out;
    private final long rowBytes;
    private final long outBatch;
    private final int depth;
    private final int depthStep;
    private final boolean add;
    private final ProductBlocks blocks;

    /** Contract of {@code MatmulKernels}; x and y F32 or BF16, out F32, no size 0. */
    MachineProduct(MachineCode code, Arithmetic arithmetic, Operand x, Operand y, Operand out,
            Accumulation accumulation) {
        this.code = code;
        this.tiling = code.tiling();
        this.arithmetic = arithmetic;
        this.left = Factor.of(x, 1, 2, arithmetic);
        this.right = Factor.of(y, 2, 1, arithmetic);
        this.outMemory = CpuBuffer.segment(out);
        this.out = Factor.addressOf(out);
        this.rowBytes = 4 * out.layout().stride(1);
        this.outBatch = 4 * out.layout().stride(0);
        this.blocks = new ProductBlocks(x, y, out,
                new ProductBlocks.Unit(tiling.rows(), tiling.columns(), tiling.packedColumns()));
        this.depth = blocks.depth();
        this.depthStep = arithmetic.depthStep(depth);
        this.add = accumulation == Accumulation.ADD;
    }

    void run() {
        try {
            if (blocks.batches() == 1 && SlimProduct.fits(blocks.rows(), depth, right)) {
                new SlimProduct(code, arithmetic, left, right, new SlimProduct.Result(outMemory,
                        out - outMemory.address(), rowBytes, blocks.rows(), blocks.columns(), add), depth).run();
            } else {
                blocks.run(this::block);
            }
        } finally {
            Reference.reachabilityFence(left);
            Reference.reachabilityFence(right);
            Reference.reachabilityFence(outMemory);
        }
    }

    /**
     * A block of the result. Blocks of K are taken several at a time, so that a part of the result stays in the L2
     * while they are added to it, and panels of the right factor stream by.
     */
    private void block(int batch, int row, int height, int column, int width) {
        int parts = (height + tiling.packedRows() - 1) / tiling.packedRows();
        int high = ProductBlocks.evenStep(height, parts, tiling.rows());
        int wide = Math.min(width, RESULT_COLUMNS / tiling.columns() * tiling.columns());
        Panels panels = new Panels(high, parts == 1 ? wide : width);
        for (int k = 0; k < depth; k += BLOCKS_AT_ONCE * depthStep) {
            int blocks = Math.min(BLOCKS_AT_ONCE, (depth - k + depthStep - 1) / depthStep);
            for (int b = 0; parts > 1 && b < blocks; b++) {
                packRight(panels, batch, column, width, k, b);
            }
            for (int i = 0; i < height; i += high) {
                for (int j = 0; j < width; j += wide) {
                    int rows = Math.min(high, height - i);
                    int columns = Math.min(wide, width - j);
                    for (int b = 0; b < blocks; b++) {
                        if (parts == 1) {
                            packRight(panels, batch, column + j, columns, k, b);
                        }
                        if (j == 0) {
                            pack(left, batch, row + i, rows, k, b, panels.left(b, 0), tiling.rows());
                        }
                        multiply(panels, b, parts == 1 ? 0 : j, rows, columns, k + b * depthStep,
                                out + batch * outBatch + (row + i) * rowBytes + 4L * (column + j));
                    }
                }
            }
        }
    }

    private void packRight(Panels panels, int batch, int first, int count, int k, int b) {
        pack(right, batch, first, count, k, b, panels.right(b, 0), tiling.columns());
    }

    /** Where packed panels stand: by block of K, then by lane. */
    private final class Panels {
        private final long left;
        private final long right;
        private final long leftBlock;
        private final long rightBlock;

        Panels(int rows, int columns) {
            Scratch scratch = Scratch.current();
            int blocks = Math.min(BLOCKS_AT_ONCE, (depth + depthStep - 1) / depthStep);
            this.leftBlock = (rows + tiling.rows() - 1) / tiling.rows() * panelBytes(tiling.rows());
            this.rightBlock = (columns + tiling.columns() - 1) / tiling.columns() * panelBytes(tiling.columns());
            this.left = scratch.left(blocks * leftBlock);
            this.right = scratch.right(blocks * rightBlock);
        }

        long left(int block, int row) {
            return left + block * leftBlock + row / tiling.rows() * panelBytes(tiling.rows());
        }

        long right(int block, int column) {
            return right + block * rightBlock + column / tiling.columns() * panelBytes(tiling.columns());
        }
    }

    private long panelBytes(int width) {
        return Factor.panelBytes(arithmetic.steps(Math.min(depth, depthStep)), width);
    }

    /** Packs the lanes of one block of K, the {@code b}-th from {@code k}. */
    private void pack(Factor factor, int batch, int first, int count, int k, int b, long panels, int width) {
        int from = k + b * depthStep;
        for (int i = 0; i < count; i += width) {
            factor.pack(code, batch, first + i, Math.min(width, count - i), from, Math.min(depthStep, depth - from),
                    panels + i / width * panelBytes(width), width);
        }
    }

    private void multiply(Panels panels, int b, int column, int high, int wide, int k, long to) {
        int rows = tiling.rows();
        int columns = tiling.columns();
        int steps = arithmetic.steps(Math.min(depthStep, depth - k));
        for (int j = 0; j < wide; j += columns) {
            int tileColumns = Math.min(columns, wide - j);
            int vectors = (tileColumns + 15) / 16;
            long lanes = tileColumns % 16 == 0 ? 0 : (1L << tileColumns % 16) - 1;
            long flags = lanes << 1 | (add || k > 0 ? 1 : 0);
            MemorySegment full = tile(Math.min(rows, high), vectors, lanes != 0);
            MemorySegment last = high % rows == 0 ? full : tile(high % rows, vectors, lanes != 0);
            long rightPanel = panels.right(b, column + j);
            for (int i = 0; i < high; i += rows) {
                MachineCode.call(i + rows <= high ? full : last, panels.left(b, i), rightPanel,
                        to + i * rowBytes + 4L * j, rowBytes, steps, flags);
            }
        }
    }

    private MemorySegment tile(int rows, int vectors, boolean edge) {
        return code.tile(arithmetic, rows, vectors, edge);
    }
}
