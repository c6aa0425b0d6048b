package org.cosmosj.libero.bddl;

import java.util.ArrayList;
import java.util.List;

/** A parenthesised expression: an atom, or a list of expressions. */
sealed interface SExpression {

    /**
     * A token.
     *
     * @param text lower-cased text
     * @param line line in the file, from 1
     */
    record Atom(String text, int line) implements SExpression {
    }

    /**
     * A list.
     *
     * @param items its members
     * @param line  line of the opening parenthesis, from 1
     */
    record Items(List<SExpression> items, int line) implements SExpression {

        /** The first member if it is an atom, else the empty string: the list's keyword. */
        String head() {
            return !items.isEmpty() && items.getFirst() instanceof Atom atom ? atom.text() : "";
        }

        List<SExpression> tail() {
            return items.subList(1, items.size());
        }
    }

    int line();

    /**
     * Parses one expression; {@code ;} starts a comment that runs to the end of its line.
     *
     * @param text   the file's text
     * @param source file name for messages
     * @return the expression
     * @throws BddlException if parentheses do not match or text follows the expression
     */
    static Items parse(String text, String source) {
        Parser parser = new Parser(text, source);
        Items result = parser.next() instanceof Items items ? items : null;
        if (result == null) {
            throw new BddlException(source + ": starts with a word, expected (define ...)");
        }
        parser.expectEnd();
        return result;
    }

    /** Recursive descent over the characters. */
    final class Parser {
        /** LIBERO's files nest seven deep; a file that nests deeper than this is not BDDL. */
        private static final int MAX_DEPTH = 100;

        private final String text;
        private final String source;
        private int at;
        private int line = 1;
        private int depth;

        Parser(String text, String source) {
            this.text = text;
            this.source = source;
        }

        SExpression next() {
            skipBlank();
            if (at >= text.length()) {
                throw new BddlException(source + ": line " + line
                        + ": the file ends inside an expression; a closing parenthesis is missing");
            }
            if (text.charAt(at) == ')') {
                throw new BddlException(source + ": line " + line + ": closing parenthesis without an opening one");
            }
            return text.charAt(at) == '(' ? items() : atom();
        }

        void expectEnd() {
            skipBlank();
            if (at < text.length()) {
                throw new BddlException(source + ": line " + line + ": text after the closing parenthesis of (define");
            }
        }

        private Items items() {
            int start = line;
            if (++depth > MAX_DEPTH) {
                throw new BddlException(source + ": line " + line + ": more than " + MAX_DEPTH
                        + " lists inside each other, expected a BDDL file");
            }
            at++;
            List<SExpression> members = new ArrayList<>();
            for (skipBlank(); at >= text.length() || text.charAt(at) != ')'; skipBlank()) {
                members.add(next());
            }
            at++;
            depth--;
            return new Items(List.copyOf(members), start);
        }

        private Atom atom() {
            int start = at;
            while (at < text.length() && "();".indexOf(text.charAt(at)) < 0
                    && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return new Atom(text.substring(start, at).toLowerCase(java.util.Locale.ROOT), line);
        }

        private void skipBlank() {
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == ';') {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() - 1 : end - 1;
                } else if (c == '\n') {
                    line++;
                } else if (!Character.isWhitespace(c)) {
                    return;
                }
            }
        }
    }
}
