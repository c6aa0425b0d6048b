package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.cosmosj.libero.LiberoPack;
import org.cosmosj.libero.LiberoSuite;
import org.cosmosj.libero.LiberoTask;
import org.cosmosj.libero.bddl.Predicate.Articulated;
import org.cosmosj.libero.bddl.Predicate.JointState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInsTest {

    @TempDir
    private Path folder;

    @Test
    void haveTheNamesPartsAndJointsOfLiberosThings() {
        TinyParts tiny = TinyParts.in(folder);
        StandIns.write(folder.resolve("stand-ins"));
        LiberoFolders folders = new LiberoFolders(tiny.folders().bddl(), tiny.folders().init(),
                folder.resolve("stand-ins"), tiny.folders().robosuite());
        Path task = tiny.write("bddl_files/a.bddl", TinyParts.bddl("(Open wooden_cabinet_1_top_region)",
                "(On akita_black_bowl_1 plate_1)"));
        ArrangedScene arranged = new ArrangedScene();

        LiberoScene scene = new LiberoScenes(folders).scene(task, 1);
        scene.place(org.cosmosj.tensor.NumpyRandom.seeded(0), arranged);

        assertThat(arranged.joints).containsKey("wooden_cabinet_1_top_level");
        assertThat(new Articulated(JointState.OPEN, "wooden_cabinet_1_top_region").holds(scene.view(arranged)))
                .isTrue();
    }

    @Test
    void furnishTheRoomsOfFourSuites() {
        LiberoFolders real = LiberoPack.findOrSkip().folders();
        StandIns.write(folder);
        LiberoScenes scenes = new LiberoScenes(new LiberoFolders(real.bddl(), real.init(), folder, real.robosuite()));

        for (LiberoSuite suite : List.of(LiberoSuite.SPATIAL, LiberoSuite.OBJECT, LiberoSuite.GOAL)) {
            for (LiberoTask task : suite.tasks()) {
                assertThat(scenes.scene(task).initStates()).as(task.toString()).hasNumberOfRows(50);
            }
        }
    }
}
