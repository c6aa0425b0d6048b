package org.cosmosj.testing.gpu;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The meaning of every opcode form that is understood, as C++ for one thread. A form is an opcode with all its
 * modifiers; what is not listed is an error, so a modifier can never be overlooked. In a pattern {@code $0} is the
 * destination's value type, {@code $1, $2, ..} are operands read as the form's type, {@code $1:u32} reads one as
 * another type, and {@code $site} names the place for reports.
 *
 * <p>Source: NVIDIA, Parallel Thread Execution ISA, chapter "Instruction Set", sections named as the instruction.
 */
final class PtxForms {
    /**
     * A computation on registers.
     *
     * @param type PTX type of the operands that have none of their own in the pattern
     * @param pattern C++ expression of the result
     */
    record Form(String type, String pattern) {}

    private static final Map<String, Form> FORMS = new TreeMap<>();

    /** Forms whose effect is not a value in a register; {@link CppWriter} writes them. */
    private static final Set<String> EFFECTS = Set.of("bra", "bra.uni", "ret", "bar.sync", "shfl.sync.bfly.b32",
            "ld.global.u8", "ld.global.u16", "ld.global.u32", "ld.global.u64", "ld.global.f32", "ld.global.f64",
            "ld.shared.f32", "ld.shared.f64", "ld.param.u8", "ld.param.u16", "ld.param.u32", "ld.param.u64",
            "ld.param.f32", "ld.param.f64", "st.global.u8", "st.global.u16", "st.global.u32", "st.global.u64",
            "st.global.f32", "st.global.f64", "st.shared.f32", "st.shared.f64");

    static {
        for (String t : new String[] {"s32", "s64"}) {
            form("add." + t, t, "add($1, $2)");
            form("sub." + t, t, "sub($1, $2)");
            form("neg." + t, t, "neg($1)");
        }
        form("mul.lo.s64", "s64", "mul_lo($1, $2)");
        form("mul.wide.u32", "u32", "mul_wide<uint64_t>($1, $2)");
        for (String t : new String[] {"u32", "s64"}) {
            form("div." + t, t, "div($1, $2, $site)");
            form("rem." + t, t, "rem($1, $2, $site)");
        }
        form("max.s64", "s64", "$1 > $2 ? $1 : $2");
        form("min.s64", "s64", "$1 < $2 ? $1 : $2");
        for (String t : new String[] {"b32", "b64"}) {
            form("and." + t, t, "$1 & $2");
            form("or." + t, t, "$1 | $2");
            form("xor." + t, t, "$1 ^ $2");
            form("shl." + t, t, "shl($1, $2:u32)");
        }
        form("not.b64", "b64", "~$1");
        form("or.pred", "pred", "$1 || $2");
        form("xor.pred", "pred", "$1 != $2");
        form("not.pred", "pred", "!$1");
        for (String t : new String[] {"u32", "s32", "u64", "s64"}) {
            form("shr." + t, t, "shr($1, $2:u32)");
        }
        floats("f32", "fabsf", "__builtin_sqrtf");
        floats("f64", "fabs", "__builtin_sqrt");
        comparisons();
        selections();
        conversions();
    }

    private PtxForms() {}

    private static void form(String opcode, String type, String pattern) {
        FORMS.put(opcode, new Form(type, pattern));
    }

    /** Rounding to nearest is what C++ does without contraction; subnormals are kept, as without {@code .ftz}. */
    private static void floats(String t, String abs, String sqrt) {
        form("add.rn." + t, t, "$1 + $2");
        form("sub.rn." + t, t, "$1 - $2");
        form("mul.rn." + t, t, "$1 * $2");
        form("div.rn." + t, t, "$1 / $2");
        form("fma.rn." + t, t, "fma_rn($1, $2, $3)");
        form("rcp.rn." + t, t, "$0(1) / $1");
        form("sqrt.rn." + t, t, sqrt + "($1)");
        form("neg." + t, t, "-$1");
        form("abs." + t, t, abs + "($1)");
    }

    private static void comparisons() {
        Map<String, String> signs = Map.of("eq", "==", "ne", "!=", "lt", "<", "le", "<=", "gt", ">", "ge", ">=");
        String[] integers = {"eq.s64", "ne.s64", "lt.s64", "ge.s64", "lt.u64", "eq.s32", "ne.s32", "lt.s32", "gt.s32",
            "lt.u32", "gt.u32", "eq.b32", "eq.s16"};
        for (String how : integers) {
            form("setp." + how, how.substring(3), "$1 " + signs.get(how.substring(0, 2)) + " $2");
        }
        for (String t : new String[] {"f32", "f64"}) {
            // Ordered comparisons: false if either is NaN, which C++ shares except for !=.
            for (String how : new String[] {"eq", "lt", "le", "gt"}) {
                form("setp." + how + "." + t, t, "$1 " + signs.get(how) + " $2");
            }
            // Unordered ones: true if either is NaN.
            form("setp.leu." + t, t, "!($1 > $2)");
            form("setp.neu." + t, t, "!($1 == $2)");
            form("setp.nan." + t, t, "unordered($1, $2)");
            form("setp.num." + t, t, "!unordered($1, $2)");
        }
    }

    private static void selections() {
        for (String t : new String[] {"u16", "b32", "f32", "f64"}) {
            form("selp." + t, t, "$3:pred ? $1 : $2");
        }
        for (String t : new String[] {"u32", "u64", "b32", "b64", "f32", "f64", "pred"}) {
            form("mov." + t, t, "$1");
        }
    }

    private static void conversions() {
        // Global addresses are generic addresses.
        form("cvta.to.global.u64", "u64", "$1");
        form("cvt.u64.u32", "u32", "(uint64_t)$1");
        form("cvt.u32.u64", "u64", "(uint32_t)$1");
        form("cvt.f64.f32", "f32", "(double)$1");
        form("cvt.rn.f32.f64", "f64", "(float)$1");
        form("cvt.rn.f32.s64", "s64", "(float)$1");
        form("cvt.rn.f64.s64", "s64", "(double)$1");
        form("cvt.rn.f64.s32", "s32", "(double)$1");
        form("cvt.rn.f64.u16", "u16", "(double)$1");
        form("cvt.rzi.s32.f64", "f64", "cvt_rzi<int32_t>($1)");
        form("cvt.rzi.s64.f64", "f64", "cvt_rzi<int64_t>($1)");
        form("cvt.rn.f16.f32", "f32", "cvt_rn_f16($1)");
        form("cvt.f32.f16", "u16", "cvt_f32_from_f16($1)");
    }

    /** The meaning of a form that computes a register, or null. */
    static Form computation(String opcode) {
        return FORMS.get(opcode);
    }

    /** Whether the form is one with an effect. */
    static boolean isEffect(String opcode) {
        return EFFECTS.contains(opcode);
    }

    /** All forms that are understood. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>(FORMS.keySet());
        all.addAll(EFFECTS);
        return all;
    }
}
