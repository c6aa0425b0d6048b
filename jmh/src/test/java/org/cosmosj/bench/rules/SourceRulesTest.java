package org.cosmosj.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
    @Test
    void allSourcesKeepTheRules() throws IOException {
        List<SourceFile> files = SourceFile.all(Repository.root());

        assertThat(files).hasSizeGreaterThan(Module.values().length);
        assertThat(files.stream().flatMap(file -> file.violations().stream())).isEmpty();
    }

    @Test
    void everyPackageThatUsersSeeIsDescribed() throws IOException {
        Path root = Repository.root();

        for (Module module : Module.values()) {
            try (Stream<Path> tree = Files.walk(root.resolve(module.folder()).resolve("src/main/java"))) {
                Stream<Path> packages = tree.filter(p -> p.toString().endsWith(".java"))
                        .map(Path::getParent)
                        .filter(p -> !p.toString().contains("internal"))
                        .distinct();
                assertThat(packages).allSatisfy(p -> assertThat(p.resolve("package-info.java")).exists());
            }
        }
    }

    @Test
    void brokenRulesAreFound() {
        List<String> lines = List.of(
                "import java.util.List;", "import java.util.*;", "// T" + "ODO later", "// by @" + "author",
                "x".repeat(121));

        assertThat(new SourceFile(Path.of("TensorUtils.java"), lines).violations())
                .anyMatch(v -> v.contains("TensorUtils.java: the name says nothing"))
                .anyMatch(v -> v.contains("TensorUtils.java:1: unused import of List"))
                .anyMatch(v -> v.contains("TensorUtils.java:2: import each class by name"))
                .anyMatch(v -> v.contains("TensorUtils.java:3: authors and open ends"))
                .anyMatch(v -> v.contains("TensorUtils.java:4: authors and open ends"))
                .anyMatch(v -> v.contains("TensorUtils.java:5: wider than 120 columns"));
        assertThat(new SourceFile(Path.of("Long.java"), Collections.nCopies(401, "")).violations())
                .containsExactly("Long.java: 401 lines, at most 400; split it");
    }

    @Test
    void usedImportsAndNumberedOpenEndsAreFine() {
        List<String> lines = List.of("import java.util.List;", "List<String> names; // T" + "ODO(#12): sort");

        assertThat(new SourceFile(Path.of("Names.java"), lines).violations()).isEmpty();
    }
}
