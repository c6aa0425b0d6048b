package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.cosmosj.libero.golden.GoldenContext;
import org.cosmosj.libero.golden.GoldenFolder;
import org.cosmosj.libero.golden.GoldenResults;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScenes;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj libero verify}: compares this implementation with golden numbers of the Python reference. */
@CommandLine.Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compares scenes, placements, controller, observations, predicates and pictures with golden numbers of the"
                    + " Python reference: every file of a folder.",
            "A line for each comparison; the last line is 'N passed, M failed'."
        })
public final class LiberoVerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private LiberoInstall install;

    @Parameters(paramLabel = "GOLDEN_DIR", description = "Folder of .safetensors and .json files, or one of them.")
    private Path golden;

    /** Made by the command line. */
    public LiberoVerifyCommand() {
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        GoldenFolder folder = new GoldenFolder(golden);
        LiberoFolders folders = install.folders();
        MujocoLibrary mujoco = install.mujoco();
        out.println("MuJoCo " + mujoco.versionName() + " of " + mujoco.origin());
        GoldenResults results = new GoldenResults(out);
        folder.check(new GoldenContext(folders.bddl().getParent(), folders.robosuite(), new LiberoScenes(folders),
                mujoco), results);
        out.println(results);
        return results.failed() == 0 ? Main.OK : Main.FAILED;
    }
}
