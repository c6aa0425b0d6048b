package org.cosmosj.libero.scene;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.cosmosj.libero.bddl.BddlParser;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.tensor.NumpyRandom;

/** A task's scene, assembled from its files. */
final class LiberoTaskScene implements LiberoScene {

    private final String suite;
    private final String task;
    private final int maxSteps;
    private final Path initFile;
    private final BddlProblem problem;
    private final SceneAssembler.Assembly assembly;
    private final SceneThings things;
    private final ResetPlacer placer;

    /**
     * Reads and assembles.
     *
     * @param suite    the suite's name
     * @param task     the task's name
     * @param maxSteps limit of an episode
     * @param bddl     the task file
     * @param initFile the start states
     * @param folders  where the parts lie
     */
    LiberoTaskScene(String suite, String task, int maxSteps, Path bddl, Path initFile, LiberoFolders folders) {
        this.suite = suite;
        this.task = task;
        this.maxSteps = maxSteps;
        this.initFile = initFile;
        this.problem = BddlParser.parse(bddl);
        String source = bddl.toString();
        Domain domain = Domain.of(problem, source);
        this.assembly = new SceneAssembler(problem, source, domain, folders).assemble();
        this.things = new SceneThings(problem, source, domain, assembly);
        this.placer = new ResetPlacer(problem, source, domain, things);
    }

    @Override
    public String suite() {
        return suite;
    }

    @Override
    public String task() {
        return task;
    }

    @Override
    public String instruction() {
        return BddlProblem.instruction(task);
    }

    @Override
    public int maxSteps() {
        return maxSteps;
    }

    @Override
    public BddlProblem problem() {
        return problem;
    }

    @Override
    public String mjcf() {
        return assembly.mjcf();
    }

    @Override
    public Path initFile() {
        return initFile;
    }

    @Override
    public double[][] initStates() {
        double[][] states = InitStates.read(initFile);
        if (states[0].length != assembly.width()) {
            throw new SceneException(initFile + ": holds states of " + states[0].length + " numbers, but " + suite + "/"
                    + task + " has states of " + assembly.width() + "; the file belongs to another task, take "
                    + task + ".pruned_init of the same LIBERO checkout");
        }
        return states;
    }

    @Override
    public void place(NumpyRandom random, SceneSimulation simulation, int reset, Consumer<ResetDraw> listener) {
        if (reset < 1) {
            throw new IllegalArgumentException("reset " + reset + " of " + suite + "/" + task + ", expected >= 1");
        }
        placer.place(new ResetRandom(random, listener), simulation, reset);
    }

    @Override
    public SceneView view(SceneState state) {
        return new LiberoSceneView(things, state);
    }
}
