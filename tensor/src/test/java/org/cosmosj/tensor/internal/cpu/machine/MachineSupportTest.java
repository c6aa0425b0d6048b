package org.cosmosj.tensor.internal.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarMatmulKernels;
import org.junit.jupiter.api.Test;

/** Whatever is missing, products go on without machine code, and one line says why. */
class MachineSupportTest {
    private static final String OFF = "machine code: off, ";
    private static final Processor WHOLE = new Processor(true, true);

    /** Another machine. */
    private record Machine(String system, String architecture, boolean nativeAccess, CodeMemory memory,
            Processor processor) implements MachineSupport.Host {
        @Override
        public Processor processor(CodeMemory from) {
            return processor;
        }
    }

    private static CodeMemory refusing(Throwable refusal) {
        return _ -> {
            throw refusal instanceof Error e ? raise(e) : (RuntimeException) refusal;
        };
    }

    private static RuntimeException raise(Error e) {
        throw e;
    }

    private static void assertOff(Machine machine, String reason) {
        MachineSupport support = MachineSupport.detect(machine);

        assertThat(support.isOn()).isFalse();
        assertThat(support.status()).isEqualTo(OFF + reason);
        assertThatThrownBy(() -> support.matmul(new ScalarMatmulKernels()))
                .isInstanceOf(IllegalStateException.class).hasMessage(OFF + reason);
    }

    @Test
    void otherPlatformsAreNotTried() {
        CodeMemory memory = refusing(new AssertionError("must not be asked"));

        assertOff(new Machine("Mac OS X", "aarch64", true, memory, WHOLE),
                "there are kernels for Linux on x86-64 only, this is mac os x aarch64");
        assertOff(new Machine("Linux", "aarch64", true, memory, WHOLE),
                "there are kernels for Linux on x86-64 only, this is linux aarch64");
        assertOff(new Machine("Windows 11", "amd64", true, memory, WHOLE),
                "there are kernels for Linux on x86-64 only, this is windows 11 amd64");
    }

    @Test
    void nativeAccessMustBeAllowed() {
        assertOff(new Machine("Linux", "amd64", false, refusing(new AssertionError("must not be asked")), WHOLE),
                "start java with --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void refusedMemoryIsSaid() {
        assertOff(new Machine("Linux", "amd64", true, refusing(new UnsupportedOperationException("no pages")), WHOLE),
                "no pages");
        assertOff(new Machine("Linux", "amd64", true, refusing(new UnsatisfiedLinkError("no mmap")), WHOLE),
                "no mmap");
    }

    @Test
    void processorsWithoutAvx512AreLeftAlone() {
        assertOff(new Machine("Linux", "amd64", true, refusing(new AssertionError("nothing may be installed")),
                new Processor(false, false)),
                "the processor has no AVX-512 F, DQ, BW and VL, or the system does not save its registers");
    }

    @Test
    void kernelsThatComputeWrongFailTheSelfTest() {
        assumeThat(MachineSupport.process().isOn()).as(MachineSupport.process().status()).isTrue();
        SystemCodeMemory pages = new SystemCodeMemory();
        CodeMemory nothing = _ -> pages.install(new byte[] {(byte) 0xC3});
        CodeMemory evenFirst = code -> pages.install(withSwappedProducts(code));

        assertThat(MachineSupport.detect(new Machine("Linux", "amd64", true, nothing, WHOLE)).status())
                .startsWith(OFF + "the self-test failed: F32 product [0, 0] is ");
        assertThat(MachineSupport.detect(new Machine("Linux", "amd64", true, evenFirst, new Processor(true, false)))
                .status()).startsWith(OFF + "the self-test failed: F32 product [0, 0] is ");
    }

    /** Replaces the opcode of vfmadd231ps by that of vfnmadd231ps. */
    private static byte[] withSwappedProducts(byte[] code) {
        byte[] changed = code.clone();
        for (int i = 4; i < changed.length; i++) {
            if (changed[i - 4] == 0x62 && changed[i] == (byte) 0xB8) {
                changed[i] = (byte) 0xBC;
            }
        }
        return changed;
    }

    @Test
    void aProcessorWithoutBf16MultipliesF32Only() {
        assumeThat(MachineSupport.process().isOn()).as(MachineSupport.process().status()).isTrue();
        MachineSupport support = MachineSupport.detect(
                new Machine("Linux", "amd64", true, new SystemCodeMemory(), new Processor(true, false)));

        assertThat(support.status()).isEqualTo("machine code: on, AVX-512; the processor has no BF16 products");
    }

    @Test
    void thisMachineSaysOneLine() {
        System.out.println(MachineSupport.process().status());
        assertThat(MachineSupport.process().status()).matches("machine code: (on|off), [^\\n]+");
    }

    @Test
    void withoutNativeAccessEverythingStillComputes() throws IOException, InterruptedException {
        assertThat(child("--illegal-native-access=deny")).containsExactly(
                OFF + "start java with --enable-native-access=ALL-UNNAMED", "19.0");
    }

    @Test
    void aPropertySwitchesItOffAndForcesIt() throws IOException, InterruptedException {
        assumeThat(MachineSupport.process().isOn()).as(MachineSupport.process().status()).isTrue();
        String allowed = "--enable-native-access=ALL-UNNAMED";

        assertThat(child(allowed, "-Dcosmosj.cpu.kernels=vector"))
                .containsExactly(OFF + "-Dcosmosj.cpu.kernels=vector", "19.0");
        assertThat(child(allowed, "-Dcosmosj.cpu.kernels=machine"))
                .containsExactly(MachineSupport.process().status(), "19.0");
        assertThat(child("-Dcosmosj.cpu.kernels=machine")).containsExactly(
                OFF + "start java with --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void aSystemThatForbidsExecutablePagesIsSaid() throws IOException, InterruptedException {
        assumeThat(MachineSupport.process().isOn()).as(MachineSupport.process().status()).isTrue();
        List<String> lines = child("--enable-native-access=ALL-UNNAMED", "-Dforbid=true");
        assumeThat(lines).as("prctl(PR_SET_MDWE), Linux 6.3").doesNotContain("no MDWE");

        assertThat(lines).containsExactly(
                OFF + "the system refuses executable memory (mprotect to executable: errno 13)", "19.0");
    }

    /** What MachineStatusMain prints in a JVM with these flags. */
    private static List<String> child(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
                "jdk.incubator.vector", "-Xmx64m"));
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MachineStatusMain.class.getName()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            List<String> lines = process.inputReader().lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the child ended").isTrue();
            assertThat(process.exitValue()).as("exit code of the child, which printed %s", lines).isZero();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
