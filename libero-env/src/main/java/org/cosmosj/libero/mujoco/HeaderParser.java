package org.cosmosj.libero.mujoco;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.libero.mujoco.StructTable.Kind;
import org.cosmosj.libero.mujoco.StructTable.Struct;

/**
 * Computes struct layouts from MuJoCo's public C headers, by the rules of 64-bit System V C compilers: every field at
 * the next multiple of its alignment, every struct padded to its largest alignment.
 */
final class HeaderParser {

    /** In the order of their includes; a version lacks some. */
    private static final List<String> HEADERS =
            List.of("mjtype.h", "mjtnum.h", "mjmodel.h", "mjdata.h", "mjvisualize.h", "mjrender.h", "mjxmacro.h");
    private static final Pattern VERSION = Pattern.compile("#define\\s+mjVERSION_HEADER\\s+(\\d+)");
    private static final Pattern EXTENT = Pattern.compile(
            "\\bX\\w*\\s*\\(\\s*\\w+\\s*,\\s*(\\w+)\\s*,\\s*([^,()]+(?:\\(\\w+\\))?)\\s*,"
                    + "\\s*([^,()]+(?:\\(\\w+\\))?)\\s*\\)");
    private static final Pattern OF_STRUCT = Pattern.compile("MJ_[MD]\\s*\\(\\s*(\\w+)\\s*\\)");

    /** A type by value: what it is and how much room it takes. */
    private record Type(Kind kind, String struct, long bytes, int alignment) {
        static Type of(Kind kind) {
            return new Type(kind, "", kind.bytes, kind.bytes);
        }
    }

    private final Path folder;
    private final List<String> tokens;
    private final Map<String, String> macros;
    private final StructTable table;
    private final Map<String, Type> types = new HashMap<>();
    private int at;

    private HeaderParser(Path folder, HeaderText text, int version) {
        this.folder = folder;
        this.tokens = text.tokens();
        this.macros = text.macros();
        this.table = new StructTable(version);
        for (String name : List.of("char", "bool", "_Bool", "int8_t", "uint8_t")) {
            types.put(name, Type.of(Kind.U8));
        }
        for (String name : List.of("int", "unsigned", "int32_t", "uint32_t")) {
            types.put(name, Type.of(Kind.I32));
        }
        for (String name : List.of("long", "size_t", "uintptr_t", "intptr_t", "int64_t", "uint64_t")) {
            types.put(name, Type.of(Kind.I64));
        }
        types.put("float", Type.of(Kind.F32));
        types.put("double", Type.of(Kind.F64));
        for (String name : List.of("int16_t", "uint16_t", "short")) {
            types.put(name, new Type(Kind.STRUCT, "", 2, 2));
        }
    }

    /**
     * Reads the headers of a folder.
     *
     * @param folder holds {@code mujoco.h} and the others
     * @return the layouts
     * @throws MujocoException if a header is missing or holds what is not understood
     */
    static StructTable parse(Path folder) {
        try {
            Matcher version = VERSION.matcher(Files.readString(folder.resolve("mujoco.h")));
            if (!version.find()) {
                throw new MujocoException("MuJoCo headers " + folder + ": mujoco.h defines no mjVERSION_HEADER; give"
                        + " the include/mujoco folder of the library's own release");
            }
            HeaderText text = new HeaderText();
            for (String header : HEADERS) {
                Path file = folder.resolve(header);
                if (Files.exists(file)) {
                    text.add(Files.readString(file));
                }
            }
            HeaderParser parser = new HeaderParser(folder, text, Integer.parseInt(version.group(1)));
            parser.declarations();
            parser.extents();
            return parser.table;
        } catch (IOException e) {
            throw new MujocoException("MuJoCo headers " + folder + ": cannot read them (" + e.getMessage() + ")", e);
        }
    }

