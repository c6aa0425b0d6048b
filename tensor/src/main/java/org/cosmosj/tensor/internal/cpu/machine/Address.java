package org.cosmosj.tensor.internal.cpu.machine;

/**
 * Memory at {@code base + index * scale + displacement}.
 *
 * @param base a register
 * @param index another one, or null
 * @param scale 1, 2, 4 or 8
 * @param displacement bytes
 */
record Address(Gpr base, Gpr index, int scale, int displacement) implements Source {
    static Address at(Gpr base, int displacement) {
        return new Address(base, null, 1, displacement);
    }

    static Address at(Gpr base, Gpr index, int scale, int displacement) {
        return new Address(base, index, scale, displacement);
    }

    @Override
    public String text(String size) {
        return size + " ptr " + this;
    }

    @Override
    public String toString() {
        String sum = base.wide() + (index == null ? "" : "+" + index.wide() + "*" + scale);
        return "[" + sum + (displacement == 0 ? "" : (displacement > 0 ? "+" : "") + displacement) + "]";
    }
}
