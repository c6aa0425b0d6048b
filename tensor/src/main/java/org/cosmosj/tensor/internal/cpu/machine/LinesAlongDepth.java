package org.cosmosj.tensor.internal.cpu.machine;

import static org.cosmosj.tensor.internal.cpu.machine.Address.at;
import static org.cosmosj.tensor.internal.cpu.machine.Vec.zmm;

/**
 * Packs up to 16 lines that run along K into neighbouring lanes of a panel: 16 x 16 steps at a time are transposed in
 * registers. As a function: {@code void(source, bytes from line to line, panel, bytes from step to step of the panel,
 * blocks of 16 steps, mask of the elements of one more block)}. Writes 64 bytes at each step of whole blocks, zero
 * where there is no line or element; reads what the lines hold and nothing else.
 *
 * @param packing of the elements
 * @param lines 1 to 16
 */
record LinesAlongDepth(Packing packing, int lines) implements Kernel {
    private static final Gpr FROM = Gpr.RDI;
    private static final Gpr LINE_BYTES = Gpr.RSI;
    private static final Gpr TO = Gpr.RDX;
    private static final Gpr STEP_BYTES = Gpr.RCX;
    private static final Gpr BLOCKS = Gpr.R8;
    private static final Gpr TAIL = Gpr.R9;
    private static final Gpr LINE = Gpr.R10;
    private static final Gpr SCRATCH = Gpr.RAX;
    private static final int LOW = 1;
    private static final int HIGH = 2;

    @Override
    public void assemble(Assembler a) {
        Encoder.Label tail = a.label();
        Encoder.Label end = a.label();
        a.endbr64();
        a.mov(SCRATCH, -1);
        a.kmovd(LOW, SCRATCH);
        a.kmovd(HIGH, SCRATCH);
        a.test(BLOCKS, BLOCKS);
        a.jz(tail);
        Encoder.Label top = a.label();
        a.bind(top);
        block(a);
        a.dec(BLOCKS);
        a.jnz(top);
        a.bind(tail);
        a.test(TAIL, TAIL);
        a.jz(end);
        a.kmovd(LOW, TAIL);
        a.shr(TAIL, 16);
        a.kmovd(HIGH, TAIL);
        block(a);
        a.bind(end);
        a.vzeroupper();
        a.ret();
    }

    private void block(Assembler a) {
        a.mov(LINE, FROM);
        for (int i = 0; i < 16; i++) {
            if (i < lines) {
                load(a, i);
            } else {
                a.vpxord(zmm(i), zmm(i), zmm(i));
            }
            if (i < lines - 1) {
                a.add(LINE, LINE_BYTES);
            }
        }
        a.add(FROM, packing.blockBytes());
        transpose(a);
        for (int p = 0; p < 16; p++) {
            a.vmovups(at(TO, 0), zmm(p));
            a.add(TO, STEP_BYTES);
        }
    }

    private void load(Assembler a, int i) {
        switch (packing) {
            case F32 -> a.vmovupsMasked(zmm(i), LOW, at(LINE, 0));
            case WIDENED -> {
                a.vpmovzxwdMasked(zmm(i), LOW, at(LINE, 0));
                a.vpslld(zmm(i), zmm(i), 16);
            }
            case PAIRS -> a.vmovdqu16Masked(zmm(i), LOW, at(LINE, 0));
            case ROUNDED_PAIRS -> {
                a.vmovupsMasked(zmm(16), LOW, at(LINE, 0));
                a.vmovupsMasked(zmm(17), HIGH, at(LINE, 64));
                a.vcvtne2ps2bf16(zmm(i), zmm(17), zmm(16));
            }
        }
    }

    /** zmm0-15 hold rows before and columns after. */
    private static void transpose(Assembler a) {
        for (int i = 0; i < 16; i += 2) {
            a.vpunpckldq(zmm(16 + i), zmm(i), zmm(i + 1));
            a.vpunpckhdq(zmm(17 + i), zmm(i), zmm(i + 1));
        }
        for (int i = 0; i < 16; i += 4) {
            a.vpunpcklqdq(zmm(i), zmm(16 + i), zmm(18 + i));
            a.vpunpckhqdq(zmm(i + 1), zmm(16 + i), zmm(18 + i));
            a.vpunpcklqdq(zmm(i + 2), zmm(17 + i), zmm(19 + i));
            a.vpunpckhqdq(zmm(i + 3), zmm(17 + i), zmm(19 + i));
        }
        for (int c = 0; c < 4; c++) {
            a.vshufi32x4(zmm(16 + c), zmm(c), zmm(4 + c), 0x88);
            a.vshufi32x4(zmm(20 + c), zmm(c), zmm(4 + c), 0xDD);
            a.vshufi32x4(zmm(24 + c), zmm(8 + c), zmm(12 + c), 0x88);
            a.vshufi32x4(zmm(28 + c), zmm(8 + c), zmm(12 + c), 0xDD);
        }
        for (int c = 0; c < 4; c++) {
            a.vshufi32x4(zmm(c), zmm(16 + c), zmm(24 + c), 0x88);
            a.vshufi32x4(zmm(8 + c), zmm(16 + c), zmm(24 + c), 0xDD);
            a.vshufi32x4(zmm(4 + c), zmm(20 + c), zmm(28 + c), 0x88);
            a.vshufi32x4(zmm(12 + c), zmm(20 + c), zmm(28 + c), 0xDD);
        }
    }
}
