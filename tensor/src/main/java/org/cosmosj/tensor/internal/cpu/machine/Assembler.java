package org.cosmosj.tensor.internal.cpu.machine;

import java.util.Locale;

/**
 * The x86-64 instructions that kernels are made of, encoded as an assembler would: AVX-512 on any vector width, and the
 * few of general registers that loops need. Names and operand order are Intel's.
 */
final class Assembler extends Encoder {
    private static final int ZERO = 4;
    private static final int NOT_ZERO = 5;
    private static final int NO_MASK = 0;

    /** An assembler of bytes. */
    Assembler() {
        super(null);
    }

    /** @param text receives the same instructions in GNU's Intel syntax */
    Assembler(StringBuilder text) {
        super(text);
    }

    // Vectors: moves

    void vmovups(Vec d, Source s) {
        evex(MAP_0F, PREFIX_NONE, 0, 0x10, d.width(), d.number(), 0, s, bytes(d), false, NO_MASK, false);
        say(evex("vmovups", d), d, s.text(size(d)));
    }

    void vmovups(Address d, Vec s) {
        evex(MAP_0F, PREFIX_NONE, 0, 0x11, s.width(), s.number(), 0, d, bytes(s), false, NO_MASK, false);
        say(evex("vmovups", s), d.text(size(s)), s);
    }

    /** Loads the lanes of the mask, 0 elsewhere; masked lanes are not read. */
    void vmovupsMasked(Vec d, int k, Address s) {
        evex(MAP_0F, PREFIX_NONE, 0, 0x10, d.width(), d.number(), 0, s, bytes(d), false, k, true);
        say(evex("vmovups", d), d + zeroed(k), s.text(size(d)));
    }

    /** Stores the lanes of the mask; masked memory is not written. */
    void vmovupsMasked(Address d, int k, Vec s) {
        evex(MAP_0F, PREFIX_NONE, 0, 0x11, s.width(), s.number(), 0, d, bytes(s), false, k, false);
        say(evex("vmovups", s), d.text(size(s)) + "{k" + k + "}", s);
    }

    /** Loads 16-bit lanes of the mask, 0 elsewhere. */
    void vmovdqu16Masked(Vec d, int k, Address s) {
        evex(MAP_0F, PREFIX_F2, 1, 0x6F, d.width(), d.number(), 0, s, bytes(d), false, k, true);
        say(evex("vmovdqu16", d), d + zeroed(k), s.text(size(d)));
    }

    /** Loads unsigned 16-bit lanes of the mask into 32-bit lanes. */
    void vpmovzxwdMasked(Vec d, int k, Address s) {
        evex(MAP_0F38, PREFIX_66, 0, 0x33, d.width(), d.number(), 0, s, bytes(d) / 2, false, k, true);
        say(evex("vpmovzxwd", d), d + zeroed(k), s.text(halfSize(d)));
    }

    void vpmovzxwd(Vec d, Vec s) {
        evex(MAP_0F38, PREFIX_66, 0, 0x33, d.width(), d.number(), 0, s, bytes(d) / 2, false, NO_MASK, false);
        say(evex("vpmovzxwd", d), d, half(s));
    }

    void vpbroadcastd(Vec d, Address s) {
        evex(MAP_0F38, PREFIX_66, 0, 0x58, d.width(), d.number(), 0, s, 4, false, NO_MASK, false);
        say(evex("vpbroadcastd", d), d, s.text("dword"));
    }

    void vbroadcastss(Vec d, Address s) {
        evex(MAP_0F38, PREFIX_66, 0, 0x18, d.width(), d.number(), 0, s, 4, false, NO_MASK, false);
        say(evex("vbroadcastss", d), d, s.text("dword"));
    }

    // Vectors: arithmetic

    /** {@code d += a c} in F32, each lane rounded once. */
    void vfmadd231ps(Vec d, Vec a, Source c) {
        three("vfmadd231ps", MAP_0F38, PREFIX_66, 0, 0xB8, d, a, c);
    }

    /** The same with one element of memory for all lanes. */
    void vfmadd231psBroadcast(Vec d, Vec a, Address c) {
        broadcast("vfmadd231ps", MAP_0F38, PREFIX_66, 0xB8, d, a, c);
    }

