package org.cosmosj.tensor.internal.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.ProductBlocks;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** One matrix product by machine code, from packed panels or, with few rows, from weights as they stand. */
final class MachineProduct {
    /** Columns of the right factor that are packed at a time when there is one block of rows: they stay in the L2. */
    private static final int STREAMED_COLUMNS = 256;

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

    private void block(int batch, int row, int height, int column, int width) {
        long to = out + batch * outBatch + row * rowBytes + 4L * column;
        int parts = (height + tiling.packedRows() - 1) / tiling.packedRows();
        int rowsAtOnce = ProductBlocks.evenStep(height, parts, tiling.rows());
        int columnsAtOnce = parts == 1 ? STREAMED_COLUMNS / tiling.columns() * tiling.columns() : width;
        Panels a = new Panels(Scratch.current(), rowsAtOnce, Math.min(columnsAtOnce, width));
        for (int k = 0; k < depth; k += depthStep) {
            int deep = Math.min(depthStep, depth - k);
            long flags = add || k > 0 ? 1 : 0;
            for (int j = 0; j < width; j += columnsAtOnce) {
                int wide = Math.min(columnsAtOnce, width - j);
                pack(right, batch, column + j, wide, k, deep, a.right, tiling.columns(), a.rightBytes);
                for (int i = 0; i < height; i += rowsAtOnce) {
                    int high = Math.min(rowsAtOnce, height - i);
                    if (j == 0 || parts > 1) {
                        pack(left, batch, row + i, high, k, deep, a.left, tiling.rows(), a.leftBytes);
                    }
                    multiply(a, high, wide, arithmetic.steps(deep), to + i * rowBytes + 4L * j, flags);
                }
            }
        }
    }

    /** Where packed panels stand. */
    private final class Panels {
        private final long leftBytes = Factor.panelBytes(Arithmetic.LONGEST, tiling.rows());
        private final long rightBytes = Factor.panelBytes(Arithmetic.LONGEST, tiling.columns());
        private final long left;
        private final long right;

        Panels(Scratch scratch, int rows, int columns) {
            this.left = scratch.left((rows + tiling.rows() - 1) / tiling.rows() * leftBytes);
            this.right = scratch.right((columns + tiling.columns() - 1) / tiling.columns() * rightBytes);
        }
    }

    private void pack(Factor factor, int batch, int first, int count, int depthFirst, int deep, long panels, int width,
            long panelBytes) {
        for (int i = 0; i < count; i += width) {
            factor.pack(code, batch, first + i, Math.min(width, count - i), depthFirst, deep,
                    panels + i / width * panelBytes, width);
        }
    }

    private void multiply(Panels a, int high, int wide, int steps, long to, long flags) {
        int rows = tiling.rows();
        int columns = tiling.columns();
        for (int j = 0; j < wide; j += columns) {
            int tileColumns = Math.min(columns, wide - j);
            int vectors = (tileColumns + 15) / 16;
            long lanes = tileColumns % 16 == 0 ? 0 : (1L << tileColumns % 16) - 1;
            long tileFlags = flags | lanes << 1;
            MemorySegment full = tile(Math.min(rows, high), vectors, lanes != 0);
            MemorySegment last = high % rows == 0 ? full : tile(high % rows, vectors, lanes != 0);
            long rightPanel = a.right + j / columns * a.rightBytes;
            for (int i = 0; i < high; i += rows) {
                MachineCode.call(i + rows <= high ? full : last, a.left + i / rows * a.leftBytes, rightPanel,
                        to + i * rowBytes + 4L * j, rowBytes, steps, tileFlags);
            }
        }
    }

    private MemorySegment tile(int rows, int vectors, boolean edge) {
        return code.tile(arithmetic, rows, vectors, edge);
    }
}
