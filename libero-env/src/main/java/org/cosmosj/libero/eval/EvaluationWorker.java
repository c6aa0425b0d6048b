package org.cosmosj.libero.eval;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.RandomAgent;
import org.cosmosj.libero.RobotEnvironment;
import org.cosmosj.libero.expert.LiberoExpert;
import org.cosmosj.libero.mujoco.MujocoLibrary;
import org.cosmosj.libero.scene.LiberoFolders;
import org.cosmosj.libero.scene.LiberoScenes;
import org.cosmosj.libero.sim.LiberoEnvironment;
import org.cosmosj.libero.sim.LiberoSettings;

/**
 * The process that runs episodes of LIBERO for an evaluation. It takes requests on its standard input and answers on
 * its standard output, which native libraries cannot reach: what they print goes to the error stream.
 */
public final class EvaluationWorker implements WorkerStage {

    /** Uniformly random actions. */
    static final String RANDOM = "random";
    /** Scripts that read the true state. */
    static final String EXPERT = "expert";
    /** The recorded actions of a file. */
    public static final String REPLAY = "replay:";

    private final LiberoScenes scenes;
    private final MujocoLibrary mujoco;
    private ReplayedActions replay;

    private EvaluationWorker(LiberoScenes scenes, MujocoLibrary mujoco) {
        this.scenes = scenes;
        this.mujoco = mujoco;
    }

    /**
     * Serves until the standard input ends.
     *
     * @param args what {@link #command} gives: four folders and which MuJoCo
     * @throws IOException          if the streams fail
     * @throws InterruptedException never in practice
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        OutputStream replies = ReservedOutput.take();
        LiberoFolders folders =
                new LiberoFolders(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
        Worker.serve(System.in, replies,
                new EvaluationWorker(new LiberoScenes(folders), MujocoLibrary.load(args[4])));
    }

    /**
     * Whether a policy acts in the workers, by itself and without pictures.
     *
     * @param policy as in {@code --policy}
     * @return true for random, expert and replays
     */
    public static boolean isAgent(String policy) {
        return policy.equals(RANDOM) || policy.equals(EXPERT) || policy.startsWith(REPLAY);
    }

    /**
     * What starts a worker: a Java of the same kind as this one, with this class path.
     *
     * @param folders where tasks and parts lie
     * @param mujoco  which MuJoCo, as {@link MujocoLibrary#load} takes it
     * @param logs    folder for what a crash leaves
     * @return program and arguments
     */
    public static List<String> command(LiberoFolders folders, String mujoco, Path logs) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-Xmx1g", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + logs.resolve("crash-%p.log"),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", System.getProperty("java.class.path"),
                EvaluationWorker.class.getName(), folders.bddl().toString(), folders.init().toString(),
                folders.assets().toString(), folders.robosuite().toString(), mujoco);
    }

    @Override
    public String engine() {
        return "MuJoCo " + mujoco.versionName();
    }

    @Override
    public RobotEnvironment open(String suite, String task) {
        return new LiberoEnvironment(scenes.scene(suite, task), mujoco, LiberoSettings.EVALUATION);
    }

    @Override
    public Agent agent(String name, RobotEnvironment environment, long seed) {
        if (name.equals(RANDOM)) {
            return new RandomAgent(environment.spec().actionSize(), seed);
        }
        if (name.equals(EXPERT)) {
            return LiberoExpert.of((LiberoEnvironment) environment);
        }
        if (name.startsWith(REPLAY)) {
            if (replay == null) {
                replay = ReplayedActions.read(Path.of(name.substring(REPLAY.length())));
            }
            return replay.agent(environment.spec());
        }
        throw new IllegalArgumentException("there is no agent \"" + name + "\"");
    }
}
