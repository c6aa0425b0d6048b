package org.cosmosj.tensor.internal.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Byte for byte what GNU's assembler makes of the same text; skipped where there is none. */
class GnuAssemblerTest {
    private static final int DRAWS = 200;

    @TempDir
    private Path folder;

    @BeforeEach
    void needsAs() {
        assumeThat(GnuAssembler.isPresent()).as("'as' for x86-64 on PATH").isTrue();
    }

    @Test
    void everyInstructionWithDrawnOperands() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        Assembler a = new Assembler(text);
        Instructions operands = new Instructions(1);
        for (int i = 0; i < DRAWS; i++) {
            Instructions.ALL.forEach(instruction -> instruction.accept(a, operands));
        }

        assertSame(a, text);
    }

    @Test
    void everyKernel() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        Assembler a = new Assembler(text);
        Kernels.all().forEach(kernel -> kernel.assemble(a));
        Processor.cpuidCode(a);
        Processor.xgetbvCode(a);

        assertSame(a, text);
    }

    private void assertSame(Assembler a, StringBuilder text) throws IOException, InterruptedException {
        byte[] expected = GnuAssembler.assemble(folder, text.toString());
        byte[] actual = a.code();
        int at = Arrays.mismatch(actual, expected);

        assertThat(at).as(() -> "first difference at byte " + at + ": " + hex(actual, at) + ", as writes "
                + hex(expected, at)).isEqualTo(-1);
    }

    private static String hex(byte[] code, int at) {
        return HexFormat.of().formatHex(code, Math.max(0, at - 8), Math.min(code.length, at + 8));
    }
}
