package org.cosmosj.cuda;

import static org.cosmosj.cuda.Launcher.address;
import static org.cosmosj.cuda.Launcher.suffix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Operand;

/**
 * Reduces an axis by the kernels of reduce.cu: chunks of a fixed length first, then their results, until one is left.
 * How an axis is cut depends on its length only, and so do the bits of the result. In F64 one launch adds in order.
 */
final class ChunkedReduction {
    /** {@code ROW_CHUNK} and {@code ROW_THREADS} in reduce.cu. */
    private static final long ROW_CHUNK = 4096;
    private static final int ROW_THREADS = 256;
    /** {@code COLUMN_CHUNK}, {@code COLUMN_WIDTH} and {@code COLUMN_LANES} there. */
    private static final long COLUMN_CHUNK = 256;
    private static final int COLUMN_WIDTH = 32;
    private static final int COLUMN_LANES = 8;

    private final Launcher launcher;

    ChunkedReduction(Launcher launcher) {
        this.launcher = launcher;
    }

    /**
     * {@code out[a] = sum or extreme over r of terms[a, r]}.
     *
     * @param op named if a launch fails
     * @param kernel the first one, which knows how terms come from its inputs
     * @param join {@code sum}, {@code max} or {@code min}: how results of chunks are joined
     * @param out (A)
     * @param length terms of each row
     * @param inputs what the kernel takes before its output, and after it if it takes sizes of its own
     */
    void rows(String op, String kernel, String join, Operand out, long length, Object... inputs) {
        reduce(op, kernel, "reduce_rows_" + join, out, out.numel(), length, 0, new Inputs(inputs, new Object[0]));
    }

    /** As {@link #rows} for a kernel that takes sizes between its output and the length. */
    void rows(String op, String kernel, String join, Operand out, long length, Object[] inputs, Object[] sizes) {
        reduce(op, kernel, "reduce_rows_" + join, out, out.numel(), length, 0, new Inputs(inputs, sizes));
    }

    /**
     * {@code out[a, b] = sum over r of terms[a, r, b]}.
     *
     * @param op named if a launch fails
     * @param kernel the first one
     * @param out (.., b)
     * @param length terms of each column
     * @param inputs what the kernel takes before its output
     */
    void columns(String op, String kernel, Operand out, long length, Object... inputs) {
        columns(op, kernel, "sum", out, length, out.size(-1), inputs);
    }

    /** As {@link #columns}, joined by {@code join} and with {@code width} columns. */
    void columns(String op, String kernel, String join, Operand out, long length, long width, Object... inputs) {
        reduce(op, kernel, "reduce_columns_" + join, out, width == 0 ? 0 : out.numel() / width, length, width,
                new Inputs(inputs, new Object[0]));
    }

    private record Inputs(Object[] before, Object[] after) {
        Object[] with(long out, long length, long width, long chunks) {
            List<Object> all = new ArrayList<>(Arrays.asList(before));
            all.add(out);
            all.addAll(Arrays.asList(after));
            all.add(length);
            if (width > 0) {
                all.add(width);
            }
            all.add(chunks);
            return all.toArray();
        }
    }

    /** Width 0 stands for rows. */
    private void reduce(String op, String first, String next, Operand out, long count, long length, long width,
            Inputs inputs) {
        if (out.numel() == 0) {
            return;
        }
        if (out.dtype() == DType.F64) {
            String inOrder = first.replace("reduce_rows", "reduce_in_order").replace("reduce_columns",
                    "reduce_in_order");
            launcher.overElements(op, inOrder, out.numel(), inputs.with(address(out), length, Math.max(width, 1),
                    out.numel()));
            return;
        }
        String kernel = first;
        Inputs from = inputs;
        long rest = length;
        CudaBuffer previous = null;
        for (boolean done = false; !done;) {
            long chunk = width == 0 ? ROW_CHUNK : COLUMN_CHUNK;
            long chunks = Math.max(1, (rest + chunk - 1) / chunk);
            done = chunks == 1;
            CudaBuffer partial = done
                    ? null
                    : launcher.scratch(op, out.numel() * chunks * out.dtype().byteSize());
            long target = done ? address(out) : partial.pointer().address();
            launcher.launch(op, kernel, size(count * chunks, width), from.with(target, rest, width, chunks));
            if (previous != null) {
                launcher.release(previous);
            }
            previous = partial;
            from = new Inputs(new Object[] {target}, new Object[0]);
            kernel = next + suffix(op, out);
            rest = chunks;
        }
    }

    private static LaunchSize size(long slices, long width) {
        return width == 0
                ? LaunchSize.blocks(slices, ROW_THREADS, 1)
                : LaunchSize.blocks(slices * ((width + COLUMN_WIDTH - 1) / COLUMN_WIDTH), COLUMN_WIDTH, COLUMN_LANES);
    }
}
