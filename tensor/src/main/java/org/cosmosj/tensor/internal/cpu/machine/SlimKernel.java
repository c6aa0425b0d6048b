package org.cosmosj.tensor.internal.cpu.machine;

import static org.cosmosj.tensor.internal.cpu.machine.Address.at;

/**
 * A transposed tile of a product with few rows, from weights that are not packed: {@code c[n][m] (+)= sum_p w[n][p]
 * x[p][m]}. Lines of w run along K and are read where they stand, one 32-bit step for all lanes; x is a packed panel
 * whose lanes are the rows of the product. The same sums in the same order as {@link TileKernel}. As a function:
 * {@code void(w, x, c, bytes from line to line of w, steps, whether to add)}; c is dense.
 *
 * @param arithmetic of a step
 * @param lines of w, 1 to 24
 * @param vectors of x and c
 * @param width of these vectors
 */
record SlimKernel(Arithmetic arithmetic, int lines, int vectors, Vec.Width width) implements Kernel {
    private static final int UNROLL = 8;
    /** Bytes that each line is fetched ahead: K is long, and a processor follows only a few streams by itself. */
    private static final int PREFETCH = 512;
    private static final Gpr WEIGHTS = Gpr.RDI;
    private static final Gpr PANEL = Gpr.RSI;
    private static final Gpr RESULT = Gpr.RDX;
    private static final Gpr LINE = Gpr.RCX;
    private static final Gpr STEPS = Gpr.R8;
    private static final Gpr ADD = Gpr.R9;
    private static final Gpr TURNS = Gpr.RAX;
    /** Every eighth line has a pointer; lines between are reached by multiples of the distance. */
    private static final Gpr[] POINTERS = {WEIGHTS, Gpr.R10, Gpr.R11};
    private static final Gpr THREE_LINES = Gpr.RBX;
    private static final Gpr FIVE_LINES = Gpr.RBP;
    private static final Gpr SEVEN_LINES = Gpr.R12;
    private static final Gpr[] SAVED = {THREE_LINES, FIVE_LINES, SEVEN_LINES};

    /** Most lines that fit the registers with so many vectors. */
    static int mostLines(int vectors) {
        return Math.min(24, (32 - vectors) / vectors);
    }

    @Override
    public void assemble(Assembler a) {
        a.endbr64();
        for (Gpr register : SAVED) {
            a.push(register);
        }
        a.lea(THREE_LINES, at(LINE, LINE, 2, 0));
        a.lea(FIVE_LINES, at(LINE, LINE, 4, 0));
        a.lea(SEVEN_LINES, at(THREE_LINES, LINE, 4, 0));
        a.lea(POINTERS[1], at(WEIGHTS, LINE, 8, 0));
        a.lea(POINTERS[2], at(POINTERS[1], LINE, 8, 0));
        for (int i = 0; i < lines * vectors; i++) {
            a.vpxord(accumulator(i), accumulator(i), accumulator(i));
        }
        sum(a);
        Encoder.Label store = a.label();
        a.test(ADD, ADD);
        a.jz(store);
        for (int i = 0; i < lines * vectors; i++) {
            a.vaddps(accumulator(i), accumulator(i), at(RESULT, width.bytes() * i));
        }
        a.bind(store);
        for (int i = 0; i < lines * vectors; i++) {
            a.vmovups(at(RESULT, width.bytes() * i), accumulator(i));
        }
        for (int i = SAVED.length - 1; i >= 0; i--) {
            a.pop(SAVED[i]);
        }
        a.vzeroupper();
        a.ret();
    }

    private void sum(Assembler a) {
        Encoder.Label rest = a.label();
        Encoder.Label end = a.label();
        a.mov(TURNS, STEPS);
        a.shr(TURNS, Integer.numberOfTrailingZeros(UNROLL));
        a.test(TURNS, TURNS);
        a.jz(rest);
        turns(a, TURNS, UNROLL);
        a.bind(rest);
        a.and(STEPS, UNROLL - 1);
        a.jz(end);
        turns(a, STEPS, 1);
        a.bind(end);
    }

    private void turns(Assembler a, Gpr counter, int unroll) {
        Encoder.Label top = a.label();
        a.bind(top);
        for (int u = 0; u < unroll; u++) {
            for (int v = 0; v < vectors; v++) {
                a.vmovups(panel(v), at(PANEL, (u * vectors + v) * width.bytes()));
            }
            for (int i = 0; i < lines; i++) {
                if (unroll > 1 && i % unroll == u) {
                    a.prefetcht0(line(i, PREFETCH));
                }
                for (int v = 0; v < vectors; v++) {
                    arithmetic.multiplyBroadcast(a, accumulator(i * vectors + v), panel(v), line(i, 4 * u));
                }
            }
        }
        for (int i = 0; i < (lines + 7) / 8; i++) {
            a.add(POINTERS[i], 4 * unroll);
        }
        a.add(PANEL, unroll * vectors * width.bytes());
        a.dec(counter);
        a.jnz(top);
    }

    private Address line(int i, int displacement) {
        Gpr pointer = POINTERS[i / 8];
        return switch (i % 8) {
            case 0 -> at(pointer, displacement);
            case 1, 2, 4 -> at(pointer, LINE, i % 8, displacement);
            case 3, 6 -> at(pointer, THREE_LINES, i % 8 / 3, displacement);
            case 5 -> at(pointer, FIVE_LINES, 1, displacement);
            default -> at(pointer, SEVEN_LINES, 1, displacement);
        };
    }

    private Vec accumulator(int i) {
        return new Vec(i, width);
    }

    private Vec panel(int v) {
        return new Vec(lines * vectors + v, width);
    }
}
