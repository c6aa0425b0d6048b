package org.cosmosj.testing.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cosmosj.testing.gpu.PtxModule.Entry;
import org.cosmosj.testing.gpu.PtxModule.Instruction;
import org.cosmosj.testing.gpu.PtxModule.Label;
import org.cosmosj.testing.gpu.PtxModule.Parameter;
import org.cosmosj.testing.gpu.PtxModule.Registers;
import org.cosmosj.testing.gpu.PtxModule.Scope;
import org.cosmosj.testing.gpu.PtxModule.SharedArray;
import org.cosmosj.testing.gpu.PtxModule.Statement;

/**
 * Writes a kernel as a C++ function: registers become variables, labels stay labels, each instruction becomes one
 * statement. Barriers, conditional branches and memory accesses carry a switch that breaks them, see {@link Mutant}.
 */
final class CppWriter {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$(site|\\d)(?::(\\w+))?");

    private final PtxModule module;
    private final StringBuilder out = new StringBuilder();
    private final Set<String> forms = new TreeSet<>();
    private final Set<String> unknown = new TreeSet<>();
    private final List<Mutant> mutants = new ArrayList<>();

    private Entry entry;
    private CppOperands operands;
    private Set<String> labelsBehind;
    private int sites;

    private CppWriter(PtxModule module) {
        this.module = module;
    }

    static Translation write(PtxModule module) {
        CppWriter writer = new CppWriter(module);
        writer.out.append("#include \"ptx.h\"\n");
        module.entries().forEach(writer::kernel);
        if (!writer.unknown.isEmpty()) {
            throw new IllegalArgumentException("PTX is not understood: " + String.join("; ", writer.unknown));
        }
        writer.table();
        return new Translation(writer.out.toString(), module.entries().stream().map(Entry::name).toList(),
                writer.forms, writer.mutants);
    }

