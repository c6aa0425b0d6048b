package org.cosmosj.libero.app;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** Finds what a mistyped word of the command line was probably meant to be. */
final class Suggestion {
    /** A word is not suggested for one that differs from it by more edits than this, or than a third of its length. */
    private static final int MAX_EDITS = 2;

    private Suggestion() {}

    /** The option or subcommand of {@code command} closest to {@code typed}, if one is close. */
    static Optional<String> forWord(String typed, CommandSpec command) {
        String word = typed.contains("=") ? typed.substring(0, typed.indexOf('=')) : typed;
        int limit = Math.max(MAX_EDITS, word.length() / 3);
        Stream<String> known = word.startsWith("-")
                ? command.optionsMap().keySet().stream()
                : command.subcommands().keySet().stream();
        return known.filter(name -> edits(word, name) <= limit).min(Comparator.comparingInt(name -> edits(word, name)));
    }

    /** The Levenshtein distance: insertions, deletions and replacements that turn {@code a} into {@code b}. */
    static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
