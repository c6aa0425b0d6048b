package org.cosmosj.bench.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One Java source file and what the project's style asks of its text. */
record SourceFile(Path path, List<String> lines) {
    private static final int MAX_LINES = 400;
    private static final int MAX_COLUMNS = 120;

    /** Longer files, each with its reason. */
    private static final Map<String, Integer> LONGER = Map.of(
            "Tensor.java", 800 // the facade: one method for each op, most of it javadoc
    );

    private static final Pattern IMPORT = Pattern.compile("import (static )?[\\w.]+\\.(\\w+);");
    private static final Pattern WILDCARD = Pattern.compile("import (static )?[\\w.]+\\.\\*;");
    private static final Pattern VAGUE_NAME = Pattern.compile("\\w*(Utils?|Helper|Manager|Impl)\\.java");
    private static final Pattern HISTORY = Pattern.compile("@[a]uthor|\\b(T[O]DO|F[I]XME|X[X]X)\\b(?!\\(#\\d+\\))");

    /** All sources of the modules below {@code root}, tests included. */
    static List<SourceFile> all(Path root) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (Module module : Module.values()) {
            try (Stream<Path> tree = Files.walk(root.resolve(module.folder()).resolve("src"))) {
                for (Path path : tree.filter(p -> p.toString().endsWith(".java")).sorted().toList()) {
                    files.add(new SourceFile(root.relativize(path), Files.readAllLines(path)));
                }
            }
        }
        return files;
    }

    /** One line for each broken rule. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        String name = path.getFileName().toString();
        int maxLines = LONGER.getOrDefault(name, MAX_LINES);
        if (lines.size() > maxLines) {
            found.add(path + ": " + lines.size() + " lines, at most " + maxLines + "; split it");
        }
        if (VAGUE_NAME.matcher(name).matches()) {
            found.add(path + ": the name says nothing; call the class after what it does");
        }
        String body = String.join("\n", lines.stream().filter(line -> !line.startsWith("import ")).toList());
        for (int i = 0; i < lines.size(); i++) {
            String where = path + ":" + (i + 1) + ": ";
            String line = lines.get(i);
            if (line.codePointCount(0, line.length()) > MAX_COLUMNS) {
                found.add(where + "wider than " + MAX_COLUMNS + " columns");
            }
            if (HISTORY.matcher(line).find()) {
                found.add(where + "authors and open ends belong into the repository and its issues");
            }
            if (WILDCARD.matcher(line).matches()) {
                found.add(where + "import each class by name");
            }
            Matcher imported = IMPORT.matcher(line);
            if (imported.matches() && !body.matches("(?s).*\\b" + imported.group(2) + "\\b.*")) {
                found.add(where + "unused import of " + imported.group(2));
            }
        }
        return found;
    }
}
