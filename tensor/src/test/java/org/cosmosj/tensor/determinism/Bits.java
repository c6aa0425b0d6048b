package org.cosmosj.tensor.determinism;

import java.util.Arrays;
import org.cosmosj.tensor.Tensor;

/** A fingerprint of a tensor's bits. */
final class Bits {
    private Bits() {}

    static long of(Tensor tensor) {
        long hash = Arrays.hashCode(tensor.shape().toArray());
        for (float value : tensor.toFloatArray()) {
            hash = (hash ^ Float.floatToRawIntBits(value)) * 0x100000001b3L;
        }
        return hash;
    }
}
