package org.cosmosj.bench.peer;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes JSON of numbers, words and lists. */
final class Json {
    private Json() {}

    /** An object on one line, from keys and values in turn. */
    static String object(Object... keysAndValues) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(quoted(keysAndValues[i].toString())).append(": ")
                    .append(value(keysAndValues[i + 1]));
        }
        return text.append('}').toString();
    }

    private static String value(Object value) {
        return switch (value) {
            case int[] list -> Arrays.toString(list);
            case Double number -> Double.isFinite(number) ? String.format(Locale.ROOT, "%.6g", number) : "null";
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        return text.chars().mapToObj(Json::escaped).collect(Collectors.joining("", "\"", "\""));
    }

    private static String escaped(int c) {
        return c == '"' || c == '\\' ? "\\" + (char) c
                : c < ' ' ? String.format(Locale.ROOT, "\\u%04x", c) : String.valueOf((char) c);
    }
}
