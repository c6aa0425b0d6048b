package org.cosmosj.tensor.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/**
 * A NumPy array of numbers in a pickle. Its values are a view of the input and are copied, row-major and in this
 * machine's byte order, when asked for.
 */
public final class NumpyArray implements PickleState {
    private static final int DEEPEST = 64;

    private NumpyDType dtype;
    private Shape shape;
    private boolean fortran;
    private MemorySegment data;

    NumpyArray() {}

    /** (version, shape, dtype, is Fortran order, bytes). */
    @Override
    public void restore(Object state) {
        if (!(state instanceof List<?> fields) || fields.size() != 5 || !(fields.get(1) instanceof List<?> sizes)
                || !(fields.get(2) instanceof NumpyDType type) || !(fields.get(3) instanceof Boolean columnMajor)
                || !(fields.get(4) instanceof PickleBytes bytes)) {
            throw new IllegalArgumentException("numpy array: state is not (version, shape, dtype, order, bytes);"
                    + " arrays of objects are not supported");
        }
        checkRank(sizes.size());
        fill(type, PickleArguments.integers(sizes, "numpy array: shape"), columnMajor, bytes);
    }

    private static void checkRank(int rank) {
        if (rank > DEEPEST) {
            throw new IllegalArgumentException("numpy array: " + rank + " axes, expected at most " + DEEPEST);
        }
    }

    void fill(NumpyDType type, long[] sizes, boolean columnMajor, PickleBytes bytes) {
        checkRank(sizes.length);
        Shape filled = Shape.of(sizes);
        if (bytes.size() % type.itemSize() != 0 || filled.numel() != bytes.size() / type.itemSize()) {
            throw new IllegalArgumentException("numpy array: " + bytes.size() + " bytes do not fill " + type + " "
                    + filled);
        }
        dtype = type;
        shape = filled;
        fortran = columnMajor;
        data = bytes.data();
    }

    private void requireData() {
        if (data == null) {
            throw new IllegalStateException("numpy array: the pickle gave it no data");
        }
    }

    /**
     * Element type.
     *
     * @return NumPy's name, such as {@code float32}
     */
    public String dtype() {
        requireData();
        return dtype.toString();
    }

    /**
     * Axis sizes.
     *
     * @return the shape
     */
    public Shape shape() {
        requireData();
        return shape;
    }

    /**
     * All values as doubles, row-major; 64-bit integers are rounded.
     *
     * @return a new array
     */
    public double[] toDoubleArray() {
        double[] values = new double[count()];
        forEach((position, target) -> values[target] = real(position));
        return values;
    }

    /**
     * All values as floats, row-major; doubles and large integers are rounded.
     *
     * @return a new array
     */
    public float[] toFloatArray() {
        float[] values = new float[count()];
        forEach((position, target) -> values[target] = (float) real(position));
        return values;
    }

    /**
     * All values of an integer or bool array, row-major; unsigned 64-bit values keep their bits.
     *
     * @return a new array
     * @throws IllegalStateException if they are floats
     */
    public long[] toLongArray() {
        long[] values = new long[count()];
        if (dtype.kind() == 'f') {
            throw new IllegalStateException("numpy array: dtype " + dtype + " is a float; use toDoubleArray");
        }
        forEach((position, target) -> values[target] = integer(position));
        return values;
    }

    /**
     * All values of a uint8 array, such as an image, row-major.
     *
     * @return a new array
     * @throws IllegalStateException if it has another dtype
     */
    public byte[] toByteArray() {
        byte[] values = new byte[count()];
        if (dtype.kind() != 'u' || dtype.itemSize() != 1) {
            throw new IllegalStateException("numpy array: dtype " + dtype + ", expected uint8");
        }
        forEach((position, target) -> values[target] = data.get(ValueLayout.JAVA_BYTE, position));
        return values;
    }

    /**
     * The array as a tensor of the current scope: U8 for uint8, F64 for float64, F32 for the other floats, I64 for all
     * other integers and bool.
     *
     * @return a copy
     */
    public Tensor toTensor() {
        long[] sizes = shape().toArray();
        return switch (dtype.kind()) {
            case 'f' -> dtype.itemSize() == 8
                    ? Tensor.of(toDoubleArray(), sizes)
                    : Tensor.of(toFloatArray(), sizes);
            case 'u' -> dtype.itemSize() == 1 ? Tensor.of(toByteArray(), sizes) : Tensor.of(toLongArray(), sizes);
            default -> Tensor.of(toLongArray(), sizes);
        };
    }

    private int count() {
        requireData();
        return Math.toIntExact(shape.numel());
    }

    private interface Element {
        void read(long position, int target);
    }

    /** Calls with the byte position of each value and its row-major index. */
    private void forEach(Element element) {
        int count = count();
        if (!fortran) {
            for (int i = 0; i < count; i++) {
                element.read((long) i * dtype.itemSize(), i);
            }
            return;
        }
        long[] sizes = shape.toArray();
        long[] index = new long[sizes.length];
        for (int target = 0; target < count; target++) {
            long position = 0;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                position = position * sizes[axis] + index[axis];
            }
            element.read(position * dtype.itemSize(), target);
            for (int axis = sizes.length - 1; axis >= 0 && ++index[axis] == sizes[axis]; axis--) {
                index[axis] = 0;
            }
        }
    }

    private double real(long position) {
        if (dtype.kind() != 'f') {
            return integer(position);
        }
        long bits = bits(position);
        return switch (dtype.itemSize()) {
            case 8 -> Double.longBitsToDouble(bits);
            case 4 -> Float.intBitsToFloat((int) bits);
            default -> Float.float16ToFloat((short) bits);
        };
    }

    private long integer(long position) {
        long bits = bits(position);
        int unused = Long.SIZE - 8 * dtype.itemSize();
        return dtype.kind() == 'i' ? bits << unused >> unused : bits;
    }

    /** The element's bits, upper ones zero. */
    private long bits(long position) {
        ByteOrder order = dtype.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return switch (dtype.itemSize()) {
            case 1 -> data.get(ValueLayout.JAVA_BYTE, position) & 0xFFL;
            case 2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), position) & 0xFFFFL;
            case 4 -> data.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), position) & 0xFFFF_FFFFL;
            default -> data.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), position);
        };
    }
}
