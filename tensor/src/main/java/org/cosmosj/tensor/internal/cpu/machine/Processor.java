package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What the processor and the system allow. Source: Intel's Software Developer's Manual, volume 2, CPUID; volume 1,
 * section 13.3.
 *
 * @param avx512 AVX-512 F, DQ, BW and VL, with registers that the system saves
 * @param bf16 BF16 dot products and conversions on top
 */
record Processor(boolean avx512, boolean bf16) {
    private static final int LEAF_FEATURES = 1;
    private static final int LEAF_EXTENDED = 7;
    private static final int OSXSAVE = 1 << 27;
    /** SSE, AVX, opmask, upper halves of zmm 0-15, zmm 16-31. */
    private static final int SAVED_STATE = 0xE6;
    private static final int AVX512_F_DQ_BW_VL = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31;
    private static final int AVX512_BF16 = 1 << 5;

    /** What cpuid returns. */
    record Registers(int eax, int ebx, int ecx, int edx) {}

    /** The instructions that ask. */
    interface Identification {
        /** cpuid. */
        Registers cpuid(int leaf, int subleaf);

        /** The lower half of extended control register 0; only where cpuid says OSXSAVE. */
        int xgetbv();
    }

    /** Decodes. */
    static Processor of(Identification identification) {
        int highest = identification.cpuid(0, 0).eax();
        boolean saves = (identification.cpuid(LEAF_FEATURES, 0).ecx() & OSXSAVE) != 0
                && (identification.xgetbv() & SAVED_STATE) == SAVED_STATE;
        if (!saves || highest < LEAF_EXTENDED) {
            return new Processor(false, false);
        }
        Registers extended = identification.cpuid(LEAF_EXTENDED, 0);
        boolean avx512 = (extended.ebx() & AVX512_F_DQ_BW_VL) == AVX512_F_DQ_BW_VL;
        boolean second = extended.eax() >= 1;
        boolean bf16 = second && (identification.cpuid(LEAF_EXTENDED, 1).eax() & AVX512_BF16) != 0;
        return new Processor(avx512, avx512 && bf16);
    }

    /** Asks this processor by the instructions themselves. */
    static Processor present(CodeMemory memory) {
        return of(new Instructions(memory));
    }

    /** void(leaf, subleaf, out of four ints). */
    static void cpuidCode(Assembler a) {
        a.endbr64();
        a.push(Gpr.RBX);
        a.mov(Gpr.R8, Gpr.RDX);
        a.mov(Gpr.RAX, Gpr.RDI);
        a.mov(Gpr.RCX, Gpr.RSI);
        a.cpuid();
        a.store32(Address.at(Gpr.R8, 0), Gpr.RAX);
        a.store32(Address.at(Gpr.R8, 4), Gpr.RBX);
        a.store32(Address.at(Gpr.R8, 8), Gpr.RCX);
        a.store32(Address.at(Gpr.R8, 12), Gpr.RDX);
        a.pop(Gpr.RBX);
        a.ret();
    }

    /** int(). */
    static void xgetbvCode(Assembler a) {
        a.endbr64();
        a.mov(Gpr.RCX, 0);
        a.xgetbv();
        a.ret();
    }

    @SuppressWarnings("restricted")
    private static final class Instructions implements Identification {
        private final MethodHandle cpuid;
        private final MethodHandle xgetbv;

        Instructions(CodeMemory memory) {
            Linker linker = Linker.nativeLinker();
            Assembler cpuidCode = new Assembler();
            cpuidCode(cpuidCode);
            Assembler xgetbvCode = new Assembler();
            xgetbvCode(xgetbvCode);
            this.cpuid = linker.downcallHandle(memory.install(cpuidCode.code()),
                    FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, ADDRESS));
            this.xgetbv = linker.downcallHandle(memory.install(xgetbvCode.code()), FunctionDescriptor.of(JAVA_INT));
        }

        @Override
        public Registers cpuid(int leaf, int subleaf) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(JAVA_INT, 4);
                cpuid.invokeExact(leaf, subleaf, out);
                return new Registers(out.getAtIndex(JAVA_INT, 0), out.getAtIndex(JAVA_INT, 1),
                        out.getAtIndex(JAVA_INT, 2), out.getAtIndex(JAVA_INT, 3));
            } catch (Throwable e) {
                throw new IllegalStateException("machine code: cpuid cannot be called", e);
            }
        }

        @Override
        public int xgetbv() {
            try {
                return (int) xgetbv.invokeExact();
            } catch (Throwable e) {
                throw new IllegalStateException("machine code: xgetbv cannot be called", e);
            }
        }
    }
}
