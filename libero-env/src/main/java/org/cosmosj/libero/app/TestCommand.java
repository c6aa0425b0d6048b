package org.cosmosj.libero.app;

import java.util.List;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Describes {@code ./cosmosj test}, which the launcher script runs itself since it needs Maven. */
@CommandLine.Command(
        name = "test",
        description = "Builds and tests everything with Maven, then says what was skipped and why.")
public final class TestCommand implements Command {
    @Parameters(paramLabel = "MAVEN_ARGUMENTS", arity = "0..*", description = "Passed on to 'mvn verify'.")
    private List<String> mavenArguments;

    /** Made by the command line. */
    public TestCommand() {}

    @Override
    public Integer call() {
        throw new IllegalStateException("tests are run by the script ./cosmosj in a checkout of the sources");
    }
}
