package org.cosmosj.tensor.internal.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Known encodings, on every machine: the bytes that GNU's assembler 2.40 wrote for these lines. */
class AssemblerTest {
    private static final String KNOWN = """
            62717c4810540e02         vmovups zmm10,zmmword ptr [rsi+rcx*1+128]
            62717c281184c57f000000   {evex} vmovups ymmword ptr [rbp+rax*8+127],ymm8
            62d17ccc104001           vmovups zmm0{k4}{z},zmmword ptr [r8+64]
            62917c4d118c7efc010000   vmovups zmmword ptr [r14+r15*2+508]{k5},zmm1
            6291ff8d6f8c427fffffff   {evex} vmovdqu16 xmm1{k5}{z},xmmword ptr [r10+r8*2-129]
            62027dcc338406a0860100   vpmovzxwd zmm24{k4}{z},ymmword ptr [r14+r8*1+100000]
            62b27d4833e7             vpmovzxwd zmm4,ymm23
            62027d485864f77f         vpbroadcastd zmm28,dword ptr [r15+r14*8+508]
            62727d081871f0           {evex} vbroadcastss xmm14,dword ptr [rcx-64]
            62b21d48b8f9             vfmadd231ps zmm7,zmm12,zmm17
            62f21d58b89ca800200000   vfmadd231ps zmm3,zmm12,dword ptr [rax+rbp*4+8192]{1to16}
            626276085277fc           {evex} vdpbf16ps xmm30,xmm1,xmmword ptr [rdi-64]
            62822e3852bce940200000   {evex} vdpbf16ps ymm23,ymm10,dword ptr [r9+r13*8+8256]{1to8}
            62311c0858f4             {evex} vaddps xmm14,xmm12,xmm20
            62627f4072a5fcffffff     vcvtne2ps2bf16 zmm28,zmm16,zmmword ptr [rbp-4]
            62327e4872d8             vcvtneps2bf16 ymm11,zmm16
            62515d28ef4cc106         {evex} vpxord ymm9,ymm4,ymmword ptr [r9+rax*8+192]
            62516d28ebd9             {evex} vpord ymm11,ymm2,ymm9
            62d1052872f504           {evex} vpslld ymm15,ymm13,4
            62b15d4062f8             vpunpckldq zmm7,zmm20,zmm16
            62616d486a6301           vpunpckhdq zmm28,zmm2,zmmword ptr [rbx+64]
            6291dd406cd0             vpunpcklqdq zmm2,zmm20,zmm24
            62d18d486db8fc010000     vpunpckhqdq zmm7,zmm14,zmmword ptr [r8+508]
            62f3154843dbcc           vshufi32x4 zmm3,zmm13,zmm3,204
            c5fb92f9                 kmovd k7,ecx
            c5f877                   vzeroupper
            4989c7                   mov r15,rax
            41b9887adb6a             mov r9d,1792768648
            896b04                   mov dword ptr [rbx+4],ebp
            4a8d9c4780000000         lea rbx,[rdi+r8*2+128]
            4c01fa                   add rdx,r15
            4881c373ffffff           add rbx,-141
            4981e66894aa1f           and r14,531272808
            48c1ea3e                 shr rdx,62
            4c85eb                   test rbx,r13
            48ffcf                   dec rdi
            56                       push rsi
            5b                       pop rbx
            410f184dc0               prefetcht0 byte ptr [r13-64]
            c3                       ret
            0fa2                     cpuid
            0f01d0                   xgetbv
            f30f1efa                 endbr64
            """;

    @Test
    void encodesEveryInstructionAsGnusAssemblerDid() {
        Instructions operands = new Instructions(3);
        List<String> lines = new ArrayList<>();
        for (var instruction : Instructions.ALL.subList(0, Instructions.ALL.size() - 1)) {
            StringBuilder text = new StringBuilder();
            Assembler a = new Assembler(text);
            int header = text.length();
            instruction.accept(a, operands);
            lines.add("%-24s %s".formatted(HexFormat.of().formatHex(a.code()), text.substring(header).strip()));
        }

        assertThat(lines).containsExactlyElementsOf(KNOWN.lines().toList());
    }

    @Test
    void jumpsAreShortBackwardsWhereTheyReachAndLongForwards() {
        Assembler a = new Assembler();
        Encoder.Label top = a.label();
        Encoder.Label end = a.label();
        a.bind(top);
        a.jz(end);
        a.jnz(top);
        a.bind(end);
        a.ret();

        assertThat(HexFormat.of().formatHex(a.code())).isEqualTo("0f840200000075f8c3");
    }

    @Test
    void longJumpsBackwardsTakeFourBytes() {
        Assembler a = new Assembler();
        Encoder.Label top = a.label();
        a.bind(top);
        for (int i = 0; i < 127; i++) {
            a.ret();
        }
        a.jnz(top);

        assertThat(HexFormat.of().formatHex(a.code())).endsWith("c30f857bffffff");
    }
}
