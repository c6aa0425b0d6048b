package org.cosmosj.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationCheckTest {
    private static final Path CORPUS = Path.of("src/test/resources/mutations/toy");
    private static final byte[] ORIGINAL = "size 12: abcdefghijkl".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @AfterEach
    void forgetWhatWasMeantToFail() throws IOException {
        if (Files.isDirectory(CORPUS)) {
            try (Stream<Path> kept = Files.list(CORPUS)) {
                for (Path file : kept.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(CORPUS);
            try (Stream<Path> others = Files.list(CORPUS.getParent())) {
                if (others.findAny().isEmpty()) {
                    Files.delete(CORPUS.getParent());
                }
            }
        }
    }

    @Test
    void passesAReaderThatRefusesWithFileAndPlace() throws IOException {
        assertThatCode(() -> toy().run(300, file -> {
            if (!Arrays.equals(Files.readAllBytes(file), ORIGINAL)) {
                throw new IOException("toy " + file + ": at byte 3: damaged");
            }
        })).doesNotThrowAnyException();
        assertThat(CORPUS).doesNotExist();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void failsOtherExceptionsAndKeepsTheInput() {
        MutationCheck.Reader reader = file -> {
            if (Files.readAllBytes(file)[0] != 's') {
                throw new IndexOutOfBoundsException("7");
            }
        };
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> toy().run(3000, reader))
                .withMessageContaining("IndexOutOfBoundsException").withMessageContaining(CORPUS.toString())
                .withMessageContaining("seed ");
        assertThat(CORPUS).isNotEmptyDirectory();

        assertThatExceptionOfType(AssertionError.class).as("the corpus comes first")
                .isThrownBy(() -> toy().run(0, reader)).withMessageContaining("IndexOutOfBoundsException");
    }

    @Test
    void failsRefusalsWithoutFileOrPlace() {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> toy().run(50, file -> {
            throw new IOException("at byte 3: damaged");
        })).withMessageContaining("without naming the file").withMessageContaining("an original is refused");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> toy().run(50, file -> {
            throw new IOException("toy " + file + ": damaged");
        })).withMessageContaining("without naming the place");
    }

    @Test
    void failsReadersThatTakeTooMuchHeap() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> toy().run(50, file -> assertThat(new byte[4 << 20]).isNotNull()))
                .withMessageContaining("bytes of heap for");
    }

    @Test
    void theSeedDecidesAndMutationsDiffer() {
        Mutator first = new Mutator(new SplittableRandom(5), List.of(ORIGINAL), List.of());
        Mutator second = new Mutator(new SplittableRandom(5), List.of(ORIGINAL), List.of());
        Set<String> different = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            byte[] mutated = first.next();

            assertThat(second.next()).isEqualTo(mutated);
            different.add(new String(mutated, StandardCharsets.ISO_8859_1));
        }
        assertThat(different).hasSizeGreaterThan(900);
    }

    private MutationCheck toy() {
        return MutationCheck.of("toy", folder).originals(ORIGINAL).refusals(IOException.class, "at byte \\d+");
    }
}
