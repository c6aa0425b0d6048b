package org.cosmosj.tensor.pickle;

import java.util.List;
import java.util.Set;

/** A NumPy dtype of numbers: kind and size, then the byte order as its state. */
final class NumpyDType implements PickleState {
    private static final Set<String> NUMBERS =
            Set.of("b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8");

    private final char kind;
    private final int itemSize;
    private boolean bigEndian;

    NumpyDType(String code) {
        if (!NUMBERS.contains(code)) {
            throw new IllegalArgumentException("numpy dtype '" + PickleNames.printable("", code).substring(1)
                    + "' is not supported, expected a bool, integer or float of at most 8 bytes");
        }
        this.kind = code.charAt(0);
        this.itemSize = code.charAt(1) - '0';
    }

    /** (version, byte order, subdtype, names, fields, itemsize, alignment, flags, ..). */
    @Override
    public void restore(Object state) {
        if (!(state instanceof List<?> fields) || fields.size() < 5 || !(fields.get(1) instanceof String order)) {
            throw new IllegalArgumentException("numpy dtype: state is no tuple with a byte order");
        }
        if (fields.subList(2, 5).stream().anyMatch(field -> field != null)) {
            throw new IllegalArgumentException("numpy dtype: structured types are not supported; write plain arrays");
        }
        bigEndian = order.equals(">");
    }

    char kind() {
        return kind;
    }

    int itemSize() {
        return itemSize;
    }

    boolean bigEndian() {
        return bigEndian && itemSize > 1;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case 'b' -> "bool";
            case 'u' -> "uint" + 8 * itemSize;
            case 'i' -> "int" + 8 * itemSize;
            default -> "float" + 8 * itemSize;
        };
    }
}
