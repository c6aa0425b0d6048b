package org.cosmosj.tensor;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;

/**
 * An n-dimensional array on one device. Results belong to the innermost open {@link Scope}; use after that scope
 * closed throws {@link ClosedTensorException}. Reshaping, slicing and permuting make views of the same memory. While a
 * {@link Tape} records, ops on differentiable tensors remember their backward rule. Fused ops stand in
 * {@link Functional}.
 */
public final class Tensor implements AutoCloseable {
    final Storage storage;
    Scope owner;
    Tape.Variable variable;
    private final DType dtype;
    private final Layout layout;
    private String closedBy;

    private Tensor(Storage storage, DType dtype, Layout layout) {
        this.storage = storage;
        this.dtype = dtype;
        this.layout = layout;
    }

    // ---- making tensors -------------------------------------------------------------------------------------------

    /**
     * An uninitialised tensor of the current scope.
     *
     * @param dtype element type
     * @param shape sizes
     * @return contiguous, contents undefined
     */
    public static Tensor empty(DType dtype, Shape shape) {
        return emptyOn(Scope.current().backend(), dtype, shape);
    }

    static Tensor emptyOn(Backend backend, DType dtype, Shape shape) {
        Storage storage = Storage.allocate(backend, bytes(dtype, shape));
        return Scope.current().adopt(new Tensor(storage, dtype, Layout.contiguous(shape)));
    }

    /** An uninitialised contiguous tensor on the device of {@code like}. */
    static Tensor emptyLike(Tensor like, Shape shape) {
        return emptyOn(like.backend(), like.dtype, shape);
    }

    private static long bytes(DType dtype, Shape shape) {
        try {
            return Math.multiplyExact(shape.numel(), (long) dtype.byteSize());
        } catch (ArithmeticException e) {
            throw new ShapeException("empty: " + dtype + " " + shape + " has more than 2^63 bytes", e);
        }
    }

    static Tensor ofStorage(Storage storage, DType dtype, Layout layout) {
        return Scope.current().adopt(new Tensor(storage, dtype, layout));
    }

    /**
     * A constant tensor.
     *
     * @param value the value of every element
     * @param dtype element type
     * @param shape sizes
     * @return the tensor
     */
    public static Tensor full(double value, DType dtype, Shape shape) {
        return empty(dtype, shape).fill(value);
    }

    /**
     * A tensor of zeros.
     *
     * @param dtype element type
     * @param shape sizes
     * @return the tensor
     */
    public static Tensor zeros(DType dtype, Shape shape) {
        return full(0, dtype, shape);
    }

    /**
     * An F32 tensor of given values.
     *
     * @param values row-major
     * @param shape sizes whose product is {@code values.length}
     * @return the tensor
     */
    public static Tensor of(float[] values, long... shape) {
        return ofHost(MemorySegment.ofArray(values), values.length, DType.F32, Shape.of(shape));
    }

    /**
     * An F64 tensor of given values.
     *
     * @param values row-major
     * @param shape sizes whose product is {@code values.length}
     * @return the tensor
     */
    public static Tensor of(double[] values, long... shape) {
        return ofHost(MemorySegment.ofArray(values), values.length, DType.F64, Shape.of(shape));
    }

    /**
     * An I64 tensor of given values.
     *
     * @param values row-major
     * @param shape sizes whose product is {@code values.length}
     * @return the tensor
     */
    public static Tensor of(long[] values, long... shape) {
        return ofHost(MemorySegment.ofArray(values), values.length, DType.I64, Shape.of(shape));
    }

    /**
     * An I32 tensor of given values.
     *
     * @param values row-major
     * @param shape sizes whose product is {@code values.length}
     * @return the tensor
     */
    public static Tensor of(int[] values, long... shape) {
        return ofHost(MemorySegment.ofArray(values), values.length, DType.I32, Shape.of(shape));
    }

