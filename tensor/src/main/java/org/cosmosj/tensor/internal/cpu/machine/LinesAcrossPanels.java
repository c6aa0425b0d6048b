package org.cosmosj.tensor.internal.cpu.machine;

import static org.cosmosj.tensor.internal.cpu.machine.Address.at;
import static org.cosmosj.tensor.internal.cpu.machine.Vec.zmm;

/**
 * Packs up to 32 lanes of lines that run across the panels, one line of K after the other. As a function:
 * {@code void(source, bytes from line to line, panel, bytes from step to step of the panel, lines, mask of the lanes)}.
 * Writes all lanes of each step, zero where the mask has none; an odd last line of pairs gets zero as its partner.
 *
 * @param packing of the elements
 * @param vectors of 16 lanes, 1 or 2
 */
record LinesAcrossPanels(Packing packing, int vectors) implements Kernel {
    private static final Gpr FROM = Gpr.RDI;
    private static final Gpr LINE_BYTES = Gpr.RSI;
    private static final Gpr TO = Gpr.RDX;
    private static final Gpr STEP_BYTES = Gpr.RCX;
    private static final Gpr LINES = Gpr.R8;
    private static final Gpr LANES = Gpr.R9;
    private static final Gpr STEPS = Gpr.RAX;

    @Override
    public void assemble(Assembler a) {
        boolean pairs = packing.arithmetic() == Arithmetic.BF16;
        Encoder.Label rest = a.label();
        Encoder.Label end = a.label();
        a.endbr64();
        a.kmovd(1, LANES);
        a.shr(LANES, 16);
        a.kmovd(2, LANES);
        a.mov(STEPS, LINES);
        if (pairs) {
            a.shr(STEPS, 1);
        }
        a.test(STEPS, STEPS);
        a.jz(rest);
        Encoder.Label top = a.label();
        a.bind(top);
        for (int v = 0; v < vectors; v++) {
            step(a, v, pairs);
        }
        a.lea(FROM, at(FROM, LINE_BYTES, pairs ? 2 : 1, 0));
        a.add(TO, STEP_BYTES);
        a.dec(STEPS);
        a.jnz(top);
        a.bind(rest);
        if (pairs) {
            a.and(LINES, 1);
            a.jz(end);
            for (int v = 0; v < vectors; v++) {
                load(a, v, v, at(FROM, v * sourceBytes()));
                a.vmovups(at(TO, 64 * v), zmm(v));
            }
        }
        a.bind(end);
        a.vzeroupper();
        a.ret();
    }

    private void step(Assembler a, int v, boolean pairs) {
        int offset = v * sourceBytes();
        Vec even = zmm(2 * v);
        Vec odd = zmm(2 * v + 1);
        load(a, 2 * v, v, at(FROM, offset));
        a.prefetcht0(at(FROM, offset + vectors * sourceBytes()));
        if (pairs) {
            load(a, 2 * v + 1, v, at(FROM, LINE_BYTES, 1, offset));
            a.prefetcht0(at(FROM, LINE_BYTES, 1, offset + vectors * sourceBytes()));
            a.vpslld(odd, odd, 16);
            a.vpord(even, even, odd);
        }
        a.vmovups(at(TO, 64 * v), even);
    }

    private int sourceBytes() {
        return 16 * packing.elementBytes();
    }

    /** One lane per 32 bits: F32, or BF16 in the lower half. */
    private void load(Assembler a, int register, int vector, Address from) {
        Vec to = zmm(register);
        int mask = 1 + vector;
        switch (packing) {
            case F32 -> a.vmovupsMasked(to, mask, from);
            case WIDENED -> {
                a.vpmovzxwdMasked(to, mask, from);
                a.vpslld(to, to, 16);
            }
            case PAIRS -> a.vpmovzxwdMasked(to, mask, from);
            case ROUNDED_PAIRS -> {
                a.vmovupsMasked(to, mask, from);
                a.vcvtneps2bf16(to, to);
                a.vpmovzxwd(to, to);
            }
        }
    }
}
