package org.cosmosj.libero;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LiberoSuiteTest {

    @Test
    void holdsTheBenchmarksTasksInItsOrder() {
        assertThat(Arrays.stream(LiberoSuite.values()).map(suite -> suite.tasks().size()))
                .containsExactly(10, 10, 10, 10, 90);
        assertThat(Arrays.stream(LiberoSuite.values()).map(LiberoSuite::maxSteps))
                .containsExactly(220, 280, 300, 520, 400);
        assertThat(LiberoSuite.GOAL.task("7").name()).isEqualTo("turn_on_the_stove");
        assertThat(LiberoSuite.of("libero_10").task("0"))
                .hasToString(
                        "libero_10/LIVING_ROOM_SCENE2_put_both_the_alphabet_soup_and_the_tomato_sauce_in_the_basket");
        assertThat(LiberoSuite.NINETY.tasks().getLast().index()).isEqualTo(89);
    }

    @Test
    void namesFilesAndInstruction() {
        LiberoTask task = LiberoSuite.NINETY.task("KITCHEN_SCENE10_close_the_top_drawer_of_the_cabinet");

        assertThat(task.instruction()).isEqualTo("close the top drawer of the cabinet");
        assertThat(task.bddlFile()).isEqualTo("libero_90/" + task.name() + ".bddl");
        assertThat(task.initFile()).isEqualTo("libero_90/" + task.name() + ".pruned_init");
        assertThat(task.demonstrationFile()).isEqualTo("libero_90/" + task.name() + "_demo.hdf5");
    }

    @Test
    void saysWhatThereIsWhenANameIsUnknown() {
        assertThatThrownBy(() -> LiberoSuite.of("libero_100")).hasMessage("there is no suite \"libero_100\"; LIBERO has"
                + " [libero_spatial, libero_object, libero_goal, libero_10, libero_90]");
        assertThatThrownBy(() -> LiberoSuite.GOAL.task("10"))
                .hasMessageStartingWith("suite libero_goal has no task \"10\"; give an index from 0 to 9 or one of [")
                .hasMessageContaining("turn_on_the_stove");
    }
}
