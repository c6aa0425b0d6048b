package org.cosmosj.policy.verify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify FILE...}: compares this implementation with golden numbers of the reference. */
@CommandLine.Command(
        name = "verify",
        description = {
            "Runs golden fixtures of the reference implementation through this code, on the CPU, and compares every"
                    + " tensor.",
            "A line for each tensor that differs or was left out; the last line is 'N passed, M failed'."
        })
public final class VerifyCommand implements Command {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Fixtures (.safetensors); files they name are looked for beside them.")
    private List<Path> files;

    /** Does nothing; the command line fills the fields. */
    public VerifyCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int passed = 0;
        int failed = 0;
        for (Path file : files) {
            Report report = verify(file);
            report.failures().forEach(out::println);
            if (files.size() > 1) {
                out.println(file + ": " + report);
            }
            passed += report.passed();
            failed += report.failures().size();
        }
        out.println(passed + " passed, " + failed + " failed");
        return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** A file that cannot be checked counts as a failure and does not keep the others from being checked. */
    private static Report verify(Path file) {
        try (Fixture fixture = Fixture.open(file); Scope _ = Scope.open(Device.cpu(), "verify " + file)) {
            return FixtureChecks.verify(fixture);
        } catch (CheckpointException | RuntimeException e) {
            return new Report(0, List.of(e.getMessage() == null ? file + ": " + e : e.getMessage()));
        }
    }
}