    private void declarations() {
        macros.forEach((name, body) -> {
            if (name.startsWith("mj") && body.matches("\\d+")) {
                table.constants().put(name, Long.parseLong(body));
            }
        });
        while (at < tokens.size()) {
            boolean typedef = skip("typedef");
            if (peek("enum") && (peek(1, "{") || peek(2, "{"))) {
                enumeration(typedef);
            } else if (peek("struct") && peek(2, "{")) {
                String tag = tokens.get(at + 1);
                at += 2;
                Struct struct = members();
                define(tag, struct);
                if (!peek(";")) {
                    define(tokens.get(at), struct);
                }
                skipStatement();
            } else if (typedef && peek(2, ";") && types.containsKey(tokens.get(at))) {
                types.put(tokens.get(at + 1), types.get(tokens.get(at)));
                skipStatement();
            } else if (typedef && peek("unsigned") && peek(3, ";")) {
                types.put(tokens.get(at + 2), types.get(tokens.get(at + 1)));
                skipStatement();
            } else if (typedef && peek("struct") && peek(3, ";")) {
                if (table.structs().containsKey(tokens.get(at + 1))) {
                    define(tokens.get(at + 2), table.struct(tokens.get(at + 1)));
                }
                skipStatement();
            } else {
                skipStatement();
            }
        }
    }

    private void define(String name, Struct struct) {
        table.structs().put(name, struct);
        types.put(name, new Type(Kind.STRUCT, name, struct.size(), struct.alignment()));
    }

    private void enumeration(boolean typedef) {
        at = nextOf("{") + 1;
        long value = 0;
        while (!peek("}")) {
            String name = tokens.get(at++);
            if (skip("=")) {
                int end = at;
                while (!tokens.get(end).equals(",") && !tokens.get(end).equals("}")) {
                    end++;
                }
                value = evaluate(tokens.subList(at, end));
                at = end;
            }
            table.constants().put(name, value++);
            skip(",");
        }
        if (typedef) {
            types.put(tokens.get(at + 1), Type.of(Kind.I32));
        }
        skipStatement();
    }

    /** The members between braces; leaves the position behind the closing brace. */
    private Struct members() {
        at = nextOf("{") + 1;
        Struct struct = new Struct();
        while (!skip("}")) {
            if (peek("struct") && (peek(1, "{") || peek(2, "{"))) {
                Struct inner = members();
                String name = tokens.get(at);
                long base = (struct.size() + inner.alignment() - 1) / inner.alignment() * inner.alignment();
                struct.append(name, Kind.STRUCT, "", 1, false, inner.size(), inner.alignment());
                inner.fields().forEach((path, field) -> struct.fields().put(name + "." + path, field.at(base)));
                skipStatement();
            } else {
                member(struct);
            }
        }
        struct.close();
        return struct;
    }

    private void member(Struct struct) {
        int end = nextOf(";");
        List<String> words = tokens.subList(at, end).stream()
                .filter(word -> !List.of("const", "struct", "enum").contains(word)).toList();
        at = end + 1;
        int pointerAt = words.indexOf("(");
        if (pointerAt >= 0 && words.get(pointerAt + 1).equals("*")) {
            struct.append(words.get(pointerAt + 2), Kind.POINTER, "", 1, false, 8, 8);
            return;
        }
        int next = 1;
        String name = words.get(0);
        if (name.equals("unsigned") && types.containsKey(words.get(1))) {
            name = words.get(next++);
        }
        Type type = types.get(name);
        while (next < words.size()) {
            int stars = 0;
            for (; words.get(next).equals("*"); next++) {
                stars++;
            }
            String declared = words.get(next++);
            int count = 1;
            while (next < words.size() && words.get(next).equals("[")) {
                int close = words.subList(next, words.size()).indexOf("]") + next;
                count *= Math.toIntExact(evaluate(words.subList(next + 1, close)));
                next = close + 1;
            }
            append(struct, declared, name, stars > 1 ? Type.of(Kind.POINTER) : type, stars > 0, count);
            next++; // the comma
        }
    }

