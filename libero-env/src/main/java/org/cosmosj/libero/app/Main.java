package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The entry point of {@code ./cosmosj}. Subcommands come from the modules on the class path, each a {@link Command}.
 *
 * <p>Exit codes: {@value #OK} when the command did what was asked, {@value #FAILED} when a check or a run failed,
 * {@value #USAGE} when the command line itself was wrong. Errors are one line on the error stream; {@code --stacktrace}
 * adds where they came from.
 */
@CommandLine.Command(
        name = "cosmosj",
        description = "Trains, runs and plans with Cosmos Policy, in pure Java.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "'cosmosj COMMAND --help' describes a command.",
            "Exit codes: 0 done, 1 a check or a run failed, 2 wrong usage."
        })
public final class Main implements Runnable {
    /** Exit code of a command that did what was asked. */
    public static final int OK = CommandLine.ExitCode.OK;

    /** Exit code of a failed check or run. */
    public static final int FAILED = CommandLine.ExitCode.SOFTWARE;

    /** Exit code of a command line that could not be understood. */
    public static final int USAGE = CommandLine.ExitCode.USAGE;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error as well.")
    private boolean stacktrace;

    private Main() {}

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param args the subcommand and its options
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(run(ServiceLoader.load(Command.class), out, err, args));
    }

    /** Runs {@code args} with the given commands; never throws, so that every error ends as one line and a code. */
    static int run(Iterable<Command> commands, PrintWriter out, PrintWriter err, String... args) {
        Main root = new Main();
        try {
            CommandLine line = root.commandLine(commands).setOut(out).setErr(err);
            return line.execute(args);
        } catch (Throwable e) { // out of memory, a native library that does not link, a broken provider
            return root.failed("cosmosj", e, err);
        }
    }

    private CommandLine commandLine(Iterable<Command> commands) {
        CommandLine line = new CommandLine(this);
        for (CommandLine sub : sorted(commands)) {
            line.addSubcommand(sub);
            sub.getCommandSpec().mixinStandardHelpOptions(true);
            sub.getCommandSpec().versionProvider(new Version());
        }
        line.setParameterExceptionHandler((e, args) -> wrongUsage(e));
        line.setExecutionExceptionHandler(
                (e, failing, result) -> failed(failing.getCommandSpec().qualifiedName(), e, failing.getErr()));
        return line;
    }

    private static List<CommandLine> sorted(Iterable<Command> commands) {
        return Stream.of(commands)
                .<Command>mapMulti(Iterable::forEach)
                .map(CommandLine::new)
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .toList();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int wrongUsage(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String cure = unmatched(e)
                .flatMap(word -> Suggestion.forWord(word, command))
                .map(meant -> "did you mean '" + meant + "'?")
                .orElse("'" + command.qualifiedName() + " --help' shows what is possible");
        e.getCommandLine().getErr().println(ErrorLine.of(command.qualifiedName(), e.getMessage() + "; " + cure));
        return USAGE;
    }

    private static Optional<String> unmatched(ParameterException e) {
        return e instanceof UnmatchedArgumentException u ? u.getUnmatched().stream().findFirst() : Optional.empty();
    }

    private int failed(String command, Throwable e, PrintWriter err) {
        err.println(ErrorLine.of(command, e));
        if (stacktrace) {
            e.printStackTrace(err);
        }
        return FAILED;
    }
}
