package org.cosmosj.bench.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A project outside the reactor resolves CosmosJ through its BOM, compiles and runs. It has a local repository of its
 * own, where this build installed its artifacts, and sees the user's as a folder of files: so it works without a
 * network and leaves the user's repository alone.
 */
class ConsumerIT {
    private static final Path SOURCES = Path.of("src/test/consumer");
    private static final Path WORK = Path.of("target/consumer").toAbsolutePath();
    private static final long TIMEOUT_SECONDS = 300;

    @Test
    void aProjectOutsideTheReactorResolvesCompilesAndRuns() throws Exception {
        String mavenHome = System.getProperty("cosmosj.maven.home");
        assumeTrue(mavenHome != null, "runs in 'mvn verify' only, which names its Maven");
        Path userRepository = Path.of(System.getProperty("cosmosj.maven.repository"));
        List<Path> before = artifactsOfCosmosJ(userRepository);
        Path project = copyProject(userRepository);
        Path repository = WORK.resolve("repository");

        String build = run(project, mavenHome + "/bin/mvn", "--batch-mode", "--quiet", "--no-transfer-progress",
                "--settings", "settings.xml", "-Dmaven.repo.local=" + repository, "compile");
        String classPath = Files.readString(project.resolve("target/class-path"));
        String output = run(project, System.getProperty("java.home") + "/bin/java", "--add-modules",
                "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                "target/classes" + File.pathSeparator + classPath, "example.Consumer");

        assertThat(build).doesNotContain("[WARNING]", "[ERROR]");
        assertThat(classPath.split(File.pathSeparator)).allMatch(jar -> jar.startsWith(repository.toString()));
        assertThat(output.lines()).contains("gradient [-246.0, -312.0]");
        assertThat(artifactsOfCosmosJ(userRepository)).isEqualTo(before);
    }

    private static Path copyProject(Path userRepository) throws IOException {
        Map<String, String> values = Map.of(
                "@cosmosj.version@", System.getProperty("cosmosj.version"),
                "@fetched.repository@", userRepository.toUri().toString());
        Path project = WORK.resolve("project");
        delete(project);
        try (Stream<Path> files = Files.walk(SOURCES).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                for (Map.Entry<String, String> value : values.entrySet()) {
                    text = text.replace(value.getKey(), value.getValue());
                }
                Path copy = project.resolve(SOURCES.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, text);
            }
        }
        return project;
    }

    /** Runs a command with this JVM as JAVA_HOME and returns what it printed. */
    private static String run(Path folder, String... command) throws Exception {
        Path log = WORK.resolve("output.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_ARGS");
        Process process = builder.start();
        boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log);
        assertThat(ended).as("%s ended within %d s; it printed:%n%s", command[0], TIMEOUT_SECONDS, output).isTrue();
        assertThat(process.exitValue()).as("exit code of %s, which printed:%n%s", command[0], output).isZero();
        return output;
    }

    private static List<Path> artifactsOfCosmosJ(Path repository) throws IOException {
        Path group = repository.resolve("org/cosmosj");
        if (!Files.exists(group)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(group)) {
            return tree.sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> tree = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.forEach(tree::add);
        }
        for (Path path : tree.reversed()) {
            Files.delete(path);
        }
    }
}