    /** {@code d += a1 c1}, then {@code d += a0 c0}: pairs of BF16, each product added and rounded in F32. */
    void vdpbf16ps(Vec d, Vec a, Source c) {
        three("vdpbf16ps", MAP_0F38, PREFIX_F3, 0, 0x52, d, a, c);
    }

    /** The same with one pair of memory for all lanes. */
    void vdpbf16psBroadcast(Vec d, Vec a, Address c) {
        broadcast("vdpbf16ps", MAP_0F38, PREFIX_F3, 0x52, d, a, c);
    }

    void vaddps(Vec d, Vec a, Source c) {
        three("vaddps", MAP_0F, PREFIX_NONE, 0, 0x58, d, a, c);
    }

    /** Rounds F32 to BF16: low into the lower half of d, high into the upper. */
    void vcvtne2ps2bf16(Vec d, Vec high, Source low) {
        three("vcvtne2ps2bf16", MAP_0F38, PREFIX_F2, 0, 0x72, d, high, low);
    }

    /** Rounds F32 to BF16 in a register of half the width. */
    void vcvtneps2bf16(Vec d, Vec s) {
        evex(MAP_0F38, PREFIX_F3, 0, 0x72, s.width(), d.number(), 0, s, bytes(s), false, NO_MASK, false);
        say("vcvtneps2bf16", half(d), s);
    }

    // Vectors: bits and permutations

    void vpxord(Vec d, Vec a, Source c) {
        three("vpxord", MAP_0F, PREFIX_66, 0, 0xEF, d, a, c);
    }

    void vpord(Vec d, Vec a, Source c) {
        three("vpord", MAP_0F, PREFIX_66, 0, 0xEB, d, a, c);
    }

    void vpslld(Vec d, Vec a, int count) {
        evex(MAP_0F, PREFIX_66, 0, 0x72, d.width(), 6, d.number(), a, bytes(d), false, NO_MASK, false);
        bytes(count);
        say(evex("vpslld", d), d, a, count);
    }

    void vpunpckldq(Vec d, Vec a, Source c) {
        three("vpunpckldq", MAP_0F, PREFIX_66, 0, 0x62, d, a, c);
    }

    void vpunpckhdq(Vec d, Vec a, Source c) {
        three("vpunpckhdq", MAP_0F, PREFIX_66, 0, 0x6A, d, a, c);
    }

    void vpunpcklqdq(Vec d, Vec a, Source c) {
        three("vpunpcklqdq", MAP_0F, PREFIX_66, 1, 0x6C, d, a, c);
    }

    void vpunpckhqdq(Vec d, Vec a, Source c) {
        three("vpunpckhqdq", MAP_0F, PREFIX_66, 1, 0x6D, d, a, c);
    }

    void vshufi32x4(Vec d, Vec a, Vec c, int selection) {
        evex(MAP_0F3A, PREFIX_66, 0, 0x43, d.width(), d.number(), a.number(), c, bytes(d), false, NO_MASK, false);
        bytes(selection);
        say("vshufi32x4", d, a, c, selection);
    }

    void kmovd(int k, Gpr s) {
        if (s.number() < 8) {
            bytes(0xC5, 0xFB, 0x92, 0xC0 | k << 3 | s.number());
        } else {
            bytes(0xC4, 0xC1, 0x7B, 0x92, 0xC0 | k << 3 | s.number() & 7);
        }
        say("kmovd", "k" + k, s.narrow());
    }

    void vzeroupper() {
        bytes(0xC5, 0xF8, 0x77);
        say("vzeroupper");
    }

    // General registers

    void mov(Gpr d, Gpr s) {
        general(true, 0x89, s.number(), d);
        say("mov", d.wide(), s.wide());
    }

    /** Sets the lower 32 bits and clears the upper ones. */
    void mov(Gpr d, int value) {
        rex(false, 0, 0, d.number());
        bytes(0xB8 | d.number() & 7);
        int32(value);
        say("mov", d.narrow(), value);
    }

