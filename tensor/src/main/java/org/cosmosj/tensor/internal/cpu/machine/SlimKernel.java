package org.cosmosj.tensor.internal.cpu.machine;

import static org.cosmosj.tensor.internal.cpu.machine.Address.at;

/**
 * A transposed tile of a product with few rows, from weights that are not packed: {@code c[n][m] (+)= sum_p w[n][p]
 * x[p][m]}. Lines of w run along K and are read where they stand, one 32-bit step for all lanes; x is a packed panel
 * whose lanes are the rows of the product. The same sums in the same order as {@link TileKernel}. As a function:
 * {@code void(w, x, c, bytes from line to line of w, steps, whether to add)}; c is dense.
 *
 * @param arithmetic of a step
 * @param lines of w, 1 to 8
 * @param vectors of x and c
 * @param width of these vectors
 */
record SlimKernel(Arithmetic arithmetic, int lines, int vectors, Vec.Width width) implements Kernel {
    private static final int UNROLL = 8;
    /**
     * Lines of weights mostly lie a multiple of 4 KiB apart, in the same set of an L1 cache of 8 ways: with more than 8
     * of them every read misses it (measured: a quarter of the speed with 24).
     */
    private static final int MOST_LINES = 8;
    /** Bytes that each line is fetched ahead: K is long, and a processor follows only a few streams by itself. */
    private static final int PREFETCH = 256;
    private static final Gpr WEIGHTS = Gpr.RDI;
    private static final Gpr PANEL = Gpr.RSI;
    private static final Gpr RESULT = Gpr.RDX;
    private static final Gpr LINE = Gpr.RCX;
    private static final Gpr STEPS = Gpr.R8;
    private static final Gpr ADD = Gpr.R9;
    private static final Gpr TURNS = Gpr.RAX;
    // Multiples of the distance of two lines, by which an address reaches each of eight.
    private static final Gpr THREE_LINES = Gpr.R10;
    private static final Gpr FIVE_LINES = Gpr.R11;
    private static final Gpr SEVEN_LINES = Gpr.RBX;

    /** Most lines that fit the registers with so many vectors. */
    static int mostLines(int vectors) {
        return Math.min(MOST_LINES, (32 - vectors) / vectors);
    }

    @Override
    public void assemble(Assembler a) {
        a.endbr64();
        a.push(SEVEN_LINES);
        a.lea(THREE_LINES, at(LINE, LINE, 2, 0));
        a.lea(FIVE_LINES, at(LINE, LINE, 4, 0));
        a.lea(SEVEN_LINES, at(THREE_LINES, LINE, 4, 0));
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
        a.pop(SEVEN_LINES);
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
        a.add(WEIGHTS, 4 * unroll);
        a.add(PANEL, unroll * vectors * width.bytes());
        a.dec(counter);
        a.jnz(top);
    }

    private Address line(int i, int displacement) {
        return switch (i) {
            case 0 -> at(WEIGHTS, displacement);
            case 1, 2, 4 -> at(WEIGHTS, LINE, i, displacement);
            case 3, 6 -> at(WEIGHTS, THREE_LINES, i / 3, displacement);
            case 5 -> at(WEIGHTS, FIVE_LINES, 1, displacement);
            default -> at(WEIGHTS, SEVEN_LINES, 1, displacement);
        };
    }

    private Vec accumulator(int i) {
        return new Vec(i, width);
    }

    private Vec panel(int v) {
        return new Vec(lines * vectors + v, width);
    }
}
