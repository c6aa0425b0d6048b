package org.cosmosj.tensor.internal;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text strictly (RFC 8259): no comments, no trailing commas, no duplicate keys, no lone surrogates, no
 * bytes after the value except white space. Objects become {@link Map}s in order, arrays {@link List}s, integers
 * {@link Long}s, other numbers {@link Double}s, and null is null.
 */
public final class Json {
    /** Headers of checkpoints nest three deep; deeper text is an attack on the stack. */
    private static final int DEEPEST = 32;
    /** Objects and lists that any text may hold, and one more for so many characters: they take far more memory. */
    private static final int FREE_CONTAINERS = 1000;
    private static final int CHARACTERS_PER_CONTAINER = 12;

    private final String text;
    private int at;
    private int containers;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Parses a whole text.
     *
     * @param text one JSON value
     * @return the value
     * @throws IllegalArgumentException if the text is not strict JSON; the message gives the character position
     */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.skipSpace();
        if (json.at != text.length()) {
            throw json.error("expected the end of the text");
        }
        return value;
    }

    /**
     * Parses UTF-8.
     *
     * @param bytes one JSON value
     * @param start where they stand in their file, for messages
     * @return the value
     * @throws IllegalArgumentException if they are not strict JSON; the message gives the byte in the file
     */
    public static Object parse(byte[] bytes, long start) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) { // stands for damage, unless it was written itself
            checkUtf8(bytes, start);
        }
        try {
            return parse(text);
        } catch (SyntaxException e) {
            long offset = text.substring(0, e.at).getBytes(StandardCharsets.UTF_8).length;
            throw new IllegalArgumentException("at byte " + (start + offset) + ": " + e.what, e);
        }
    }

    private static void checkUtf8(byte[] bytes, long start) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(8192);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new IllegalArgumentException("at byte " + (start + in.position()) + ": is not UTF-8");
        }
    }

    /** What is wrong and where. */
    private static final class SyntaxException extends IllegalArgumentException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final int at;
        private final String what;

        SyntaxException(int at, String what) {
            super("at character " + at + ": " + what);
            this.at = at;
            this.what = what;
        }
    }

    /**
     * A JSON string literal.
     *
     * @param text any text
     * @return the text in quotes, escaped
     */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private Object value(int depth) {
        if (depth > DEEPEST) {
            throw error("nests deeper than " + DEEPEST + " levels");
        }
        skipSpace();
        char c = peek();
        if ((c == '{' || c == '[') && ++containers > FREE_CONTAINERS + text.length() / CHARACTERS_PER_CONTAINER) {
            throw error("more objects and lists than a header or an index of this length holds");
        }
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        if (skipTo('}')) {
            return members;
        }
        do {
            skipSpace();
            int start = at;
            String key = string();
            skipSpace();
            expect(':');
            Object value = value(depth + 1);
            if (members.containsKey(key)) {
                at = start;
                throw error("key '" + key + "' appears twice");
            }
            members.put(key, value);
        } while (skipTo(','));
        skipSpace();
        expect('}');
        return members;
    }

    private List<Object> array(int depth) {
        List<Object> elements = new ArrayList<>();
        expect('[');
        if (skipTo(']')) {
            return elements;
        }
        do {
            elements.add(value(depth + 1));
        } while (skipTo(','));
        skipSpace();
        expect(']');
        return elements;
    }

    private String string() {
        expect('"');
        int end = closingQuote();
        if (text.indexOf('\\', at, end) < 0 && end < text.length() && text.charAt(end) == '"') {
            int start = at;
            at = end + 1;
            return checked(text.substring(start, end));
        }
        StringBuilder out = new StringBuilder(end - at);
        while (true) {
            char c = next();
            if (c == '"') {
                return checked(out.toString());
            }
            if (c < ' ') {
                at--;
                throw error("control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
    }

    /** Where the string that starts here ends: at its quote, a control character, or the end of the text. */
    private int closingQuote() {
        int i = at;
        while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) >= ' ') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length());
    }

    private char escape() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char digit = next();
                    int hex = digit < 128 ? Character.digit(digit, 16) : -1;
                    if (hex < 0) {
                        at--;
                        throw error("expected a hexadecimal digit");
                    }
                    code = code * 16 + hex;
                }
                yield (char) code;
            }
            default -> {
                at--;
                throw error("unknown escape \\" + c);
            }
        };
    }

    private String checked(String string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < string.length()
                    && Character.isLowSurrogate(string.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw error("half of a surrogate pair in a string");
            }
        }
        return string;
    }

    private Object number() {
        int start = at;
        if (at < text.length() && peek() == '-') {
            at++;
        }
        int first = at;
        if (digits() == 0) {
            at = start;
            throw error("expected a value");
        }
        if (text.charAt(first) == '0' && at > first + 1) {
            at = first;
            throw error("number with a leading zero");
        }
        boolean integer = true;
        if (at < text.length() && text.charAt(at) == '.') {
            integer = false;
            at++;
            requireDigits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            integer = false;
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            requireDigits();
        }
        String literal = text.substring(start, at);
        try {
            return integer ? (Object) Long.valueOf(literal) : Double.valueOf(literal);
        } catch (NumberFormatException e) {
            at = start;
            throw error("integer " + abbreviated(literal) + " does not fit 64 bits");
        }
    }

    private static String abbreviated(String literal) {
        return literal.length() <= 40 ? literal : literal.substring(0, 40) + "..";
    }

    private void requireDigits() {
        if (digits() == 0) {
            throw error("expected a digit");
        }
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw error("expected a value");
        }
        at += word.length();
        return value;
    }

    private boolean skipTo(char c) {
        skipSpace();
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw error("expected '" + c + "'");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw error("ends too early");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private IllegalArgumentException error(String what) {
        String got = at < text.length() ? ", found '" + text.charAt(at) + "'" : "";
        return new SyntaxException(at, what + got);
    }
}
