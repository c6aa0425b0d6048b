package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/**
 * One call of the matrix product, cut into independent blocks of the result. A block runs through all of K, so that no
 * two threads meet: each packs what it needs itself, which costs a few percent and spares shared buffers and barriers.
 * The cut changes no bits: an element is always the sum over the blocks of K, in order, of one fma chain each.
 */
final class PackedProduct implements Parallel.Chunk {
    /** Rows of the left factor that are packed at a time: with a block of K, less than half of a 512 KiB L2. */
    private static final int PACKED_ROWS = 192;
    /** Columns of the right factor that are packed at a time when they serve many blocks of rows. */
    private static final int PACKED_COLUMNS = 1024;
    /** The same when there is one block of rows only: they are used once and should not leave the L2. */
    private static final int STREAMED_COLUMNS = 128;
    /** Below this a second thread costs more than it brings. */
    private static final long PARALLEL_FLOPS = 2_000_000;
    private static final int BLOCKS_PER_THREAD = 4;
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final StridedMatrix left;
    private final StridedMatrix right;
    private final MemorySegment out;
    private final long outStart;
    private final long rowBytes;
    private final long leftBatch;
    private final long rightBatch;
    private final long outBatch;
    private final int batches;
    private final int rows;
    private final int columns;
    private final int depth;
    private final int depthStep;
    private final boolean add;
    private int rowStep;
    private int columnStep;
    private int rowBlocks;
    private int columnBlocks;

    /** Contract of {@code MatmulKernels#matmul}; x and y F32 or BF16, out F32, no size 0. */
    PackedProduct(Operand x, Operand y, Operand out, Accumulation accumulation) {
        this.left = StridedMatrix.of(x, 1, 2);
        this.right = StridedMatrix.of(y, 2, 1);
        this.out = CpuBuffer.segment(out);
        this.outStart = out.byteOffset();
        this.rowBytes = 4 * out.layout().stride(1);
        this.leftBatch = x.dtype().byteSize() * x.layout().stride(0);
        this.rightBatch = y.dtype().byteSize() * y.layout().stride(0);
        this.outBatch = 4 * out.layout().stride(0);
        // A factor shared by the whole batch: one taller matrix.
        boolean oneMatrix = rightBatch == 0 && x.size(1) > 1
                && x.layout().stride(0) == x.size(1) * x.layout().stride(1) && outBatch == x.size(1) * rowBytes;
        this.batches = oneMatrix ? 1 : Math.toIntExact(out.size(0));
        this.rows = Math.toIntExact(oneMatrix ? out.size(0) * out.size(1) : out.size(1));
        this.columns = Math.toIntExact(out.size(2));
        this.depth = Math.toIntExact(x.size(2));
        this.depthStep = ScalarMatmulKernels.depthStep(depth);
        this.add = accumulation == Accumulation.ADD;
    }

    void run() {
        double flops = 2.0 * batches * rows * columns * depth;
        int threads = flops < PARALLEL_FLOPS ? 1 : Parallel.threads();
        cut(threads == 1 ? 1 : BLOCKS_PER_THREAD * threads, flops);
        int blocks = Math.multiplyExact(batches, rowBlocks * columnBlocks);
        if (threads == 1) {
            for (int i = 0; i < blocks; i++) {
                run(i);
            }
        } else {
            Parallel.run(blocks, this);
        }
    }

    /** Halves the longer side of the blocks until there are enough of them or they would become too small. */
    private void cut(int wanted, double flops) {
        rowBlocks = 1;
        columnBlocks = (columns + PACKED_COLUMNS - 1) / PACKED_COLUMNS;
        steps();
        while ((double) batches * rowBlocks * columnBlocks < wanted
                && flops / ((double) batches * rowBlocks * columnBlocks) >= PARALLEL_FLOPS) {
            if (rowStep >= columnStep && rowStep > 8 * Microkernel.ROWS) {
                rowBlocks *= 2;
            } else if (columnStep > 4 * Microkernel.COLUMNS) {
                columnBlocks *= 2;
            } else {
                return;
            }
            steps();
        }
    }

