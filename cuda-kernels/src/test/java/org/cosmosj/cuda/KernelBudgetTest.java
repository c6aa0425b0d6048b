package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * NVIDIA's own compilers take the shipped PTX for every supported generation, and no kernel needs more registers or
 * shared memory than {@code kernel-budget.properties} allows, or spills. Neither a device nor a driver takes part.
 *
 * <p>{@code -Dkernel.budget.write=true} writes the numbers of sm_80 into {@code target/kernel-budget.properties}.
 */
class KernelBudgetTest {
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)'[\\s\\S]*?(\\d+) bytes"
            + " spill stores[\\s\\S]*?Used (\\d+) registers(?:[^\\n]*?, (\\d+) bytes smem)?");

    /** What a compiler says about one kernel. */
    private record Use(int registers, int spilledBytes, int sharedBytes) {}

    @ParameterizedTest
    @ValueSource(ints = {80, 86, 89, 90})
    void kernelsKeepTheirBudget(int capability) throws Exception {
        Map<String, Use> used = new TreeMap<>();
        for (String module : KernelLibrary.MODULES) {
            String log = compile(KernelLibrary.ptx(module), capability);
            Matcher entry = ENTRY.matcher(log);
            while (entry.find()) {
                used.put(entry.group(1), new Use(Integer.parseInt(entry.group(3)), Integer.parseInt(entry.group(2)),
                        entry.group(4) == null ? 0 : Integer.parseInt(entry.group(4))));
            }
        }
        if (Boolean.getBoolean("kernel.budget.write") && capability == 80) {
            write(used);
        }
        Properties budget = budget();
        assertThat(used.keySet()).as("kernels with a budget").containsExactlyInAnyOrderElementsOf(
                budget.stringPropertyNames());
        assertThat(used).allSatisfy((kernel, use) -> {
            String[] allowed = budget.getProperty(kernel).split(",");
            assertThat(use.spilledBytes()).as("bytes spilled by " + kernel).isZero();
            assertThat(use.registers()).as("registers of " + kernel).isLessThanOrEqualTo(Integer.parseInt(allowed[0]));
            assertThat(use.sharedBytes()).as("shared memory of " + kernel).isEqualTo(Integer.parseInt(allowed[1]));
        });
    }

    private static Properties budget() throws IOException {
        Properties budget = new Properties();
        try (InputStream in = KernelBudgetTest.class.getResourceAsStream("kernel-budget.properties")) {
            budget.load(in);
        }
        return budget;
    }

    /** The generations read the same PTX and differ by some registers, hence the room of a half. */
    private static void write(Map<String, Use> used) throws IOException {
        StringBuilder text = new StringBuilder("# kernel = registers at most, bytes of shared memory. No kernel may"
                + " spill.\n");
        used.forEach((kernel, use) -> text.append(kernel).append('=').append((use.registers() * 3 / 2 + 7) / 8 * 8)
                .append(',').append(use.sharedBytes()).append('\n'));
        Files.writeString(Path.of("target/kernel-budget.properties"), text);
    }

    private static String compile(String ptx, int capability) throws IOException {
        return PrivateNatives.during(() -> {
            byte[] text = (ptx + "\0").getBytes(StandardCharsets.UTF_8);
            nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
            check(JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length - 1L, text), "");
            int result = JNvPTXCompiler.nvPTXCompilerCompile(compiler, 2,
                    new String[] {"--gpu-name=sm_" + capability, "-v"});
            long[] size = {0};
            JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
            byte[] errors = new byte[(int) size[0] + 1];
            JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, errors);
            check(result, new String(errors, StandardCharsets.UTF_8));
            JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size);
            byte[] log = new byte[(int) size[0] + 1];
            JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log);
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
            return new String(log, StandardCharsets.UTF_8);
        });
    }

    private static void check(int result, String errors) {
        assertThat(result).as(nvPTXCompileResult.stringFor(result) + " " + errors).isZero();
    }

    @Test
    void theCompilerReportsSpillsWhereThereAreSome() throws IOException {
        // 200 values that are all alive at once do not fit into the registers of a thread of 1024.
        StringBuilder ptx = new StringBuilder(".version 8.0\n.target sm_80\n.address_size 64\n.visible .entry spills("
                + ".param .u64 p)\n.maxntid 1024, 1, 1\n{\n.reg .b64 %rd<2>;\n.reg .f32 %f<300>;\n"
                + "ld.param.u64 %rd1, [p];\n");
        for (int i = 0; i < 200; i++) {
            ptx.append("ld.volatile.global.f32 %f").append(i).append(", [%rd1+").append(4 * i).append("];\n");
        }
        for (int i = 199; i >= 0; i--) {
            ptx.append("st.volatile.global.f32 [%rd1+").append(4 * i + 4000).append("], %f").append(i).append(";\n");
        }
        Matcher entry = ENTRY.matcher(compile(ptx.append("ret;\n}\n").toString(), 80));

        assertThat(entry.find()).isTrue();
        assertThat(Integer.parseInt(entry.group(2))).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"100", "120"})
    void theNewestGenerationsTakeThePtx(int capability, @TempDir Path folder) throws Exception {
        for (String module : KernelLibrary.MODULES) {
            Path file = Files.writeString(folder.resolve(module + ".ptx"), KernelLibrary.ptx(module));
            List<String> command = List.of("ptxas", "--warn-on-spills", "--warn-on-local-memory-usage", "-Werror",
                    "-arch=sm_" + capability, "-o", folder.resolve("out").toString(), file.toString());
            Process process;
            try {
                process = new ProcessBuilder(command).redirectErrorStream(true).start();
            } catch (IOException e) {
                assumeTrue(false, "there is no ptxas");
                return;
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        }
    }
}