    /**
     * A BOOL tensor of given values, such as a mask.
     *
     * @param values row-major
     * @param shape sizes whose product is {@code values.length}
     * @return the tensor
     */
    public static Tensor of(boolean[] values, long... shape) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return ofHost(MemorySegment.ofArray(bytes), bytes.length, DType.BOOL, Shape.of(shape));
    }

    /**
     * A U8 tensor of given values, such as an image.
     *
     * @param values row-major, read as unsigned
     * @param shape sizes whose product is {@code values.length}
     * @return the tensor
     */
    public static Tensor of(byte[] values, long... shape) {
        return ofHost(MemorySegment.ofArray(values), values.length, DType.U8, Shape.of(shape));
    }

    private static Tensor ofHost(MemorySegment values, long count, DType dtype, Shape shape) {
        if (shape.numel() != count) {
            throw new ShapeException("of: " + count + " values do not fill shape " + shape + " of " + shape.numel());
        }
        Tensor tensor = empty(dtype, shape);
        tensor.backend().upload(values, tensor.storage.buffer, 0);
        return tensor;
    }

    /**
     * Standard normal numbers from the next draw of a random stream.
     *
     * @param rng the stream, advanced by one draw
     * @param dtype F32 or F64
     * @param shape sizes
     * @return the tensor
     */
    public static Tensor randn(Rng rng, DType dtype, Shape shape) {
        Tensor tensor = empty(dtype, shape);
        Checks.compute("randn", tensor);
        tensor.backend().copies().normal(rng.key(), rng.nextStream(), tensor.operand());
        return tensor;
    }

    // ---- properties -----------------------------------------------------------------------------------------------

    /**
     * Axis sizes.
     *
     * @return the shape
     */
    public Shape shape() {
        return layout.shape();
    }

    /**
     * Size of one axis.
     *
     * @param dim axis; negative counts from the end
     * @return its size
     */
    public long size(int dim) {
        return layout.shape().size(dim);
    }

    /**
     * Element type.
     *
     * @return the dtype
     */
    public DType dtype() {
        return dtype;
    }

    /**
     * Where the tensor lives.
     *
     * @return the device
     */
    public Device device() {
        return storage.backend.device();
    }

    Backend backend() {
        return storage.backend;
    }

    /**
     * How elements lie in memory.
     *
     * @return the layout
     */
    public Layout layout() {
        return layout;
    }

    long byteSize() {
        return shape().numel() * dtype.byteSize();
    }

    /**
     * What kernels see; for backends and kernel benchmarks.
     *
     * @return buffer, dtype and layout
     * @throws ClosedTensorException if the tensor is closed
     */
    public Operand operand() {
        requireOpen("tensor");
        return new Operand(storage.buffer, dtype, layout);
    }

    void requireOpen(String op) {
        if (closedBy != null) {
            throw new ClosedTensorException(op + ": " + dtype + " " + shape() + " was closed with scope '" + closedBy
                    + "'; promote it or copy it out before the scope ends");
        }
    }

    /**
     * Whether this thread's recording tape differentiates ops on this tensor.
     *
     * @return true for parameters, watched tensors and what was computed from them; false if no tape records
     */
    public boolean requiresGradient() {
        return Tape.records(this);
    }

    // ---- ownership ------------------------------------------------------------------------------------------------

    /** Another handle of the same memory, owned by the current scope, with the same gradient identity. */
    Tensor alias() {
        Tensor alias = view(layout);
        alias.variable = variable;
        return alias;
    }

    Tensor aliasForTape() {
        operand();
        Tensor alias = new Tensor(storage.retain(), dtype, layout);
        alias.variable = variable;
        return alias;
    }

    Tensor view(Layout other) {
        operand();
        return Scope.current().adopt(new Tensor(storage.retain(), dtype, other));
    }

    boolean isSoleOwner() {
        return !storage.isShared();
    }

    void releaseFromScope() {
        closedBy = owner.label();
        storage.release();
    }

    void releaseFromTape() {
        closedBy = "tape";
        storage.release();
    }

    /** Frees the tensor before its scope ends. A second call does nothing. */
    @Override
    public void close() {
        if (closedBy == null) {
            owner.disown(this);
            closedBy = owner.label() + " (closed early)";
            storage.release();
        }
    }

    /**
     * The same values without gradient identity.
     *
     * @return a view that no tape follows
     */
    public Tensor detach() {
        return view(layout);
    }

    // ---- host copies ----------------------------------------------------------------------------------------------

    /**
     * The only element, as a double.
     *
     * @return its value
     * @throws ShapeException if there is not exactly one element
     */
    public double item() {
        Checks.require(shape().numel() == 1, "item", "shape " + shape() + " has not exactly one element");
        return HostCopy.doubles(this)[0];
    }

    /**
     * All elements as floats, row-major.
     *
     * @return a new array
     */
    public float[] toFloatArray() {
        return HostCopy.floats(this);
    }

    /**
     * All elements as doubles, row-major.
     *
     * @return a new array
     */
    public double[] toDoubleArray() {
        return HostCopy.doubles(this);
    }

    /**
     * All elements of an integer tensor, row-major.
     *
     * @return a new array
     */
    public long[] toLongArray() {
        return HostCopy.longs(this);
    }

    /**
     * All elements of a U8 tensor, row-major.
     *
     * @return a new array, to be read as unsigned
     */
    public byte[] toByteArray() {
        return HostCopy.bytes(this);
    }

    // ---- in place (never recorded) --------------------------------------------------------------------------------

    /**
     * Sets every element. Not differentiable.
     *
     * @param value the value
     * @return this
     */
    public Tensor fill(double value) {
        Checks.writable("fill", this);
        backend().copies().fill(value, operand());
        return this;
    }

    /**
     * Overwrites this tensor's elements, converting the dtype. Not differentiable.
     *
     * @param source same shape and device
     * @return this
     */
    public Tensor copyFrom(Tensor source) {
        Checks.sameDevice("copyFrom", this, source);
        Checks.sameShape("copyFrom", "source", source, shape());
        Checks.writable("copyFrom", this);
        backend().copies().copy(source.operand(), operand());
        return this;
    }

    // ---- views and copies: see ViewOps ----------------------------------------------------------------------------

    /**
     * The same elements under another shape; one size may be -1. Copies only if the layout forces it.
     *
     * @param sizes new sizes
     * @return a view, or a contiguous copy
     */
    public Tensor reshape(long... sizes) {
        return ViewOps.reshape(this, ViewOps.infer(this, sizes));
    }

    /**
     * The same elements under another shape.
     *
     * @param shape new shape
     * @return a view, or a contiguous copy
     */
    public Tensor reshape(Shape shape) {
        return ViewOps.reshape(this, shape);
    }

    /**
     * Reorders axes.
     *
     * @param axes a permutation; axis i of the result is axis {@code axes[i]} of this
     * @return a view
     */
    public Tensor permute(int... axes) {
        return ViewOps.permute(this, axes);
    }

    /**
     * Swaps two axes.
     *
     * @param a one axis
     * @param b the other
     * @return a view
     */
    public Tensor transpose(int a, int b) {
        return ViewOps.transpose(this, a, b);
    }

    /**
     * A range of one axis.
     *
     * @param dim axis
     * @param start first index
     * @param length number of indices
     * @return a view
     */
    public Tensor narrow(int dim, long start, long length) {
        return ViewOps.narrow(this, dim, start, length);
    }

    /**
     * One index of one axis, which disappears.
     *
     * @param dim axis
     * @param index which; negative counts from the end
     * @return a view of one rank less
     */
    public Tensor select(int dim, long index) {
        int axis = shape().axis(dim);
        return narrow(axis, index < 0 ? index + size(axis) : index, 1).squeeze(axis);
    }

    /**
     * Removes an axis of size 1.
     *
     * @param dim axis
     * @return a view of one rank less
     */
    public Tensor squeeze(int dim) {
        return ViewOps.squeeze(this, dim);
    }

    /**
     * Inserts an axis of size 1.
     *
     * @param dim where, in [-rank-1, rank]
     * @return a view of one rank more
     */
    public Tensor unsqueeze(int dim) {
        return ViewOps.unsqueeze(this, dim);
    }

    /**
     * Repeats axes of size 1 without copying.
     *
     * @param sizes the broadcast sizes
     * @return a view with strides 0
     */
    public Tensor expand(long... sizes) {
        return ViewOps.expand(this, Shape.of(sizes));
    }

    /**
     * Splits an axis into equal parts.
     *
     * @param parts how many; must divide the size
     * @param dim axis
     * @return views in order
     */
    public Tensor[] chunk(int parts, int dim) {
        return ViewOps.chunk(this, parts, dim);
    }

    /**
     * This tensor if it is dense and row-major, else a copy that is.
     *
     * @return a contiguous tensor
     */
    public Tensor contiguous() {
        return layout.isContiguous() ? this : ViewOps.dense(this);
    }

    /**
     * How often this process copied a tensor because an op, or {@link #contiguous}, needed it dense; the difference of
     * two readings shows what a model's views cost.
     *
     * @return copies so far
     */
    public static long denseCopies() {
        return ViewOps.DENSE_COPIES.sum();
    }

    /**
     * A contiguous copy in memory of its own.
     *
     * @return the copy
     */
    public Tensor copy() {
        return ViewOps.copy(this);
    }

    /**
     * Converts the element type.
     *
     * @param target the dtype
     * @return this if it has that dtype, else a contiguous copy
     */
    public Tensor to(DType target) {
        return ViewOps.cast(this, target);
    }

    /**
     * Moves to another device.
     *
     * @param target the device
     * @return this if it lives there, else a contiguous copy there; not differentiable
     */
    public Tensor to(Device target) {
        return HostCopy.move(this, target);
    }

    /**
     * Joins tensors along an axis.
     *
     * @param dim axis
     * @param tensors equal in all other sizes, dtype and device
     * @return the joined tensor
     */
    public static Tensor cat(int dim, Tensor... tensors) {
        return CatOp.cat(dim, tensors);
    }

    /**
     * Picks indices of one axis.
     *
     * @param dim axis
     * @param indices each in [0, size); repeats are allowed
     * @return a tensor whose axis has {@code indices.length} entries
     */
    public Tensor indexSelect(int dim, long... indices) {
        return GatherOp.indexSelect(this, dim, indices);
    }

    // ---- arithmetic -----------------------------------------------------------------------------------------------

    /**
     * {@code this + other}, broadcasting.
     *
     * @param other summand
     * @return the sum
     */
    public Tensor add(Tensor other) {
        return BinaryOp.apply(Binary.ADD, this, other);
    }

    /**
     * {@code this - other}, broadcasting.
     *
     * @param other subtrahend
     * @return the difference
     */
    public Tensor sub(Tensor other) {
        return BinaryOp.apply(Binary.SUB, this, other);
    }

    /**
     * {@code this * other}, broadcasting.
     *
     * @param other factor
     * @return the product
     */
    public Tensor mul(Tensor other) {
        return BinaryOp.apply(Binary.MUL, this, other);
    }

    /**
     * {@code this / other}, broadcasting.
     *
     * @param other divisor
     * @return the quotient
     */
    public Tensor div(Tensor other) {
        return BinaryOp.apply(Binary.DIV, this, other);
    }

    /**
     * The larger of two elements, broadcasting; NaN if either is NaN. Not differentiable.
     *
     * @param other the other elements
     * @return the maxima
     */
    public Tensor maximum(Tensor other) {
        return BinaryOp.apply(Binary.MAX, this, other);
    }

    /**
     * The smaller of two elements, broadcasting; NaN if either is NaN. Not differentiable.
     *
     * @param other the other elements
     * @return the minima
     */
    public Tensor minimum(Tensor other) {
        return BinaryOp.apply(Binary.MIN, this, other);
    }

    /**
     * {@code this + value}.
     *
     * @param value summand
     * @return the sum
     */
    public Tensor add(double value) {
        return UnaryOp.affine("add", this, 1, value);
    }

    /**
     * {@code this * value}.
     *
     * @param value factor
     * @return the product
     */
    public Tensor mul(double value) {
        return UnaryOp.affine("mul", this, value, 0);
    }

    /**
     * {@code f(this)} elementwise.
     *
     * @param f the function
     * @return the result
     */
    public Tensor map(Unary f) {
        return UnaryOp.apply(f, this);
    }

    /**
     * Matrix product of the last two axes, broadcasting the others.
     *
     * @param other (.., K, N)
     * @return (.., M, N) for this (.., M, K)
     */
    public Tensor matmul(Tensor other) {
        return MatmulOp.matmul(this, other);
    }

    /**
     * Sum of all elements.
     *
     * @return a scalar
     */
    public Tensor sum() {
        return ReduceOp.all(Reduce.SUM, this);
    }

    /**
     * Mean of all elements.
     *
     * @return a scalar
     */
    public Tensor mean() {
        return sum().mul(1.0 / shape().numel());
    }

    /**
     * Sum over one axis, which disappears.
     *
     * @param dim axis
     * @return the sums
     */
    public Tensor sum(int dim) {
        return ReduceOp.axis(Reduce.SUM, this, dim);
    }

    /**
     * Mean over one axis, which disappears.
     *
     * @param dim axis
     * @return the means
     */
    public Tensor mean(int dim) {
        return sum(dim).mul(1.0 / size(dim));
    }

    /**
     * Reduction over one axis, which disappears; only SUM is differentiable.
     *
     * @param how the reduction
     * @param dim axis
     * @return the result
     */
    public Tensor reduce(Reduce how, int dim) {
        return ReduceOp.axis(how, this, dim);
    }

    @Override
    public String toString() {
        return dtype + " " + shape() + " on " + device() + (closedBy == null ? "" : " closed");
    }
}
