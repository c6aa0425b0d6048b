package org.cosmosj.testing.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cosmosj.testing.gpu.PtxModule.Entry;
import org.cosmosj.testing.gpu.PtxModule.Instruction;
import org.cosmosj.testing.gpu.PtxModule.Registers;

/**
 * Writes operands of one kernel as C++: registers, constants, special registers, addresses. An address in the parameter
 * space is {@code parameter number * 2^32 + offset}, one in the shared space an offset.
 */
final class CppOperands {
    private static final Pattern FLOAT = Pattern.compile("0[fF]([0-9a-fA-F]{8})");
    private static final Pattern DOUBLE = Pattern.compile("0[dD]([0-9a-fA-F]{16})");
    private static final Pattern INTEGER = Pattern.compile("-?(0[xX][0-9a-fA-F]+|\\d+)U?");
    private static final Pattern ADDRESS = Pattern.compile("\\[([%$\\w]+)(?:\\+(-?\\d+))?]");
    private static final Map<String, String> SPECIAL = Map.ofEntries(
            Map.entry("%tid.x", "emu_thread->index.x"), Map.entry("%tid.y", "emu_thread->index.y"),
            Map.entry("%ctaid.x", "emu_block.index.x"), Map.entry("%ntid.x", "emu_block.size.x"));

    /** What registers of this kernel are called, those that only a part of it declares included. */
    private final Pattern registers;
    private final List<String> parameters;
    private final Map<String, Integer> shared;

    CppOperands(Entry kernel) {
        parameters = kernel.parameters().stream().map(PtxModule.Parameter::name).toList();
        shared = CppWriter.sharedOffsets(kernel.shared());
        registers = Pattern.compile(kernel.body().stream().filter(Registers.class::isInstance)
                .map(Registers.class::cast).map(r -> Pattern.quote(r.name()) + (r.count() == 0 ? "" : "\\d+"))
                .distinct().collect(Collectors.joining("|")));
    }

    /** The special registers that are understood. */
    static Set<String> specialRegisters() {
        return SPECIAL.keySet();
    }

    /** A PTX name as a C++ one. */
    static String identifier(String ptx) {
        return ptx.replace("%", "").replace("$", "_");
    }

    /** A jump target as a C++ label; any name is one in PTX, keywords included. */
    static String label(String ptx) {
        return "label_" + identifier(ptx);
    }

    /** The variable of a destination register. */
    String destination(String register) {
        if (!registers.matcher(register).matches()) {
            throw new IllegalArgumentException("destination " + register);
        }
        return identifier(register);
    }

    /** The value of an operand read as a PTX type. */
    String read(String operand, String type) {
        String cpp = PtxTypes.cpp(type);
        Matcher single = FLOAT.matcher(operand);
        Matcher wide = DOUBLE.matcher(operand);
        if (SPECIAL.containsKey(operand)) {
            return "as<" + cpp + ">(" + SPECIAL.get(operand) + ")";
        }
        if (single.matches()) {
            return "as<" + cpp + ">(f32_bits(0x" + single.group(1) + "u))";
        }
        if (wide.matches()) {
            return "as<" + cpp + ">(f64_bits(0x" + wide.group(1) + "ull))";
        }
        if (INTEGER.matcher(operand).matches()) {
            return "(" + cpp + ")" + operand.replace("U", "") + "ll";
        }
        if (parameters.contains(operand) || shared.containsKey(operand)) {
            return "(" + cpp + ")" + symbol(operand) + "ull";
        }
        if (!registers.matcher(operand).matches()) {
            throw new IllegalArgumentException("operand " + operand);
        }
        return type.equals("pred") ? identifier(operand) : "as<" + cpp + ">(" + identifier(operand) + ")";
    }

    private long symbol(String name) {
        return shared.containsKey(name) ? shared.get(name) : (long) parameters.indexOf(name) << 32;
    }

    /** The address that a bracketed operand names. */
    String address(String operand) {
        Matcher address = ADDRESS.matcher(operand);
        if (!address.matches()) {
            throw new IllegalArgumentException("address " + operand);
        }
        String name = address.group(1);
        String base = name.startsWith("%") ? "(uint64_t)" + identifier(name) : symbol(known(name)) + "ull";
        return base + (address.group(2) == null ? "" : " + (" + address.group(2) + ")");
    }

    private String known(String symbol) {
        if (!parameters.contains(symbol) && !shared.containsKey(symbol)) {
            throw new IllegalArgumentException("symbol " + symbol);
        }
        return symbol;
    }

    /** {@code ld.param}. */
    String parameter(Instruction i, String type) {
        return "uint64_t at = " + address(i.operands().get(1)) + "; put(" + destination(i.operands().get(0))
                + ", parameter<" + PtxTypes.cpp(type) + ">(parameters, at >> 32, (uint32_t)at));";
    }

    /** {@code mov.b64} that joins two 32-bit registers or takes them apart, low half first. */
    String pack(String destination, String source) {
        if (source.startsWith("{")) {
            List<String> halves = halves(source);
            return "put(" + destination(destination) + ", (uint64_t)" + read(halves.get(0), "b32") + " | (uint64_t)"
                    + read(halves.get(1), "b32") + " << 32);";
        }
        List<String> halves = halves(destination);
        String whole = read(source, "b64");
        return "uint64_t whole = " + whole + "; put(" + destination(halves.get(0)) + ", (uint32_t)whole); put("
                + destination(halves.get(1)) + ", (uint32_t)(whole >> 32));";
    }

    private static List<String> halves(String braces) {
        List<String> halves = new ArrayList<>();
        for (String half : braces.substring(1, braces.length() - 1).split(",")) {
            halves.add(half.strip());
        }
        if (halves.size() != 2) {
            throw new IllegalArgumentException("vector " + braces);
        }
        return halves;
    }
}
