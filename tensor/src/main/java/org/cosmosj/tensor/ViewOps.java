package org.cosmosj.tensor;

import java.util.concurrent.atomic.LongAdder;
import org.cosmosj.tensor.spi.Layout;

/** Views of a tensor's memory, and the copies they sometimes need. The gradient of a view is the inverse view. */
final class ViewOps {
    static final LongAdder DENSE_COPIES = new LongAdder();
    private static final Tensor[] NOTHING = {};

    private ViewOps() {}

    static Shape infer(Tensor x, long[] sizes) {
        long known = 1;
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1) {
                Checks.require(open < 0, "reshape", "more than one size is -1");
                open = i;
            } else {
                known *= sizes[i];
            }
        }
        long[] resolved = sizes.clone();
        if (open >= 0) {
            Checks.require(known != 0 && x.shape().numel() % known == 0, "reshape",
                    x.shape() + " does not divide by the known sizes (product " + known + ")");
            resolved[open] = x.shape().numel() / known;
        }
        return Shape.of(resolved);
    }

    static Tensor reshape(Tensor x, Shape shape) {
        Checks.require(shape.numel() == x.shape().numel(), "reshape", x.shape() + " has " + x.shape().numel()
                + " elements, " + shape + " has " + shape.numel());
        if (shape.equals(x.shape())) {
            return x;
        }
        long[] strides = viewStrides(x.layout(), shape);
        Tensor source = strides != null ? x : x.contiguous();
        Layout layout = new Layout(shape, strides != null ? strides : Layout.rowMajor(shape), source.layout().offset());
        Tensor result = source.view(layout);
        Shape from = x.shape();
        return Tape.attach("reshape", result, NOTHING, node -> node.accumulate(0, reshape(node.dOut(), from)), source);
    }

    /**
     * Strides that show the same elements under another shape without a copy, or null. Axes that lie densely within
     * each other form a block; every block must split into whole new axes. As PyTorch's view does.
     */
    private static long[] viewStrides(Layout from, Shape to) {
        long[] strides = Layout.rowMajor(to);
        if (from.isContiguous()) {
            return strides;
        }
        Shape shape = from.shape();
        int next = to.rank() - 1;
        long block = 1;
        long step = from.stride(-1);
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            block *= shape.size(axis);
            boolean dense = axis > 0 && (shape.size(axis - 1) == 1 || from.stride(axis - 1) == block * step);
            if (dense) {
                continue;
            }
            long covered = 1;
            while (next >= 0 && (covered < block || to.size(next) == 1)) {
                strides[next] = covered * step;
                covered *= to.size(next--);
            }
            if (covered != block) {
                return null;
            }
            block = 1;
            step = axis > 0 ? from.stride(axis - 1) : 0;
        }
        return next < 0 ? strides : null;
    }

    static Tensor permute(Tensor x, int[] axes) {
        int rank = x.shape().rank();
        Checks.require(axes.length == rank, "permute", axes.length + " axes for shape " + x.shape());
        long[] sizes = new long[rank];
        long[] strides = new long[rank];
        int[] inverse = new int[rank];
        boolean[] seen = new boolean[rank];
        for (int i = 0; i < rank; i++) {
            int axis = x.shape().axis(axes[i]);
            Checks.require(!seen[axis], "permute", "axis " + axis + " appears twice");
            seen[axis] = true;
            sizes[i] = x.size(axis);
            strides[i] = x.layout().stride(axis);
            inverse[axis] = i;
        }
        Tensor result = x.view(new Layout(Shape.of(sizes), strides, x.layout().offset()));
        return Tape.attach("permute", result, NOTHING, node -> node.accumulate(0, permute(node.dOut(), inverse)), x);
    }

    static Tensor transpose(Tensor x, int a, int b) {
        int[] axes = new int[x.shape().rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i;
        }
        axes[x.shape().axis(a)] = x.shape().axis(b);
        axes[x.shape().axis(b)] = x.shape().axis(a);
        return permute(x, axes);
    }

    static Tensor narrow(Tensor x, int dim, long start, long length) {
        int axis = x.shape().axis(dim);
        Checks.require(start >= 0 && length >= 0 && length <= x.size(axis) - start, "narrow",
                length + " indices from " + start + " exceed axis " + axis + " of " + x.shape());
        Shape shape = x.shape().with(axis, length);
        // An empty view points at the start: its buffer may have no byte at the offset.
        long offset = shape.numel() == 0 ? 0 : x.layout().offset() + start * x.layout().stride(axis);
        Tensor result = x.view(new Layout(shape, x.layout().strides(), offset));
        Shape full = x.shape();
        return Tape.attach("narrow", result, NOTHING, node -> {
            // Only the part is touched: the chunks of a tensor would otherwise each add a full one of zeros.
            Tensor part = narrow(node.gradientSoFar(0, full), axis, start, length);
            part.copyFrom(part.add(node.dOut()));
        }, x);
    }

    static Tensor squeeze(Tensor x, int dim) {
        int axis = x.shape().axis(dim);
        Checks.require(x.size(axis) == 1, "squeeze", "axis " + axis + " of " + x.shape() + " is not 1");
        return dropOrAdd(x, axis, -1);
    }

    static Tensor unsqueeze(Tensor x, int dim) {
        int rank = x.shape().rank();
        int axis = dim < 0 ? dim + rank + 1 : dim;
        Checks.require(axis >= 0 && axis <= rank, "unsqueeze", "axis " + dim + " for shape " + x.shape());
        return dropOrAdd(x, axis, 1);
    }

    private static Tensor dropOrAdd(Tensor x, int axis, int change) {
        int rank = x.shape().rank() + change;
        long[] sizes = new long[rank];
        long[] strides = new long[rank];
        for (int i = 0; i < rank; i++) {
            int from = change < 0 ? (i < axis ? i : i + 1) : (i < axis ? i : i - 1);
            boolean inserted = change > 0 && i == axis;
            sizes[i] = inserted ? 1 : x.size(from);
            strides[i] = inserted ? 0 : x.layout().stride(from);
        }
        Tensor result = x.view(new Layout(Shape.of(sizes), strides, x.layout().offset()));
        return Tape.attach("reshape", result, NOTHING, node -> node.accumulate(0, reshape(node.dOut(), x.shape())), x);
    }

    static Tensor expand(Tensor x, Shape shape) {
        Checks.require(x.shape().broadcast(shape).equals(shape), "expand", x.shape() + " does not expand to " + shape);
        Tensor result = x.view(x.layout().broadcastTo(shape));
        Shape from = x.shape();
        return Tape.attach("expand", result, NOTHING, node -> node.accumulate(0, ReduceOp.sumTo(node.dOut(), from)), x);
    }

    static Tensor[] chunk(Tensor x, int parts, int dim) {
        int axis = x.shape().axis(dim);
        Checks.require(parts > 0 && x.size(axis) % parts == 0, "chunk",
                "axis " + axis + " of " + x.shape() + " does not split into " + parts + " equal parts");
        long size = x.size(axis) / parts;
        Tensor[] chunks = new Tensor[parts];
        for (int i = 0; i < parts; i++) {
            chunks[i] = narrow(x, axis, i * size, size);
        }
        return chunks;
    }

    /** The counted copy of a view that is not dense. */
    static Tensor dense(Tensor x) {
        DENSE_COPIES.increment();
        return copy(x);
    }

    static Tensor copy(Tensor x) {
        Tensor result = Tensor.emptyLike(x, x.shape());
        x.backend().copies().copy(x.operand(), result.operand());
        return Tape.attach("copy", result, NOTHING, node -> node.accumulate(0, node.dOut()), x);
    }

    static Tensor cast(Tensor x, DType target) {
        if (x.dtype() == target) {
            return x;
        }
        Tensor result = Tensor.emptyOn(x.backend(), target, x.shape());
        x.backend().copies().copy(x.operand(), result.operand());
        if (!target.isCompute() || !x.dtype().isCompute()) {
            Tape.rejectWithoutRule("to(" + target + ")", x);
            return result;
        }
        DType from = x.dtype();
        return Tape.attach("cast", result, NOTHING, node -> node.accumulate(0, cast(node.dOut(), from)), x);
    }
}