    void store32(Address d, Gpr s) {
        general(false, 0x89, s.number(), d);
        say("mov", d.text("dword"), s.narrow());
    }

    void lea(Gpr d, Address s) {
        general(true, 0x8D, d.number(), s);
        say("lea", d.wide(), s);
    }

    void add(Gpr d, Gpr s) {
        general(true, 0x01, s.number(), d);
        say("add", d.wide(), s.wide());
    }

    void add(Gpr d, int value) {
        immediate("add", 0, d, value);
    }

    void and(Gpr d, int value) {
        immediate("and", 4, d, value);
    }

    private void immediate(String mnemonic, int extension, Gpr d, int value) {
        if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
            general(true, 0x83, extension, d);
            bytes(value);
        } else {
            if (d == Gpr.RAX) {
                bytes(0x48, 0x05 | extension << 3);
            } else {
                general(true, 0x81, extension, d);
            }
            int32(value);
        }
        say(mnemonic, d.wide(), value);
    }

    void shr(Gpr d, int count) {
        if (count == 1) {
            general(true, 0xD1, 5, d);
        } else {
            general(true, 0xC1, 5, d);
            bytes(count);
        }
        say("shr", d.wide(), count);
    }

    void test(Gpr a, Gpr b) {
        general(true, 0x85, b.number(), a);
        say("test", a.wide(), b.wide());
    }

    void dec(Gpr d) {
        general(true, 0xFF, 1, d);
        say("dec", d.wide());
    }

    void push(Gpr s) {
        rex(false, 0, 0, s.number());
        bytes(0x50 | s.number() & 7);
        say("push", s.wide());
    }

    void pop(Gpr d) {
        rex(false, 0, 0, d.number());
        bytes(0x58 | d.number() & 7);
        say("pop", d.wide());
    }

    void prefetcht0(Address a) {
        rex(false, 0, a.index() == null ? 0 : a.index().number(), a.base().number());
        bytes(0x0F, 0x18);
        memory(1, a, 1);
        say("prefetcht0", a.text("byte"));
    }

    void jz(Label to) {
        jump("jz", ZERO, to);
    }

    void jnz(Label to) {
        jump("jnz", NOT_ZERO, to);
    }

    void ret() {
        bytes(0xC3);
        say("ret");
    }

    void cpuid() {
        bytes(0x0F, 0xA2);
        say("cpuid");
    }

    void xgetbv() {
        bytes(0x0F, 0x01, 0xD0);
        say("xgetbv");
    }

    /** The one place where an indirect call may land if the processor checks that. */
    void endbr64() {
        bytes(0xF3, 0x0F, 0x1E, 0xFA);
        say("endbr64");
    }

    private void three(String mnemonic, int map, int prefix, int w, int opcode, Vec d, Vec a, Source c) {
        evex(map, prefix, w, opcode, d.width(), d.number(), a.number(), c, bytes(d), false, NO_MASK, false);
        say(evex(mnemonic, d), d, a, c.text(size(d)));
    }

    private void broadcast(String mnemonic, int map, int prefix, int opcode, Vec d, Vec a, Address c) {
        evex(map, prefix, 0, opcode, d.width(), d.number(), a.number(), c, 4, true, NO_MASK, false);
        say(evex(mnemonic, d), d, a, c.text("dword") + "{1to" + d.width().lanes() + "}");
    }

    /** GNU's assembler would take a shorter form of other families for narrow vectors. */
    private static String evex(String mnemonic, Vec v) {
        return v.width() == Vec.Width.Z ? mnemonic : "{evex} " + mnemonic;
    }

    private static int bytes(Vec v) {
        return v.width().bytes();
    }

    private static String size(Vec v) {
        return v.width().name().toLowerCase(Locale.ROOT) + "mmword";
    }

    private static String halfSize(Vec d) {
        return d.width() == Vec.Width.X ? "qword" : size(half(d));
    }

    /** The register of the same number at half the width, which is at least 128 bits. */
    private static Vec half(Vec v) {
        return new Vec(v.number(), v.width() == Vec.Width.Z ? Vec.Width.Y : Vec.Width.X);
    }

    private static String zeroed(int k) {
        return "{k" + k + "}{z}";
    }
}
