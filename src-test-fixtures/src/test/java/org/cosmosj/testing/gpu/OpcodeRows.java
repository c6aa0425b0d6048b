package org.cosmosj.testing.gpu;

import static java.lang.Double.doubleToRawLongBits;
import static java.lang.Double.longBitsToDouble;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each computing opcode form means, stated in Java on bits from the PTX ISA's description of the instruction, not
 * from any kernel: the oracle of the translation.
 */
final class OpcodeRows {
    /** The result's bits for the operands' bits; values narrower than 64 bits are extended by zeros. */
    @FunctionalInterface
    interface Meaning {
        long of(long a, long b, long c);
    }

    /**
     * One form.
     *
     * @param result PTX type of the result, {@code f16} for half precision in a 16-bit register
     * @param operands PTX types of the operands
     * @param meaning the oracle
     */
    record Row(String result, List<String> operands, Meaning meaning) {}

    private static final Map<String, Row> ROWS = new LinkedHashMap<>();
    private static final long LOW = 0xFFFFFFFFL;

    static {
        integers();
        bits();
        floats();
        comparisons();
        selections();
        conversions();
    }

    private OpcodeRows() {}

    /** All forms with their rows. */
    static Map<String, Row> all() {
        return ROWS;
    }

    private static void row(String form, String result, String operands, Meaning meaning) {
        ROWS.put(form, new Row(result, List.of(operands.split(" ")), meaning));
    }

    private static void integers() {
        row("add.s32", "s32", "s32 s32", (a, b, _) -> (int) a + (int) b & LOW);
        row("add.s64", "s64", "s64 s64", (a, b, _) -> a + b);
        row("sub.s32", "s32", "s32 s32", (a, b, _) -> (int) a - (int) b & LOW);
        row("sub.s64", "s64", "s64 s64", (a, b, _) -> a - b);
        row("neg.s32", "s32", "s32", (a, _, _) -> -(int) a & LOW);
        row("neg.s64", "s64", "s64", (a, _, _) -> -a);
        row("mul.lo.s64", "s64", "s64 s64", (a, b, _) -> a * b);
        row("mul.wide.u32", "u64", "u32 u32", (a, b, _) -> a * b);
        row("div.u32", "u32", "u32 u32", (a, b, _) -> a / b);
        row("rem.u32", "u32", "u32 u32", (a, b, _) -> a % b);
        row("div.s64", "s64", "s64 s64", (a, b, _) -> a / b);
        row("rem.s64", "s64", "s64 s64", (a, b, _) -> a % b);
        row("max.s64", "s64", "s64 s64", (a, b, _) -> Math.max(a, b));
        row("min.s64", "s64", "s64 s64", (a, b, _) -> Math.min(a, b));
    }

    /** Shift amounts beyond the width count as the width. */
    private static void bits() {
        row("and.b32", "b32", "b32 b32", (a, b, _) -> a & b);
        row("and.b64", "b64", "b64 b64", (a, b, _) -> a & b);
        row("or.b32", "b32", "b32 b32", (a, b, _) -> a | b);
        row("or.b64", "b64", "b64 b64", (a, b, _) -> a | b);
        row("xor.b32", "b32", "b32 b32", (a, b, _) -> a ^ b);
        row("xor.b64", "b64", "b64 b64", (a, b, _) -> a ^ b);
        row("not.b64", "b64", "b64", (a, _, _) -> ~a);
        row("shl.b32", "b32", "b32 u32", (a, n, _) -> n > 31 ? 0 : a << n & LOW);
        row("shl.b64", "b64", "b64 u32", (a, n, _) -> n > 63 ? 0 : a << n);
        row("shr.u32", "u32", "u32 u32", (a, n, _) -> n > 31 ? 0 : a >>> n);
        row("shr.s32", "s32", "s32 u32", (a, n, _) -> (int) a >> Math.min(n, 31) & LOW);
        row("shr.u64", "u64", "u64 u32", (a, n, _) -> n > 63 ? 0 : a >>> n);
        row("shr.s64", "s64", "s64 u32", (a, n, _) -> a >> Math.min(n, 63));
        row("or.pred", "pred", "pred pred", (a, b, _) -> a | b);
        row("xor.pred", "pred", "pred pred", (a, b, _) -> a ^ b);
        row("not.pred", "pred", "pred", (a, _, _) -> 1 - a);
    }

    @FunctionalInterface
    private interface Single {
        float of(float a, float b, float c);
    }

    @FunctionalInterface
    private interface Wide {
        double of(double a, double b, double c);
    }

    private static void arithmetic(String name, int operands, Single single, Wide wide) {
        row(name + ".f32", "f32", "f32 f32 f32".substring(0, 4 * operands - 1), (a, b, c) -> floatToRawIntBits(
                single.of(intBitsToFloat((int) a), intBitsToFloat((int) b), intBitsToFloat((int) c))) & LOW);
        row(name + ".f64", "f64", "f64 f64 f64".substring(0, 4 * operands - 1), (a, b, c) -> doubleToRawLongBits(
                wide.of(longBitsToDouble(a), longBitsToDouble(b), longBitsToDouble(c))));
    }