    private void kernel(Entry kernel) {
        entry = kernel;
        operands = new CppOperands(kernel);
        labelsBehind = new HashSet<>();
        sites = 0;
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < kernel.body().size(); i++) {
            body.append(statement(kernel.body().get(i), i)).append('\n');
        }
        out.append("static const Site sites_").append(kernel.name()).append("[] = {\n");
        for (Statement statement : kernel.body()) {
            if (statement instanceof Instruction at) {
                out.append("{\"").append(module.files().getOrDefault(at.file(), "?")).append("\", ").append(at.line())
                        .append(", \"").append(at.opcode()).append("\"},\n");
            }
        }
        out.append("};\nstatic void kernel_").append(kernel.name()).append("(const uint8_t* const* parameters) {\n")
                .append(body).append("}\n");
    }

    private String statement(Statement statement, int index) {
        return switch (statement) {
            case Registers registers -> declaration(registers);
            case Label label -> {
                labelsBehind.add(label.name());
                yield CppOperands.label(label.name()) + ": ;";
            }
            case Scope scope -> scope == Scope.OPEN ? "{" : "}";
            case Instruction instruction -> guarded(instruction, index);
        };
    }

    private static String declaration(Registers registers) {
        String name = CppOperands.identifier(registers.name());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < registers.count(); i++) {
            names.add(name + i);
        }
        return PtxTypes.cpp(registers.type()) + " " + (registers.count() == 0 ? name : String.join(", ", names)) + ";";
    }

    private String guarded(Instruction instruction, int index) {
        forms.add(instruction.opcode());
        String site = "&sites_" + entry.name() + "[" + sites++ + "]";
        boolean branch = instruction.opcode().equals("bra") && !instruction.guard().isEmpty();
        String code;
        try {
            code = code(instruction, site);
        } catch (IllegalArgumentException e) {
            unknown.add(instruction + " (" + e.getMessage() + ")");
            return "";
        }
        if (instruction.guard().isEmpty()) {
            return "{ " + code + " }";
        }
        boolean negated = instruction.guard().startsWith("!");
        String predicate = CppOperands.identifier(instruction.guard().substring(negated ? 1 : 0));
        String condition = (negated ? "!" : "") + predicate;
        if (branch) {
            condition += " && " + off(mutant(Mutant.Rule.NO_BRANCH, instruction, dividesWide(index)));
        }
        return "if (" + condition + ") { " + code + " }";
    }

    private int mutant(Mutant.Rule rule, Instruction at, boolean dividesWide) {
        String place = module.files().getOrDefault(at.file(), "?") + ":" + at.line();
        mutants.add(new Mutant(mutants.size(), rule, entry.name(), place, at.toString(), dividesWide));
        return mutants.size() - 1;
    }

    private static String off(int mutant) {
        return "emu_mutant != " + mutant;
    }

    /** Whether the compiler divides 64-bit integers right behind a branch: it then chose the width by the branch. */
    private boolean dividesWide(int branch) {
        return entry.body().stream().skip(branch + 1L).limit(2)
                .anyMatch(next -> next instanceof Instruction i && i.opcode().matches("(div|rem)\\.[su]64"));
    }

    private String code(Instruction i, String site) {
        PtxForms.Form form = PtxForms.computation(i.opcode());
        if (form != null) {
            return i.opcode().startsWith("mov.") && (i.operands().get(0) + i.operands().get(1)).contains("{")
                    ? operands.pack(i.operands().get(0), i.operands().get(1))
                    : "put(" + operands.destination(i.operands().get(0)) + ", " + value(i, form, site) + ");";
        }
        if (!PtxForms.isEffect(i.opcode())) {
            throw new IllegalArgumentException("unknown form");
        }
        String[] parts = i.opcode().split("\\.");
        return switch (parts[0]) {
            case "ld" -> parts[1].equals("param") ? operands.parameter(i, parts[2]) : load(i, parts, site);
            case "st" -> store(i, parts, site);
            case "bra" -> jump(i.operands().getFirst(), site);
            case "ret" -> "return;";
            case "bar" -> barrier(i, site);
            case "shfl" -> shuffle(i, site);
            default -> throw new IllegalArgumentException("unknown form");
        };
    }

    private String value(Instruction i, PtxForms.Form form, String site) {
        Matcher placeholder = PLACEHOLDER.matcher(form.pattern());
        String cpp = placeholder.replaceAll(match -> {
            if (match.group(1).equals("site")) {
                return Matcher.quoteReplacement(site);
            }
            int which = Integer.parseInt(match.group(1));
            String type = match.group(2) == null ? form.type() : match.group(2);
            return Matcher.quoteReplacement(which == 0
                    ? PtxTypes.cpp(type)
                    : operands.read(i.operands().get(which), type));
        });
        String type = i.opcode().startsWith("setp.") ? "bool"
                : i.opcode().matches("(cvt|mul\\.wide).*") ? null : PtxTypes.cpp(form.type());
        return type == null ? cpp : "(" + type + ")(" + cpp + ")";
    }

    private String shifted(Instruction i, String address, String type) {
        int bug = mutant(Mutant.Rule.SHIFTED_INDEX, i, false);
        return operands.address(address) + " + (" + off(bug) + " ? 0 : " + PtxTypes.bytes(type) + ")";
    }

    private String load(Instruction i, String[] parts, String site) {
        return "put(" + operands.destination(i.operands().get(0)) + ", load<" + PtxTypes.cpp(parts[2]) + ">("
                + shifted(i, i.operands().get(1), parts[2]) + ", " + parts[1].toUpperCase(Locale.ROOT) + ", "
                + site + "));";
    }

    private String store(Instruction i, String[] parts, String site) {
        return "store<" + PtxTypes.cpp(parts[2]) + ">(" + shifted(i, i.operands().get(0), parts[2]) + ", "
                + operands.read(i.operands().get(1), parts[2]) + ", "
                + parts[1].toUpperCase(Locale.ROOT) + ", " + site + ");";
    }

    private String jump(String label, String site) {
        return (labelsBehind.contains(label) ? "emu_loop(" + site + "); " : "") + "goto "
                + CppOperands.label(label) + ";";
    }

    private String barrier(Instruction i, String site) {
        if (!i.operands().equals(List.of("0"))) {
            throw new IllegalArgumentException("only barrier 0 of all threads");
        }
        return "if (" + off(mutant(Mutant.Rule.NO_BARRIER, i, false)) + ") { emu_barrier(" + site + "); }";
    }

    private String shuffle(Instruction i, String site) {
        String[] destination = i.operands().getFirst().split("\\|");
        String inside = destination.length == 2 ? CppOperands.identifier(destination[1].strip()) + " = inside;" : "";
        return "uint32_t result; bool inside = shfl_bfly(result, " + operands.read(i.operands().get(1), "b32") + ", "
                + operands.read(i.operands().get(2), "b32") + ", " + operands.read(i.operands().get(3), "b32") + ", "
                + operands.read(i.operands().get(4), "b32") + ", " + site + "); (void)inside; put("
                + operands.destination(destination[0].strip()) + ", result); " + inside;
    }

    private void table() {
        for (Entry kernel : module.entries()) {
            String sizes = kernel.parameters().stream().map(Parameter::bytes).map(String::valueOf)
                    .collect(Collectors.joining(", "));
            out.append("static const uint32_t sizes_").append(kernel.name()).append("[] = {").append(sizes)
                    .append(sizes.isEmpty() ? "0" : "").append("};\n");
        }
        out.append("extern \"C\" const KernelEntry emu_kernels[] = {\n");
        for (Entry kernel : module.entries()) {
            out.append("{\"%1$s\", kernel_%1$s, %2$d, sizes_%1$s, %3$d},%n".formatted(kernel.name(),
                    kernel.parameters().size(), sharedBytes(kernel.shared())));
        }
        out.append("{nullptr, nullptr, 0, nullptr, 0}};\n");
    }

    /** Where each shared array starts, by its name. */
    static Map<String, Integer> sharedOffsets(List<SharedArray> arrays) {
        Map<String, Integer> offsets = new HashMap<>();
        int next = 0;
        for (SharedArray array : arrays) {
            next = (next + array.alignment() - 1) / array.alignment() * array.alignment();
            offsets.put(array.name(), next);
            next += array.bytes();
        }
        return offsets;
    }

    private static int sharedBytes(List<SharedArray> arrays) {
        Map<String, Integer> offsets = sharedOffsets(arrays);
        return arrays.isEmpty() ? 0 : offsets.get(arrays.getLast().name()) + arrays.getLast().bytes();
    }
}
