package org.cosmosj.tensor.internal.cpu.machine;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** Every instruction the assembler knows, with operands drawn from all that it takes. */
final class Instructions {
    private static final int[] DISPLACEMENTS = {0, 4, 8, 64, 124, 127, 128, 192, -4, -64, -128, -129, 508, 8128, 8192,
        8256, -8192, 100_000};

    /** One instruction with drawn operands. */
    static final List<BiConsumer<Assembler, Instructions>> ALL = List.of(
            (a, r) -> a.vmovups(r.vector(), r.address()),
            (a, r) -> a.vmovups(r.address(), r.vector()),
            (a, r) -> a.vmovupsMasked(r.vector(), r.mask(), r.address()),
            (a, r) -> a.vmovupsMasked(r.address(), r.mask(), r.vector()),
            (a, r) -> a.vmovdqu16Masked(r.vector(), r.mask(), r.address()),
            (a, r) -> a.vpmovzxwdMasked(r.vector(), r.mask(), r.address()),
            (a, r) -> a.vpmovzxwd(r.zmm(), r.zmm()),
            (a, r) -> a.vpbroadcastd(r.vector(), r.address()),
            (a, r) -> a.vbroadcastss(r.vector(), r.address()),
            (a, r) -> a.vfmadd231ps(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vfmadd231psBroadcast(r.vector(), r.same(), r.address()),
            (a, r) -> a.vdpbf16ps(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vdpbf16psBroadcast(r.vector(), r.same(), r.address()),
            (a, r) -> a.vaddps(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vcvtne2ps2bf16(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vcvtneps2bf16(r.zmm(), r.zmm()),
            (a, r) -> a.vpxord(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vpord(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vpslld(r.vector(), r.same(), r.random.nextInt(32)),
            (a, r) -> a.vpunpckldq(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vpunpckhdq(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vpunpcklqdq(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vpunpckhqdq(r.vector(), r.same(), r.sameSource()),
            (a, r) -> a.vshufi32x4(r.zmm(), r.zmm(), r.zmm(), r.random.nextInt(256)),
            (a, r) -> a.kmovd(r.mask(), r.general()),
            (a, _) -> a.vzeroupper(),
            (a, r) -> a.mov(r.general(), r.general()),
            (a, r) -> a.mov(r.general(), r.random.nextInt()),
            (a, r) -> a.store32(r.address(), r.general()),
            (a, r) -> a.lea(r.general(), r.address()),
            (a, r) -> a.add(r.general(), r.general()),
            (a, r) -> a.add(r.general(), r.immediate()),
            (a, r) -> a.and(r.general(), r.immediate()),
            (a, r) -> a.shr(r.general(), 1 + r.random.nextInt(63)),
            (a, r) -> a.test(r.general(), r.general()),
            (a, r) -> a.dec(r.general()),
            (a, r) -> a.push(r.general()),
            (a, r) -> a.pop(r.general()),
            (a, r) -> a.prefetcht0(r.address()),
            (a, _) -> a.ret(),
            (a, _) -> a.cpuid(),
            (a, _) -> a.xgetbv(),
            (a, _) -> a.endbr64(),
            (a, r) -> jump(a, r.random.nextInt(200), r.random.nextInt(200)));

    private final SplittableRandom random;
    private Vec.Width width = Vec.Width.Z;

    Instructions(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A loop of some length with a way out of it. */
    private static void jump(Assembler a, int before, int behind) {
        Encoder.Label top = a.label();
        Encoder.Label end = a.label();
        a.bind(top);
        for (int i = 0; i < before; i++) {
            a.ret();
        }
        a.jnz(top);
        a.jz(end);
        for (int i = 0; i < behind; i++) {
            a.ret();
        }
        a.bind(end);
    }

    private int mask() {
        return 1 + random.nextInt(7);
    }

    private int immediate() {
        return random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(-200, 200);
    }

    private Vec zmm() {
        return Vec.zmm(random.nextInt(32));
    }

    private Vec vector() {
        width = Vec.Width.values()[random.nextInt(3)];
        return same();
    }

    private Vec same() {
        return new Vec(random.nextInt(32), width);
    }

    private Source sameSource() {
        return random.nextBoolean() ? same() : address();
    }

    private Gpr general() {
        return Gpr.values()[random.nextInt(16)];
    }

    private Address address() {
        int displacement = DISPLACEMENTS[random.nextInt(DISPLACEMENTS.length)];
        Gpr index = general();
        return random.nextBoolean() || index == Gpr.RSP
                ? Address.at(general(), displacement)
                : Address.at(general(), index, 1 << random.nextInt(4), displacement);
    }
}
