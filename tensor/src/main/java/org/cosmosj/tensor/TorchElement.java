package org.cosmosj.tensor;

import java.util.Locale;

/** PyTorch's element types; those without a {@link DType} are recognised but not read. */
enum TorchElement {
    FLOAT64("DoubleStorage", 8, DType.F64), FLOAT32("FloatStorage", 4, DType.F32), BFLOAT16("BFloat16Storage", 2,
            DType.BF16), FLOAT16("HalfStorage", 2, DType.F16), INT64("LongStorage", 8, DType.I64), INT32("IntStorage",
                    4, DType.I32), UINT8("ByteStorage", 1, DType.U8), BOOL("BoolStorage", 1, DType.BOOL), INT8(
                            "CharStorage", 1, null), INT16("ShortStorage", 2, null), COMPLEX64("ComplexFloatStorage",
                                    8, null), COMPLEX128("ComplexDoubleStorage", 16, null), UINT16(null, 2,
                                            null), UINT32(null, 4, null), UINT64(null, 8, null), FLOAT8_E4M3FN(null, 1,
                                                    null), FLOAT8_E5M2(null, 1, null);

    private final String storageClass;
    private final int byteSize;
    private final DType dtype;

    TorchElement(String storageClass, int byteSize, DType dtype) {
        this.storageClass = storageClass;
        this.byteSize = byteSize;
        this.dtype = dtype;
    }

    static TorchElement of(DType dtype) {
        for (TorchElement element : values()) {
            if (element.dtype == dtype) {
                return element;
            }
        }
        throw new IllegalArgumentException("torch: no element type for " + dtype);
    }

    /** Class of typed storages, or null if there is none. */
    String storageClass() {
        return storageClass;
    }

    int byteSize() {
        return byteSize;
    }

    /** This library's type, or null if it has none. */
    DType dtype() {
        return dtype;
    }

    /** Such as {@code bfloat16}. */
    String torchName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