    /** Round to nearest even with subnormals: what Java's operators do. */
    private static void floats() {
        arithmetic("add.rn", 2, (a, b, _) -> a + b, (a, b, _) -> a + b);
        arithmetic("sub.rn", 2, (a, b, _) -> a - b, (a, b, _) -> a - b);
        arithmetic("mul.rn", 2, (a, b, _) -> a * b, (a, b, _) -> a * b);
        arithmetic("div.rn", 2, (a, b, _) -> a / b, (a, b, _) -> a / b);
        arithmetic("fma.rn", 3, Math::fma, Math::fma);
        arithmetic("rcp.rn", 1, (a, _, _) -> 1 / a, (a, _, _) -> 1 / a);
        arithmetic("sqrt.rn", 1, (a, _, _) -> (float) Math.sqrt(a), (a, _, _) -> Math.sqrt(a));
        arithmetic("neg", 1, (a, _, _) -> -a, (a, _, _) -> -a);
        arithmetic("abs", 1, (a, _, _) -> Math.abs(a), (a, _, _) -> Math.abs(a));
    }

    @FunctionalInterface
    private interface Test {
        boolean of(double a, double b);
    }

    /** A float comparison; every F32 is an F64. */
    private static void compare(String how, Test test) {
        row("setp." + how + ".f32", "pred", "f32 f32",
                (a, b, _) -> test.of(intBitsToFloat((int) a), intBitsToFloat((int) b)) ? 1 : 0);
        row("setp." + how + ".f64", "pred", "f64 f64",
                (a, b, _) -> test.of(longBitsToDouble(a), longBitsToDouble(b)) ? 1 : 0);
    }

    private static void comparisons() {
        row("setp.eq.s64", "pred", "s64 s64", (a, b, _) -> a == b ? 1 : 0);
        row("setp.ne.s64", "pred", "s64 s64", (a, b, _) -> a != b ? 1 : 0);
        row("setp.lt.s64", "pred", "s64 s64", (a, b, _) -> a < b ? 1 : 0);
        row("setp.ge.s64", "pred", "s64 s64", (a, b, _) -> a >= b ? 1 : 0);
        row("setp.lt.u64", "pred", "u64 u64", (a, b, _) -> Long.compareUnsigned(a, b) < 0 ? 1 : 0);
        row("setp.eq.s32", "pred", "s32 s32", (a, b, _) -> a == b ? 1 : 0);
        row("setp.ne.s32", "pred", "s32 s32", (a, b, _) -> a != b ? 1 : 0);
        row("setp.lt.s32", "pred", "s32 s32", (a, b, _) -> (int) a < (int) b ? 1 : 0);
        row("setp.gt.s32", "pred", "s32 s32", (a, b, _) -> (int) a > (int) b ? 1 : 0);
        row("setp.lt.u32", "pred", "u32 u32", (a, b, _) -> a < b ? 1 : 0);
        row("setp.gt.u32", "pred", "u32 u32", (a, b, _) -> a > b ? 1 : 0);
        row("setp.eq.b32", "pred", "b32 b32", (a, b, _) -> a == b ? 1 : 0);
        row("setp.eq.s16", "pred", "s16 s16", (a, b, _) -> a == b ? 1 : 0);
        compare("eq", (a, b) -> a == b);
        compare("lt", (a, b) -> a < b);
        compare("le", (a, b) -> a <= b);
        compare("gt", (a, b) -> a > b);
        // With a u: also true if either operand is NaN.
        compare("leu", (a, b) -> a <= b || Double.isNaN(a) || Double.isNaN(b));
        compare("neu", (a, b) -> a < b || a > b || Double.isNaN(a) || Double.isNaN(b));
        compare("nan", (a, b) -> Double.isNaN(a) || Double.isNaN(b));
        compare("num", (a, b) -> !Double.isNaN(a) && !Double.isNaN(b));
    }

    private static void selections() {
        for (String t : new String[] {"u16", "b32", "f32", "f64"}) {
            row("selp." + t, t, t + " " + t + " pred", (a, b, c) -> c != 0 ? a : b);
        }
        for (String t : new String[] {"u32", "u64", "b32", "b64", "f32", "f64", "pred"}) {
            row("mov." + t, t, t, (a, _, _) -> a);
        }
        row("cvta.to.global.u64", "u64", "u64", (a, _, _) -> a);
    }

    private static void conversions() {
        row("cvt.u64.u32", "u64", "u32", (a, _, _) -> a);
        row("cvt.u32.u64", "u32", "u64", (a, _, _) -> a & LOW);
        row("cvt.f64.f32", "f64", "f32", (a, _, _) -> doubleToRawLongBits(intBitsToFloat((int) a)));
        row("cvt.rn.f32.f64", "f32", "f64", (a, _, _) -> floatToRawIntBits((float) longBitsToDouble(a)) & LOW);
        row("cvt.rn.f32.s64", "f32", "s64", (a, _, _) -> floatToRawIntBits(a) & LOW);
        row("cvt.rn.f64.s64", "f64", "s64", (a, _, _) -> doubleToRawLongBits(a));
        row("cvt.rn.f64.s32", "f64", "s32", (a, _, _) -> doubleToRawLongBits((int) a));
        row("cvt.rn.f64.u16", "f64", "u16", (a, _, _) -> doubleToRawLongBits(a));
        // Clamped; NaN from F64 becomes the smallest integer.
        row("cvt.rzi.s32.f64", "s32", "f64", (a, _, _) -> Double.isNaN(longBitsToDouble(a))
                ? 0x80000000L
                : (int) longBitsToDouble(a) & LOW);
        row("cvt.rzi.s64.f64", "s64", "f64", (a, _, _) -> Double.isNaN(longBitsToDouble(a))
                ? Long.MIN_VALUE
                : (long) longBitsToDouble(a));
        row("cvt.rn.f16.f32", "f16", "f32", (a, _, _) -> Float.floatToFloat16(intBitsToFloat((int) a)) & 0xFFFF);
        row("cvt.f32.f16", "f32", "f16", (a, _, _) -> floatToRawIntBits(Float.float16ToFloat((short) a)) & LOW);
    }
}
