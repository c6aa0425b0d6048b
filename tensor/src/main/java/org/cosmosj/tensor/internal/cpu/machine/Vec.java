package org.cosmosj.tensor.internal.cpu.machine;

/**
 * A vector register.
 *
 * @param number 0 to 31
 * @param width how much of it an instruction uses
 */
record Vec(int number, Width width) implements Source {
    /** Vector lengths, in the order of EVEX's field L'L. */
    enum Width {
        X(16, "xmm"), Y(32, "ymm"), Z(64, "zmm");

        private final int bytes;
        private final String prefix;

        Width(int bytes, String prefix) {
            this.bytes = bytes;
            this.prefix = prefix;
        }

        int bytes() {
            return bytes;
        }

        /** 32-bit lanes. */
        int lanes() {
            return bytes / 4;
        }
    }

    static Vec zmm(int number) {
        return new Vec(number, Width.Z);
    }

    @Override
    public String text(String size) {
        return toString();
    }

    @Override
    public String toString() {
        return width.prefix + number;
    }
}
