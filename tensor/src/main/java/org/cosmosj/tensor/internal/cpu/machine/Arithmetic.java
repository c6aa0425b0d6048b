package org.cosmosj.tensor.internal.cpu.machine;

import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;

/** How the inner product of a tile multiplies. A step consumes 32 bits of each factor's line. */
enum Arithmetic {
    /** One F32 per step: fma in the order of K. */
    F32(1),
    /** Two BF16 per step: the odd one first, each product added and rounded in F32, denormals flushed to zero. */
    BF16(2);

    /** Steps of the longest block of K. */
    static final int LONGEST = ScalarMatmulKernels.DEPTH_BLOCK;

    private final int elements;

    Arithmetic(int elements) {
        this.elements = elements;
    }

    /** Elements of K in a step. */
    int elements() {
        return elements;
    }

    /** Length of the blocks of K, a function of K alone. */
    int depthStep(int depth) {
        return this == F32 ? ScalarMatmulKernels.depthStep(depth) : ScalarMatmulKernels.pairedDepthStep(depth);
    }

    /** Steps that cover a length of K; the last may be half empty. */
    int steps(int depth) {
        return (depth + elements - 1) / elements;
    }

    /** {@code d += a c}, all in registers or memory. */
    void multiply(Assembler a, Vec d, Vec x, Source y) {
        if (this == F32) {
            a.vfmadd231ps(d, x, y);
        } else {
            a.vdpbf16ps(d, x, y);
        }
    }

    /** The same with one step of memory for all lanes. */
    void multiplyBroadcast(Assembler a, Vec d, Vec x, Address y) {
        if (this == F32) {
            a.vfmadd231psBroadcast(d, x, y);
        } else {
            a.vdpbf16psBroadcast(d, x, y);
        }
    }
}
