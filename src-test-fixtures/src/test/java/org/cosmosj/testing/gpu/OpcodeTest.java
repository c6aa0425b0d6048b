package org.cosmosj.testing.gpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.cosmosj.testing.gpu.OpcodeRows.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every opcode form that computes, translated and run on all combinations of awkward operands, against its meaning. */
@RunsOnGpu(emulatedOnly = true)
class OpcodeTest {
    private static final Map<Integer, long[]> INTEGERS = Map.of(
            16, new long[] {0, 1, 255, 256, 0x7FFF, 0x8000, 0xFFFF},
            32, new long[] {0, 1, 2, 7, 31, 32, 33, 64, 0x7FFFFFFF, 0x80000000L, 0x80000001L, 0xFFFFFFF9L, 0xFFFFFFFFL,
                0x12345678, 0xDEADBEEFL},
            64, new long[] {0, 1, 2, -1, -7, 31, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL, 0x100000000L, Long.MAX_VALUE,
                Long.MIN_VALUE, Long.MIN_VALUE + 1, 0x123456789ABCDEFL, (1L << 53) + 1});
    private static final double[] FLOATS = {0, -0.0, 1, -1, 0.1, 1.0 / 3, 3, -2.5, 1 + 0x1p-23, Float.MIN_NORMAL,
        Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1e-20, 1e20, Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY, Double.NaN};
    private static final double[] DOUBLES = {Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, 1 + 0x1p-52,
        2147483647.5, -2147483648.9, 2147483648.0, -2147483649.0, 0x1p63, -0x1p63, 9.3e18, 1 + 0x1p-24, 1 + 3 * 0x1p-24,
        65504, 65520, 0x1p-25};
    private static final int[] HALVES = {0, 0x8000, 1, 0x3FF, 0x400, 0x3C00, 0xBC01, 0x7BFF, 0x7C00, 0xFC00, 0x7E00};
    /** Forms with an effect and the test of {@link OpcodeEffectsTest} that covers them. */
    private static final Set<String> EFFECTS = OpcodeEffectsTest.COVERED;

    private static EmulatedDriver driver;
    private static MemorySegment module;

    @BeforeAll
    static void translate() {
        driver = new EmulatedDriver();
        StringBuilder ptx = new StringBuilder(PtxText.HEADER);
        OpcodeRows.all().forEach((form, row) -> ptx.append(entry(form, row)));
        module = driver.module(ptx.toString());
    }

    @AfterAll
    static void close() {
        driver.close();
    }

    @Test
    void everyFormThatIsUnderstoodIsTested() {
        Set<String> tested = new TreeSet<>(OpcodeRows.all().keySet());
        tested.addAll(EFFECTS);

        assertThat(tested).isEqualTo(Translation.understoodForms());
    }

    @TestFactory
    Stream<DynamicTest> formsMeanWhatTheManualSays() {
        return OpcodeRows.all().entrySet().stream().map(row -> DynamicTest.dynamicTest(row.getKey(),
                () -> verify(row.getKey(), row.getValue())));
    }

    private static void verify(String form, Row row) {
        List<long[]> cases = new ArrayList<>();
        boolean divides = form.matches("(div|rem)\\.[su].*");
        for (long a : values(row.operands().get(0))) {
            for (long b : row.operands().size() > 1 ? values(row.operands().get(1)) : new long[] {0}) {
                for (long c : row.operands().size() > 2 ? values(row.operands().get(2)) : new long[] {0}) {
                    if (!divides || b != 0) {
                        cases.add(new long[] {a, b, c});
                    }
                }
            }
        }
        long[] addresses = new long[4];
        for (int i = 0; i < 3; i++) {
            int operand = i;
            long[] column = cases.stream().mapToLong(values -> values[operand]).toArray();
            addresses[i] = driver.upload(driver.arena().allocateFrom(JAVA_LONG, column));
        }
        addresses[3] = driver.upload(driver.arena().allocateFrom(JAVA_LONG, new long[cases.size()]));
        assertThat(driver.run(driver.kernel(module, name(form)), cases.size(), 1, addresses)).isZero();
        MemorySegment results = driver.download(addresses[3], 8L * cases.size());
        for (int i = 0; i < cases.size(); i++) {
            long[] in = cases.get(i);
            long expected = row.meaning().of(in[0], in[1], in[2]);
            long actual = results.getAtIndex(JAVA_LONG, i);
            assertThat(isSame(row.result(), actual, expected)).as("%s of %x, %x, %x is %x, expected %x", form, in[0],
                    in[1], in[2], actual, expected).isTrue();
        }
        LongStream.of(addresses).forEach(address -> driver.succeed("cuMemFree_v2", address));
    }

    /** Equal bits; which NaN an operation gives is left open. */
    private static boolean isSame(String type, long actual, long expected) {
        return actual == expected || switch (type) {
            case "f32" -> Float.isNaN(Float.intBitsToFloat((int) actual))
                    && Float.isNaN(Float.intBitsToFloat((int) expected));
            case "f64" -> Double.isNaN(Double.longBitsToDouble(actual))
                    && Double.isNaN(Double.longBitsToDouble(expected));
            case "f16" -> Float.isNaN(Float.float16ToFloat((short) actual))
                    && Float.isNaN(Float.float16ToFloat((short) expected));
            default -> false;
        };
    }

    private static long[] values(String type) {
        return switch (type) {
            case "pred" -> new long[] {0, 1};
            case "f16" -> Arrays.stream(HALVES).asLongStream().toArray();
            case "f32" -> Arrays.stream(FLOATS)
                    .mapToLong(v -> Float.floatToRawIntBits((float) v) & 0xFFFFFFFFL).toArray();
            case "f64" -> DoubleStream.concat(Arrays.stream(FLOATS),
                    Arrays.stream(DOUBLES)).mapToLong(Double::doubleToRawLongBits).toArray();
            default -> INTEGERS.get(Integer.parseInt(type.substring(1)));
        };
    }

    private static String name(String form) {
        return "test_" + form.replace('.', '_');
    }

    /** A kernel that applies the form to element i of its first parameters and stores the result in the last. */
    private static String entry(String form, Row row) {
        StringBuilder text = new StringBuilder(PtxText.entry(name(form), 4)).append(PtxText.REGISTERS)
                .append("mov.u32 %r30, %ctaid.x;\ncvt.u64.u32 %rd30, %r30;\nshl.b64 %rd30, %rd30, 3;\n");
        StringBuilder operands = new StringBuilder();
        for (int i = 0; i < row.operands().size(); i++) {
            String type = row.operands().get(i);
            text.append("ld.param.u64 %rd20, [").append(name(form)).append("_param_").append(i).append("];\n")
                    .append("add.s64 %rd20, %rd20, %rd30;\n").append(PtxText.load(type, i, "%rd20"));
            operands.append(", ").append(PtxText.register(type)).append(i);
        }
        return text.append(form).append(' ').append(PtxText.register(row.result())).append(9).append(operands)
                .append(";\nld.param.u64 %rd20, [").append(name(form)).append("_param_3];\n")
                .append("add.s64 %rd20, %rd20, %rd30;\n").append(PtxText.store(row.result(), 9, "%rd20"))
                .append("ret;\n}\n").toString();
    }
}
