package org.cosmosj.testing.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.testing.gpu.PtxModule.Entry;
import org.cosmosj.testing.gpu.PtxModule.Instruction;
import org.cosmosj.testing.gpu.PtxModule.Label;
import org.cosmosj.testing.gpu.PtxModule.Parameter;
import org.cosmosj.testing.gpu.PtxModule.Registers;
import org.cosmosj.testing.gpu.PtxModule.Scope;
import org.cosmosj.testing.gpu.PtxModule.SharedArray;
import org.cosmosj.testing.gpu.PtxModule.Statement;

/** Reads the PTX that nvcc writes; a construct it does not know is an error with its text. */
final class PtxParser {
    private static final Pattern COMMENT = Pattern.compile("//[^\n]*");
    private static final Pattern FILE = Pattern.compile("\\.file\\s+(\\d+)\\s+\"([^\"]*)\"[^\n]*");
    private static final Pattern HEADER = Pattern.compile("\\.(version|target|address_size)\\s[^\n]*");
    private static final Pattern ENTRY = Pattern.compile("\\.visible\\s+\\.entry\\s+([\\w$]+)\\s*\\(([^)]*)\\)"
            + "\\s*((?:\\.(?:maxntid|minnctapersm|reqntid)\\s+[\\d, ]+\\s*)*)\\{");
    private static final Pattern PARAMETER = Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.(\\w+)"
            + "(?:\\s+\\.ptr(?:\\s+\\.\\w+(?:\\s+\\d+)?)*)?\\s+([\\w$]+)(?:\\[(\\d+)])?");
    private static final Pattern REGISTERS = Pattern.compile("\\.reg\\s+\\.(\\w+)\\s+(%\\w+?)(?:<(\\d+)>)?");
    private static final Pattern SHARED = Pattern.compile("\\.shared\\s+\\.align\\s+(\\d+)\\s+\\.b8\\s+([\\w$]+)"
            + "\\[(\\d+)]");
    private static final Pattern LOCATION = Pattern.compile("\\s*\\.loc\\s+(\\d+)\\s+(\\d+)\\s+\\d+[^\n]*");
    private static final Pattern LABEL = Pattern.compile("\\s*([$\\w]+):(?!:)");
    private static final Pattern INSTRUCTION = Pattern.compile("(?:@(!?%\\w+)\\s+)?([a-z][\\w.:]*)\\s*(.*)",
            Pattern.DOTALL);

    private final String text;
    private final List<Entry> entries = new ArrayList<>();

    private PtxParser(String text) {
        this.text = text;
    }

    /**
     * Parses a module.
     *
     * @param ptx its text
     * @return its parts
     * @throws IllegalArgumentException if something in it is not understood
     */
    static PtxModule parse(String ptx) {
        Map<Integer, String> files = new TreeMap<>();
        String bare = COMMENT.matcher(ptx).replaceAll("");
        Matcher file = FILE.matcher(bare);
        while (file.find()) {
            files.put(Integer.valueOf(file.group(1)), file.group(2));
        }
        bare = HEADER.matcher(FILE.matcher(bare).replaceAll("")).replaceAll("");
        PtxParser parser = new PtxParser(bare);
        parser.entries();
        return new PtxModule(files, parser.entries);
    }

    private void entries() {
        Matcher entry = ENTRY.matcher(text);
        int at = 0;
        while (entry.find(at)) {
            refuseUnlessBlank(text.substring(at, entry.start()));
            int end = closing(entry.end());
            entries.add(new Body(text.substring(entry.end(), end)).entry(entry.group(1), parameters(entry.group(2))));
            at = end + 1;
        }
        refuseUnlessBlank(text.substring(at));
    }

    private static void refuseUnlessBlank(String between) {
        if (!between.isBlank()) {
            throw new IllegalArgumentException("PTX outside of kernels is not understood: "
                    + between.strip().lines().findFirst().orElse(""));
        }
    }

    private int closing(int from) {
        int depth = 1;
        for (int at = from; at < text.length(); at++) {
            depth += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException("PTX ends inside a kernel");
    }

    private static List<Parameter> parameters(String list) {
        List<Parameter> parameters = new ArrayList<>();
        for (String one : list.isBlank() ? new String[0] : list.split(",")) {
            Matcher parameter = PARAMETER.matcher(one.strip());
            if (!parameter.matches()) {
                throw new IllegalArgumentException("PTX parameter is not understood: " + one.strip());
            }
            int unit = PtxTypes.bytes(parameter.group(1));
            parameters.add(new Parameter(parameter.group(2),
                    parameter.group(3) == null ? unit : unit * Integer.parseInt(parameter.group(3))));
        }
        return parameters;
    }

    /** Walks through one kernel's body. */
    private static final class Body {
        private final String text;
        private final List<SharedArray> shared = new ArrayList<>();
        private final List<Statement> statements = new ArrayList<>();
        private int at;
        private int file;
        private int line;

        Body(String text) {
            this.text = text;
        }

        Entry entry(String name, List<Parameter> parameters) {
            while (skipBlank()) {
                next();
            }
            return new Entry(name, parameters, shared, statements);
        }

        private boolean skipBlank() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at < text.length();
        }

        private void next() {
            Matcher location = LOCATION.matcher(text).region(at, text.length());
            Matcher label = LABEL.matcher(text).region(at, text.length());
            char first = text.charAt(at);
            if (location.lookingAt()) {
                file = Integer.parseInt(location.group(1));
                line = Integer.parseInt(location.group(2));
                at = location.end();
            } else if (label.lookingAt()) {
                statements.add(new Label(label.group(1)));
                at = label.end();
            } else if (first == '{' || first == '}') {
                statements.add(first == '{' ? Scope.OPEN : Scope.CLOSE);
                at++;
            } else {
                int end = text.indexOf(';', at);
                if (end < 0) {
                    throw new IllegalArgumentException("PTX statement without an end: " + text.substring(at).strip());
                }
                statement(text.substring(at, end).strip());
                at = end + 1;
            }
        }

        private void statement(String statement) {
            Matcher registers = REGISTERS.matcher(statement);
            Matcher array = SHARED.matcher(statement);
            Matcher instruction = INSTRUCTION.matcher(statement);
            if (registers.matches()) {
                String count = registers.group(3);
                statements.add(new Registers(registers.group(1), registers.group(2),
                        count == null ? 0 : Integer.parseInt(count)));
            } else if (array.matches()) {
                shared.add(new SharedArray(array.group(2), Integer.parseInt(array.group(1)),
                        Integer.parseInt(array.group(3))));
            } else if (instruction.matches()) {
                String guard = instruction.group(1) == null ? "" : instruction.group(1);
                statements.add(new Instruction(guard, instruction.group(2), operands(instruction.group(3)), file,
                        line));
            } else if (!statement.equals(".pragma \"nounroll\"")) {
                throw new IllegalArgumentException("PTX statement is not understood: " + statement);
            }
        }

        /** Splits at commas outside of braces and brackets. */
        private static List<String> operands(String list) {
            List<String> operands = new ArrayList<>();
            int depth = 0;
            int start = 0;
            for (int i = 0; i < list.length(); i++) {
                char c = list.charAt(i);
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                if (c == ',' && depth == 0) {
                    operands.add(list.substring(start, i).strip());
                    start = i + 1;
                }
            }
            if (!list.isBlank()) {
                operands.add(list.substring(start).strip());
            }
            return operands;
        }
    }
}
