package org.cosmosj.tensor.internal.cpu.machine;

import static org.cosmosj.tensor.internal.cpu.machine.Address.at;
import static org.cosmosj.tensor.internal.cpu.machine.Vec.zmm;

/**
 * A tile of a matrix product from two packed panels: {@code c[r][s] (+)= sum_p a[p][r] b[p][s]}, accumulated in
 * registers from 0 in the order of p and then stored or added. As a function:
 * {@code void(a, b, c, bytes from row to row of c, steps, flags)}, where bit 0 of the flags asks to add and, for edges,
 * the bits above it say which columns of the last vector exist.
 *
 * @param arithmetic of a step
 * @param rows of this tile
 * @param vectors columns of this tile in vectors of 16
 * @param edge whether the last vector is masked
 * @param tiling the panels' full sizes and the loop's form
 */
record TileKernel(Arithmetic arithmetic, int rows, int vectors, boolean edge, Tiling tiling) implements Kernel {
    private static final Gpr LEFT = Gpr.RDI;
    private static final Gpr RIGHT = Gpr.RSI;
    private static final Gpr RESULT = Gpr.RDX;
    private static final Gpr ROW_BYTES = Gpr.RCX;
    private static final Gpr STEPS = Gpr.R8;
    private static final Gpr FLAGS = Gpr.R9;
    private static final Gpr ROW = Gpr.R10;
    private static final Gpr TURNS = Gpr.RAX;
    private static final int MASK = 1;

    @Override
    public void assemble(Assembler a) {
        a.endbr64();
        forEachRow(a, ROW, (r, v) -> a.prefetcht0(at(ROW, 64 * v)));
        for (int i = 0; i < rows * vectors; i++) {
            a.vpxord(zmm(i), zmm(i), zmm(i));
        }
        sum(a);
        if (edge) {
            a.mov(TURNS, FLAGS);
            a.shr(TURNS, 1);
            a.kmovd(MASK, TURNS);
            a.and(FLAGS, 1);
        }
        Encoder.Label store = a.label();
        a.test(FLAGS, FLAGS);
        a.jz(store);
        forEachRow(a, ROW, (r, v) -> add(a, accumulator(r, v), v));
        a.bind(store);
        forEachRow(a, RESULT, (r, v) -> {
            if (edge && v == vectors - 1) {
                a.vmovupsMasked(at(RESULT, 64 * v), MASK, accumulator(r, v));
            } else {
                a.vmovups(at(RESULT, 64 * v), accumulator(r, v));
            }
        });
        a.vzeroupper();
        a.ret();
    }

    private void sum(Assembler a) {
        int unroll = tiling.unroll();
        Encoder.Label rest = a.label();
        Encoder.Label end = a.label();
        if (unroll > 1) {
            a.mov(TURNS, STEPS);
            a.shr(TURNS, Integer.numberOfTrailingZeros(unroll));
            a.test(TURNS, TURNS);
            a.jz(rest);
            turns(a, TURNS, unroll, tiling.prefetch());
        }
        a.bind(rest);
        a.and(STEPS, unroll > 1 ? unroll - 1 : -1);
        a.jz(end);
        turns(a, STEPS, 1, unroll > 1 ? 0 : tiling.prefetch());
        a.bind(end);
    }

    private void turns(Assembler a, Gpr counter, int unroll, int prefetch) {
        int leftStep = 4 * tiling.rows();
        int rightStep = 64 * tiling.vectors();
        Encoder.Label top = a.label();
        a.bind(top);
        for (int u = 0; u < unroll; u++) {
            step(a, u * leftStep, u * rightStep, prefetch);
        }
        a.add(LEFT, unroll * leftStep);
        a.add(RIGHT, unroll * rightStep);
        a.dec(counter);
        a.jnz(top);
    }

    private void step(Assembler a, int left, int right, int prefetch) {
        int firstRight = rows * vectors;
        int firstLeft = firstRight + vectors;
        int leftRegisters = Math.min(4, 32 - firstLeft);
        for (int v = 0; v < vectors; v++) {
            a.vmovups(zmm(firstRight + v), at(RIGHT, right + 64 * v));
        }
        for (int v = 0; prefetch > 0 && v < vectors; v++) {
            a.prefetcht0(at(RIGHT, right + 64 * v + prefetch));
        }
        for (int r = 0; r < rows; r++) {
            Vec element = zmm(firstLeft + r % leftRegisters);
            a.vbroadcastss(element, at(LEFT, left + 4 * r));
            for (int v = 0; v < vectors; v++) {
                arithmetic.multiply(a, accumulator(r, v), element, zmm(firstRight + v));
            }
        }
    }

    private Vec accumulator(int row, int vector) {
        return zmm(row * vectors + vector);
    }

    private void add(Assembler a, Vec sum, int vector) {
        if (edge && vector == vectors - 1) {
            Vec old = zmm(rows * vectors);
            a.vmovupsMasked(old, MASK, at(ROW, 64 * vector));
            a.vaddps(sum, sum, old);
        } else {
            a.vaddps(sum, sum, at(ROW, 64 * vector));
        }
    }

    private interface Part {
        void at(int row, int vector);
    }

    /** Walks the rows of the result with {@code pointer}. */
    private void forEachRow(Assembler a, Gpr pointer, Part part) {
        if (pointer != RESULT) {
            a.mov(pointer, RESULT);
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                part.at(r, v);
            }
            if (r < rows - 1) {
                a.add(pointer, ROW_BYTES);
            }
        }
    }
}
