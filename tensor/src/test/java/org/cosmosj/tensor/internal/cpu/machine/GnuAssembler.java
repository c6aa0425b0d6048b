package org.cosmosj.tensor.internal.cpu.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The system's assembler, where there is one. */
final class GnuAssembler {
    private static final int SECTION_HEADER = 64;

    private GnuAssembler() {}

    static boolean isPresent() {
        return System.getProperty("os.arch").equals("amd64")
                && Arrays.stream(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(
                        Path.of(folder, "as")));
    }

    /** The bytes of a text's section .text. */
    static byte[] assemble(Path folder, String text) throws IOException, InterruptedException {
        Path source = folder.resolve("code.s");
        Path object = folder.resolve("code.o");
        Path errors = folder.resolve("errors");
        Files.writeString(source, text);
        Process as = new ProcessBuilder("as", "--64", "-mmnemonic=intel", "-o", object.toString(), source.toString())
                .redirectErrorStream(true).redirectOutput(errors.toFile()).start();
        if (!as.waitFor(60, TimeUnit.SECONDS) || as.exitValue() != 0) {
            as.destroyForcibly();
            throw new AssertionError("as refuses: " + Files.readString(errors));
        }
        return textSection(Files.readAllBytes(object));
    }

    /** From an ELF file of 64 bits. */
    private static byte[] textSection(byte[] file) {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int sections = (int) elf.getLong(0x28);
        int names = (int) elf.getLong(sections + elf.getShort(0x3E) * SECTION_HEADER + 0x18);
        for (int i = 0; i < elf.getShort(0x3C); i++) {
            int header = sections + i * SECTION_HEADER;
            int name = names + elf.getInt(header);
            if (new String(file, name, 6, StandardCharsets.US_ASCII).equals(".text\0")) {
                int from = (int) elf.getLong(header + 0x18);
                return Arrays.copyOfRange(file, from, from + (int) elf.getLong(header + 0x20));
            }
        }
        throw new AssertionError("no section .text");
    }
}
