package org.cosmosj.libero.mujoco;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a C preprocessor leaves of MuJoCo's headers: comments gone, conditionals resolved as a C compiler resolves them
 * ({@code __cplusplus} and {@code mjUSESINGLE} are not defined), macros collected but not expanded.
 */
final class HeaderText {

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern DIRECTIVE = Pattern.compile("\\s*#\\s*(\\w+)\\s*(.*)");
    private static final Pattern DEFINE = Pattern.compile("(\\w+)(\\([^)]*\\))?\\s*(.*)");
    private static final Pattern DEFINED = Pattern.compile("(!?)\\s*defined\\s*\\(?\\s*(\\w+)\\s*\\)?");
    private static final Pattern TOKEN = Pattern.compile(
            "[A-Za-z_]\\w*|0[xX][0-9a-fA-F]+|[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?\\w*|<<|\"[^\"]*\"|\\S");

    private final Map<String, String> macros = new LinkedHashMap<>();
    private final List<String> tokens = new ArrayList<>();

    /** Adds one header after those that it includes. */
    void add(String text) {
        String plain = COMMENT.matcher(text).replaceAll(" ").replaceAll("\\\\\\r?\\n", " ");
        Deque<Boolean> active = new ArrayDeque<>();
        for (String line : plain.split("\\R")) {
            Matcher directive = DIRECTIVE.matcher(line);
            if (directive.matches()) {
                directive(directive.group(1), directive.group(2).strip(), active);
            } else if (!active.contains(false)) {
                Matcher token = TOKEN.matcher(line);
                while (token.find()) {
                    tokens.add(token.group());
                }
            }
        }
    }

    private void directive(String name, String rest, Deque<Boolean> active) {
        switch (name) {
            case "ifdef" -> active.push(macros.containsKey(rest));
            case "ifndef" -> active.push(!macros.containsKey(rest));
            case "if" -> active.push(isTrue(rest));
            case "elif" -> active.push(!active.pop() && isTrue(rest));
            case "else" -> active.push(!active.pop());
            case "endif" -> active.pop();
            case "define" -> {
                Matcher define = DEFINE.matcher(rest);
                if (!active.contains(false) && define.matches()) {
                    macros.put(define.group(1), define.group(3).strip());
                }
            }
            default -> {} // include, pragma, error, undef: nothing that decides a layout
        }
    }

    private boolean isTrue(String condition) {
        Matcher defined = DEFINED.matcher(condition);
        boolean any = false;
        while (defined.find()) {
            any |= macros.containsKey(defined.group(2)) == defined.group(1).isEmpty();
        }
        return any;
    }

    /** What is left of all headers. */
    List<String> tokens() {
        return tokens;
    }

    /** Macro name to body, in order. */
    Map<String, String> macros() {
        return macros;
    }

    /** Splits an expression into tokens. */
    static List<String> split(String text) {
        return TOKEN.matcher(text).results().map(java.util.regex.MatchResult::group).toList();
    }
}
