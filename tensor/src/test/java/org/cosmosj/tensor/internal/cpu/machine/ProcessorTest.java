package org.cosmosj.tensor.internal.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.cosmosj.tensor.internal.cpu.machine.Processor.Registers;
import org.junit.jupiter.api.Test;

class ProcessorTest {
    private static final int F_DQ_BW_VL = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31;
    private static final int OSXSAVE = 1 << 27;
    private static final int BF16 = 1 << 5;

    /** A processor as cpuid describes it. */
    private record Described(int highest, int features, int extended, int subleaves, int more, int saved)
            implements
                Processor.Identification {
        @Override
        public Registers cpuid(int leaf, int subleaf) {
            return switch (leaf) {
                case 0 -> new Registers(highest, 0, 0, 0);
                case 1 -> new Registers(0, 0, features, 0);
                case 7 -> subleaf == 0
                        ? new Registers(subleaves, extended, 0, 0)
                        : new Registers(more, 0, 0, 0);
                default -> throw new AssertionError("leaf " + leaf);
            };
        }

        @Override
        public int xgetbv() {
            assertThat(features & OSXSAVE).as("xgetbv without OSXSAVE faults").isNotZero();
            return saved;
        }
    }

    private static Processor of(int highest, int features, int extended, int subleaves, int more, int saved) {
        return Processor.of(new Described(highest, features, extended, subleaves, more, saved));
    }

    @Test
    void allOfItIsSeen() {
        assertThat(of(16, OSXSAVE, F_DQ_BW_VL, 1, BF16, 0xE7)).isEqualTo(new Processor(true, true));
    }

    @Test
    void bf16NeedsItsSubleaf() {
        assertThat(of(16, OSXSAVE, F_DQ_BW_VL, 0, BF16, 0xE7)).isEqualTo(new Processor(true, false));
        assertThat(of(16, OSXSAVE, F_DQ_BW_VL, 1, 0, 0xE7)).isEqualTo(new Processor(true, false));
    }

    @Test
    void registersThatTheSystemDoesNotSaveAreNotUsed() {
        Processor none = new Processor(false, false);

        assertThat(of(16, OSXSAVE, F_DQ_BW_VL, 1, BF16, 0x07)).isEqualTo(none);
        assertThat(of(16, 0, F_DQ_BW_VL, 1, BF16, 0xE7)).isEqualTo(none);
    }

    @Test
    void partsOfAvx512AreNotEnough() {
        Processor none = new Processor(false, false);

        for (int bit : new int[] {16, 17, 30, 31}) {
            assertThat(of(16, OSXSAVE, F_DQ_BW_VL & ~(1 << bit), 1, BF16, 0xE7)).isEqualTo(none);
        }
        assertThat(of(1, OSXSAVE, F_DQ_BW_VL, 1, BF16, 0xE7)).isEqualTo(none);
    }
}
