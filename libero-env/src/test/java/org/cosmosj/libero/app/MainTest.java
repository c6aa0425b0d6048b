package org.cosmosj.libero.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.cosmosj.tensor.spi.Command;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpListsTheCommandsInAlphabeticalOrder() {
        assertThat(run(() -> Main.OK, "--help")).isEqualTo(Main.OK);

        assertThat(out.toString()).contains("Usage: cosmosj", "Commands:", "--stacktrace", "Exit codes: 0 done");
        assertThat(out.toString().indexOf("measure")).isBetween(0, out.toString().indexOf("train "));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpOfACommandNamesItsOptions() {
        assertThat(run(() -> Main.OK, "train", "--help")).isEqualTo(Main.OK);

        assertThat(out.toString()).contains("Usage: cosmosj train", "--steps", "Trains a policy.");
    }

    @Test
    void versionIsTheOneOfThePom() {
        assertThat(run(() -> Main.OK, "--version")).isEqualTo(Main.OK);

        assertThat(out.toString()).startsWith("CosmosJ " + Version.number() + " (Java ");
        assertThat(Version.number()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }

    @Test
    void theExitCodeOfACommandIsReturned() {
        assertThat(run(() -> Main.OK, "train")).isEqualTo(0);
        assertThat(run(() -> Main.FAILED, "train", "--steps", "3")).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void refusesAnUnknownCommandWithASuggestion() {
        assertThat(run(() -> Main.OK, "trian")).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly("cosmosj: Unmatched argument at index 0: 'trian'; did you mean 'train'?");
    }

    @Test
    void refusesAnUnknownOptionWithASuggestion() {
        assertThat(run(() -> Main.OK, "train", "--setps=3")).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly("cosmosj train: Unknown option: '--setps=3'; did you mean '--steps'?");
    }

    @Test
    void suggestsNothingForAWordUnlikeAllOthers() {
        assertThat(run(() -> Main.OK, "train", "--checkpoint")).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly(
                        "cosmosj train: Unknown option: '--checkpoint'; 'cosmosj train --help' shows what is possible");
    }

    @Test
    void countsTheEditsBetweenTwoWords() {
        assertThat(Suggestion.edits("", "abc")).isEqualTo(3);
        assertThat(Suggestion.edits("test", "tset")).isEqualTo(2);
        assertThat(Suggestion.edits("demo", "demos")).isEqualTo(1);
        assertThat(Suggestion.edits("same", "same")).isZero();
    }

    @Test
    void refusesAValueThatDoesNotParse() {
        assertThat(run(() -> Main.OK, "train", "--steps", "many")).isEqualTo(2);

        assertThat(err.toString()).contains("Invalid value for option '--steps'", "'cosmosj train --help'");
    }

    @Test
    void refusesToRunWithoutACommand() {
        assertThat(run(() -> Main.OK)).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly("cosmosj: a command is missing; 'cosmosj --help' shows what is possible");
    }

    @Test
    void usageErrorsThatACommandFindsItselfHaveTheSameCode() {
        assertThat(run(() -> Main.OK, "train", "--steps", "-1")).isEqualTo(2);

        assertThat(err.toString()).startsWith("cosmosj train: --steps -1: must be positive");
    }

    @Test
    void anErrorIsOneLineAndExitCodeOne() {
        Callable<Integer> body = () -> {
            throw new IllegalArgumentException("linear(head): input (2, 3) ends in 3\n  but weight (4, 5) takes 5");
        };

        assertThat(run(body, "train")).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly("cosmosj train: linear(head): input (2, 3) ends in 3 but weight (4, 5) takes 5");
    }

    @Test
    void anExceptionOfTheJdkIsNamed() {
        Callable<Integer> body = () -> {
            throw new FileNotFoundException("model.safetensors");
        };

        assertThat(run(body, "train")).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly("cosmosj train: FileNotFoundException: model.safetensors (--stacktrace shows where)");
    }

    @Test
    void anInputErrorThatTheProjectWordedIsItsMessage() {
        IOException cause = new IOException("read demo.hdf5: is not an HDF5 file; collect it anew");
        Callable<Integer> wrapped = () -> {
            throw new UncheckedIOException(cause);
        };
        Callable<Integer> worded = () -> {
            throw new UncheckedIOException("cannot write to out; choose another --out", cause);
        };

        assertThat(run(wrapped, "train")).isEqualTo(1);
        assertThat(run(worded, "train")).isEqualTo(1);

        assertThat(err.toString().lines()).containsExactly(
                "cosmosj train: read demo.hdf5: is not an HDF5 file; collect it anew",
                "cosmosj train: cannot write to out; choose another --out");
    }

    @Test
    void anArgumentThatTheJdkRefusesIsNamed() {
        assertThat(run(() -> Integer.valueOf("many"), "train")).isEqualTo(1);
        assertThat(run(() -> Thread.State.valueOf("BUSY").ordinal(), "train")).isEqualTo(1);

        assertThat(err.toString().lines()).allMatch(line -> line.endsWith("(--stacktrace shows where)"));
    }

    @Test
    void stackTracesAppearWhenAskedForBeforeOrAfterTheCommand() {
        Callable<Integer> body = () -> {
            throw new IllegalStateException("broken");
        };

        assertThat(run(body, "--stacktrace", "train")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat " + MainTest.class.getName());

        err.getBuffer().setLength(0);
        assertThat(run(body, "train", "--stacktrace")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat " + MainTest.class.getName());
    }

    @Test
    void runningOutOfMemoryIsOneLineAsWell() {
        Callable<Integer> body = () -> {
            throw new OutOfMemoryError("Java heap space");
        };

        assertThat(run(body, "train")).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly("cosmosj: OutOfMemoryError: Java heap space (--stacktrace shows where)");
    }

    private int run(Callable<Integer> body, String... args) {
        List<Command> commands = List.of(new Train(body), new Measure());
        return Main.run(commands, new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @CommandLine.Command(name = "train", description = "Trains a policy.")
    private static final class Train implements Command {
        private final Callable<Integer> body;

        @Spec
        private CommandSpec spec;

        @Option(names = "--steps", description = "Number of steps.")
        private int steps;

        Train(Callable<Integer> body) {
            this.body = body;
        }

        @Override
        public Integer call() throws Exception {
            if (steps < 0) {
                throw new ParameterException(spec.commandLine(), "--steps " + steps + ": must be positive");
            }
            return body.call();
        }
    }

    @CommandLine.Command(name = "measure", description = "Measures something.")
    private static final class Measure implements Command {
        @Override
        public Integer call() {
            return Main.OK;
        }
    }
}