    private void append(Struct struct, String declared, String name, Type type, boolean pointer, int count) {
        if (pointer) {
            Kind kind = type == null ? Kind.U8 : type.kind();
            struct.append(declared, kind, type == null ? "" : type.struct(), count, true, 8, 8);
        } else if (type == null) {
            throw new MujocoException("MuJoCo headers " + folder + ": unknown type " + name + " of field " + declared
                    + "; this version is not supported");
        } else {
            struct.append(declared, type.kind(), type.struct(), count, false, type.bytes(), type.alignment());
        }
    }

    /** Products, sums and shifts of integers and constants, from left to right by C's precedence. */
    private long evaluate(List<String> expression) {
        for (String operator : List.of("|", "<<", "+", "-", "*")) {
            int split = expression.lastIndexOf(operator);
            if (split > 0 && depth(expression.subList(0, split)) == 0) {
                long left = evaluate(expression.subList(0, split));
                long right = evaluate(expression.subList(split + 1, expression.size()));
                return switch (operator) {
                    case "|" -> left | right;
                    case "<<" -> left << right;
                    case "+" -> left + right;
                    case "-" -> left - right;
                    default -> left * right;
                };
            }
        }
        if (expression.getFirst().equals("(")) {
            return evaluate(expression.subList(1, expression.size() - 1));
        }
        if (expression.getFirst().equals("-")) {
            return -evaluate(expression.subList(1, expression.size()));
        }
        String word = expression.getFirst();
        if (Character.isDigit(word.charAt(0))) {
            return Long.decode(word.replaceAll("[uUlL]+$", ""));
        }
        Long constant = table.constants().get(word);
        if (constant == null) {
            String body = macros.get(word);
            if (body == null) {
                throw new MujocoException("MuJoCo headers " + folder + ": unknown constant " + word
                        + "; this version is not supported");
            }
            constant = evaluate(HeaderText.split(body));
        }
        return constant;
    }

    private static int depth(List<String> words) {
        int depth = 0;
        for (String word : words) {
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
        }
        return depth;
    }

    /** Array lengths stand in the X macros: {@code X(type, name, rows, columns)}. */
    private void extents() {
        macros.forEach((macro, body) -> {
            String struct = macro.startsWith("MJMODEL_POINTERS") ? "mjModel"
                    : macro.startsWith("MJDATA_POINTERS") ? "mjData" : null;
            if (struct != null) {
                Matcher entry = EXTENT.matcher(body);
                while (entry.find()) {
                    String extent = plain(entry.group(2)) + " " + plain(entry.group(3));
                    table.struct(struct).fields().computeIfPresent(entry.group(1),
                            (name, field) -> field.withExtent(extent));
                }
            }
        });
    }

    private static String plain(String size) {
        return OF_STRUCT.matcher(size).replaceAll("$1").replaceAll("\\s", "");
    }

    private boolean peek(String word) {
        return peek(0, word);
    }

    private boolean peek(int ahead, String word) {
        return at + ahead < tokens.size() && tokens.get(at + ahead).equals(word);
    }

    private boolean skip(String word) {
        boolean found = peek(word);
        at += found ? 1 : 0;
        return found;
    }

    private int nextOf(String word) {
        int i = at;
        while (i < tokens.size() && !tokens.get(i).equals(word)) {
            i++;
        }
        if (i == tokens.size()) {
            throw new MujocoException("MuJoCo headers " + folder + ": a declaration has no '" + word
                    + "'; the files are damaged, install them again");
        }
        return i;
    }

    /** To behind the next semicolon outside braces. */
    private void skipStatement() {
        int depth = 0;
        while (at < tokens.size()) {
            String word = tokens.get(at++);
            depth += word.equals("{") ? 1 : word.equals("}") ? -1 : 0;
            if (depth <= 0 && word.equals(";")) {
                return;
            }
        }
    }
}