    private void steps() {
        rowStep = evenStep(rows, rowBlocks, Microkernel.ROWS);
        columnStep = evenStep(columns, columnBlocks, Microkernel.COLUMNS);
        rowBlocks = (rows + rowStep - 1) / rowStep;
        columnBlocks = (columns + columnStep - 1) / columnStep;
    }

    private static int evenStep(int size, int parts, int unit) {
        int step = (size + parts - 1) / parts;
        return (step + unit - 1) / unit * unit;
    }

    @Override
    public void run(int index) {
        int row = index % rowBlocks * rowStep;
        int column = index / rowBlocks % columnBlocks * columnStep;
        int batch = index / rowBlocks / columnBlocks;
        block(batch, row, Math.min(rowStep, rows - row), column, Math.min(columnStep, columns - column));
    }

    private void block(int batch, int row, int height, int column, int width) {
        Scratch scratch = SCRATCH.get();
        StridedMatrix a = left.shifted(batch * leftBatch);
        StridedMatrix b = right.shifted(batch * rightBatch);
        long to = outStart + batch * outBatch + row * rowBytes + 4L * column;
        int parts = (height + PACKED_ROWS - 1) / PACKED_ROWS;
        int rowsAtOnce = evenStep(height, parts, Microkernel.ROWS);
        int columnsAtOnce = parts == 1 ? STREAMED_COLUMNS : width;
        for (int k = 0; k < depth; k += depthStep) {
            int deep = Math.min(depthStep, depth - k);
            boolean adds = add || k > 0;
            for (int j = 0; j < width; j += columnsAtOnce) {
                int wide = Math.min(columnsAtOnce, width - j);
                Panels.pack(b, column + j, wide, k, deep, Microkernel.COLUMNS, scratch.right, 0, scratch.stage);
                for (int i = 0; i < height; i += rowsAtOnce) {
                    int high = Math.min(rowsAtOnce, height - i);
                    if (j == 0 || parts > 1) {
                        Panels.pack(a, row + i, high, k, deep, Microkernel.ROWS, scratch.left, 0,
                                scratch.stage);
                    }
                    multiply(scratch, high, wide, deep, to + i * rowBytes + 4L * j, adds);
                }
            }
        }
    }

    private void multiply(Scratch scratch, int high, int wide, int deep, long to, boolean adds) {
        int leftDistance = Panels.distance(deep, Microkernel.ROWS);
        for (int j = 0; j < wide; j += Microkernel.COLUMNS) {
            int rightPanel = j / Microkernel.COLUMNS * Panels.distance(deep, Microkernel.COLUMNS);
            int tileColumns = Math.min(Microkernel.COLUMNS, wide - j);
            for (int i = 0; i < high; i += Microkernel.ROWS) {
                Microkernel.multiply(scratch.left, i / Microkernel.ROWS * leftDistance, scratch.right, rightPanel,
                        scratch.tile, 0, deep);
                Panels.storeTile(scratch.tile, 0, Math.min(Microkernel.ROWS, high - i), tileColumns, out,
                        to + i * rowBytes + 4L * j, rowBytes, adds);
            }
        }
    }

    /** Belongs to a thread, not to a call: concurrent callers never share one. */
    private static final class Scratch {
        private static final int DEEPEST = ScalarMatmulKernels.DEPTH_BLOCK;
        private final float[] left = panels(PACKED_ROWS, Microkernel.ROWS);
        private final float[] right = panels(PACKED_COLUMNS, Microkernel.COLUMNS);
        private final float[] stage = new float[Panels.stageSize(PACKED_COLUMNS + Microkernel.COLUMNS, DEEPEST)];
        private final float[] tile = new float[Microkernel.TILE];

        private static float[] panels(int count, int width) {
            return new float[(count / width + 1) * Panels.distance(DEEPEST, width) + Panels.SLACK];
        }
    }
}
