package org.cosmosj.tensor.internal.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.ProductBlocks;
import org.cosmosj.tensor.internal.cpu.scalar.Bf16;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** The blocks of one matrix product, each from packed panels, one fma chain per element and block of K. */
final class PackedProduct {
    /** Rows of the left factor that are packed at a time: with a block of K, less than half of a 512 KiB L2. */
    private static final int PACKED_ROWS = 192;
    /** Columns of the right factor that are packed at a time when they serve many blocks of rows. */
    private static final int PACKED_COLUMNS = 1024;
    /** The same when there is one block of rows only: they are used once and should not leave the L2. */
    private static final int STREAMED_COLUMNS = 128;
    private static final ProductBlocks.Unit UNIT =
            new ProductBlocks.Unit(Microkernel.ROWS, Microkernel.COLUMNS, PACKED_COLUMNS);
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final StridedMatrix left;
    private final StridedMatrix right;
    private final MemorySegment out;
    private final long outStart;
    private final long rowBytes;
    private final long leftBatch;
    private final long rightBatch;
    private final long outBatch;
    private final int depth;
    private final int depthStep;
    private final boolean add;
    /** Whether factors are rounded to BF16 and added in pairs. */
    private final boolean pairs;
    private final ProductBlocks blocks;

    /** Contract of {@code MatmulKernels#matmul}; x and y F32 or BF16, out F32, no size 0. */
    static PackedProduct ofSingles(Operand x, Operand y, Operand out, Accumulation accumulation) {
        return new PackedProduct(x, y, out, accumulation, false);
    }

    /** Contract of {@code MatmulKernels#matmulBf16}; x and y F32 or BF16, out F32, no size 0. */
    static PackedProduct ofPairs(Operand x, Operand y, Operand out, Accumulation accumulation) {
        return new PackedProduct(x, y, out, accumulation, true);
    }

    private PackedProduct(Operand x, Operand y, Operand out, Accumulation accumulation, boolean pairs) {
        this.pairs = pairs;
        this.left = StridedMatrix.of(x, 1, 2);
        this.right = StridedMatrix.of(y, 2, 1);
        this.out = CpuBuffer.segment(out);
        this.outStart = out.byteOffset();
        this.rowBytes = 4 * out.layout().stride(1);
        this.leftBatch = x.dtype().byteSize() * x.layout().stride(0);
        this.rightBatch = y.dtype().byteSize() * y.layout().stride(0);
        this.outBatch = 4 * out.layout().stride(0);
        this.blocks = new ProductBlocks(x, y, out, UNIT);
        this.depth = blocks.depth();
        this.depthStep = pairs ? ScalarMatmulKernels.pairedDepthStep(depth) : ScalarMatmulKernels.depthStep(depth);
        this.add = accumulation == Accumulation.ADD;
    }

    void run() {
        blocks.run(this::block);
    }

    private void block(int batch, int row, int height, int column, int width) {
        Scratch scratch =
                Scratch.current(pairs ? 2 * ScalarMatmulKernels.DEPTH_BLOCK : ScalarMatmulKernels.DEPTH_BLOCK);
        StridedMatrix a = left.shifted(batch * leftBatch);
        StridedMatrix b = right.shifted(batch * rightBatch);
        long to = outStart + batch * outBatch + row * rowBytes + 4L * column;
        int parts = (height + PACKED_ROWS - 1) / PACKED_ROWS;
        int rowsAtOnce = ProductBlocks.evenStep(height, parts, Microkernel.ROWS);
        int columnsAtOnce = parts == 1 ? STREAMED_COLUMNS : width;
        for (int k = 0; k < depth; k += depthStep) {
            int deep = Math.min(depthStep, depth - k);
            boolean adds = add || k > 0;
            float smallestLeft = Float.MAX_VALUE;
            for (int j = 0; j < width; j += columnsAtOnce) {
                int wide = Math.min(columnsAtOnce, width - j);
                float smallestRight =
                        pack(b, column + j, wide, k, deep, Microkernel.COLUMNS, scratch.right, scratch.stage);
                for (int i = 0; i < height; i += rowsAtOnce) {
                    int high = Math.min(rowsAtOnce, height - i);
                    if (j == 0 || parts > 1) {
                        smallestLeft = pack(a, row + i, high, k, deep, Microkernel.ROWS, scratch.left, scratch.stage);
                    }
                    boolean plain = !pairs || Bf16.staysNormal(smallestLeft, smallestRight);
                    multiply(scratch, high, wide, Panels.steps(deep, pairs), plain, to + i * rowBytes + 4L * j, adds);
                }
            }
        }
    }

    private float pack(StridedMatrix matrix, int first, int count, int depthFirst, int deep, int width, float[] to,
            float[] stage) {
        if (pairs) {
            return Panels.packPairs(matrix, first, count, depthFirst, deep, width, to, 0, stage);
        }
        Panels.pack(matrix, first, count, depthFirst, deep, width, to, 0, stage);
        return 0;
    }

    private void multiply(Scratch scratch, int high, int wide, int deep, boolean plain, long to, boolean adds) {
        int leftDistance = Panels.distance(deep, Microkernel.ROWS);
        for (int j = 0; j < wide; j += Microkernel.COLUMNS) {
            int rightPanel = j / Microkernel.COLUMNS * Panels.distance(deep, Microkernel.COLUMNS);
            int tileColumns = Math.min(Microkernel.COLUMNS, wide - j);
            for (int i = 0; i < high; i += Microkernel.ROWS) {
                int leftPanel = i / Microkernel.ROWS * leftDistance;
                if (plain) {
                    Microkernel.multiply(scratch.left, leftPanel, scratch.right, rightPanel, scratch.tile, 0, deep);
                } else {
                    Pairing.multiplyFlushed(scratch.left, leftPanel, scratch.right, rightPanel, scratch.tile, deep);
                }
                Panels.storeTile(scratch.tile, 0, Math.min(Microkernel.ROWS, high - i), tileColumns, out,
                        to + i * rowBytes + 4L * j, rowBytes, adds);
            }
        }
    }

    /** Belongs to a thread, not to a call: concurrent callers never share one. */
    private static final class Scratch {
        private final float[] tile = new float[Microkernel.TILE];
        private int deepest;
        private float[] left;
        private float[] right;
        private float[] stage;

        /** This thread's, with room for blocks of K of that length. */
        static Scratch current(int depth) {
            Scratch scratch = SCRATCH.get();
            if (scratch.deepest < depth) {
                scratch.deepest = depth;
                scratch.left = panels(PACKED_ROWS, Microkernel.ROWS, depth);
                scratch.right = panels(PACKED_COLUMNS, Microkernel.COLUMNS, depth);
                scratch.stage = new float[Panels.stageSize(PACKED_COLUMNS + Microkernel.COLUMNS, depth)];
            }
            return scratch;
        }

        private static float[] panels(int count, int width, int depth) {
            return new float[(count / width + 1) * Panels.distance(depth, width) + Panels.SLACK];
        }
    }
}
