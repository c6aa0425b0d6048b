package org.cosmosj.libero.app;

import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj libero}: real LIBERO on MuJoCo, without Python. */
@CommandLine.Command(
        name = "libero",
        description = "Real LIBERO on MuJoCo, in this process and without Python.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            LiberoDoctorCommand.class,
            LiberoVerifyCommand.class,
            LiberoEvalCommand.class,
            LiberoCollectCommand.class,
            LiberoReplayCommand.class
        })
public final class LiberoCommand implements Command {

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public LiberoCommand() {
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
