package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacedModelTest {

    private static final String GOAL = "(On akita_black_bowl_1 plate_1)";

    @TempDir
    private Path folder;

    @Test
    void keepsWhereFixturesStand() {
        LiberoScene scene = TinyParts.in(folder).scene("", GOAL);
        ArrangedScene placed = new ArrangedScene();

        String model = PlacedModel.write(scene, name -> name.equals("flat_stove_1_main")
                ? new double[] {0.1, 0.2, 1.0 / 3, 1, 0, 0, 0}
                : new double[] {4, 5, 6, 0.6, 0, 0, 0.8});
        PlacedModel.place(model, "a file", scene, placed);

        assertThat(placed.bodies.get("flat_stove_1_main")).containsExactly(0.1, 0.2, 1.0 / 3, 1, 0, 0, 0);
        assertThat(placed.bodies.get("wooden_cabinet_1_main")).containsExactly(4, 5, 6, 0.6, 0, 0, 0.8);
        assertThat(placed.bodies).hasSize(2);
    }

    @Test
    void refusesModelsOfOtherTasks() {
        LiberoScene scene = TinyParts.in(folder).scene("", GOAL);

        assertThatThrownBy(() -> PlacedModel.place("<mujoco><worldbody/></mujoco>", "a.hdf5", scene,
                new ArrangedScene())).isInstanceOf(SceneException.class).hasMessageContaining(
                        "a.hdf5: its model has 0 of the 2 fixtures of a_task; the file belongs to another task");
        assertThatThrownBy(() -> PlacedModel.place("<mujoco>", "a.hdf5", scene, new ArrangedScene()))
                .hasMessageContaining("a.hdf5: line 1: ");
    }
}
