package org.cosmosj.libero.golden;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.bddl.SceneView;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.ObjectKind;
import org.cosmosj.libero.scene.LiberoScene;

/**
 * The truth of predicates in hand-made states: {@code *_probes.safetensors}. Another version of MuJoCo may see a
 * contact that is on the very edge differently; there a state with another number of contacts may differ.
 */
public final class ProbeCheck implements GoldenCheck {

    private static final int SHOWN = 5;

    @Override
    public boolean covers(Path file) {
        return file.getFileName().toString().endsWith("_probes.safetensors");
    }

    @Override
    public void run(Path file, GoldenContext context, GoldenResults results) throws Exception {
        GoldenFile golden = GoldenFile.read(file);
        LiberoScene scene = context.scenes().scene(golden.meta("suite"), golden.meta("task_name"));
        List<Predicate> predicates = golden.words("predicates").stream().map(Predicate::of).toList();
        boolean sameVersion = context.mujoco().versionName().equals(golden.meta("mujoco_version"));
        try (MujocoSimulation simulation = new MujocoSimulation(context.mujoco(), scene.mjcf())) {
            placeFixtures(golden, simulation);
            SceneView view = scene.view(simulation);
            int states = golden.shape("probe.states")[0];
            int edges = 0;
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < states; i++) {
                simulation.data().setState(golden.row("probe.states", i));
                simulation.forward();
                List<String> differing = differing(golden.row("probe.values", i), predicates, view);
                boolean otherContacts = simulation.data().contacts() != (int) golden.get("probe.ncon")[i];
                if (!differing.isEmpty() && !sameVersion && otherContacts) {
                    edges++;
                } else if (!differing.isEmpty()) {
                    wrong.add(golden.json("descriptions").path(i).asText("state " + i) + ": " + differing);
                }
            }
            results.check(predicates.size() + " predicates in " + states + " states", wrong.isEmpty(),
                    wrong.isEmpty()
                            ? "equal" + (edges == 0
                                    ? ""
                                    : ", but for " + edges + " states in which MuJoCo "
                                            + context.mujoco().versionName() + " sees other contacts")
                            : wrong.size() + " states differ: "
                                    + String.join("; ", wrong.subList(0, Math.min(SHOWN, wrong.size()))));
        }
    }

    private static void placeFixtures(GoldenFile golden, MujocoSimulation simulation) {
        List<String> bodies = simulation.model().names(ObjectKind.BODY);
        for (int i = 1; i < bodies.size(); i++) {
            if (!bodies.get(i).isEmpty()) { // bodies without a name are parts, which stand as their file says
                simulation.setBodyPose(bodies.get(i), golden.row("body_pos", i), golden.row("body_quat", i));
            }
        }
    }

    private static List<String> differing(double[] golden, List<Predicate> predicates, SceneView view) {
        List<String> differing = new ArrayList<>();
        for (int j = 0; j < predicates.size(); j++) {
            boolean holds = predicates.get(j).holds(view);
            if (holds != (golden[j] != 0)) {
                differing.add(predicates.get(j) + " is " + holds);
            }
        }
        return differing;
    }
}
