package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import org.cosmosj.libero.bddl.BddlException;
import org.cosmosj.libero.bddl.Predicate;
import org.cosmosj.libero.bddl.Predicate.Articulated;
import org.cosmosj.libero.bddl.Predicate.In;
import org.cosmosj.libero.bddl.Predicate.JointState;
import org.cosmosj.libero.bddl.Predicate.On;
import org.cosmosj.libero.bddl.SceneView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiberoSceneViewTest {

    @TempDir
    private Path folder;
    private final ArrangedScene arranged = new ArrangedScene();
    private SceneView view;

    @BeforeEach
    void assemble() {
        view = TinyParts.in(folder).scene("", "(On akita_black_bowl_1 plate_1)").view(arranged);
        body("akita_black_bowl_1", 0, 0, 1);
        body("plate_1", 0.02, 0, 0.9);
        for (String joint : Set.of("wooden_cabinet_1_top_level", "wooden_cabinet_1_bottom_level",
                "flat_stove_1_button")) {
            arranged.setJoint(joint, 0);
        }
    }

    private void body(String name, double x, double y, double z) {
        arranged.setBodyPose(name + "_main", new double[] {x, y, z}, new double[] {1, 0, 0, 0});
    }

    @Test
    void onAThingAsksForContactOfItsCollisionShapes() {
        On on = new On("akita_black_bowl_1", "plate_1");

        assertThat(on.holds(view)).isFalse();
        arranged.contacts.add(Set.of("akita_black_bowl_1_rim", "plate_1_g0"));
        assertThat(on.holds(view)).as("the rim is for the eye only").isFalse();
        arranged.contacts.add(Set.of("akita_black_bowl_1_g0", "plate_1_g0"));
        assertThat(on.holds(view)).isTrue();
        body("plate_1", 0.031, 0, 0.9);
        assertThat(on.holds(view)).isFalse();
    }

    @Test
    void onAPartAsksForContactWithItsOwnerAndOnAZoneDoesNot() {
        arranged.sites.put("wooden_cabinet_1_top_side", new double[] {0, 0, 0.97});
        arranged.sites.put("main_table_bowl_region", new double[] {0, 0, 0.97});
        On onPart = new On("akita_black_bowl_1", "wooden_cabinet_1_top_side");

        assertThat(onPart.holds(view)).isFalse();
        arranged.contacts.add(Set.of("akita_black_bowl_1_g0", "wooden_cabinet_1_g2"));
        assertThat(onPart.holds(view)).isTrue();
        assertThat(new On("akita_black_bowl_1", "main_table_bowl_region").holds(view)).isTrue();
    }

    @Test
    void inAPartUsesTheSizeThatTheSceneFileGives() {
        arranged.sites.put("wooden_cabinet_1_top_region", new double[] {0.029, 0, 0.95});
        assertThat(new In("akita_black_bowl_1", "wooden_cabinet_1_top_region").holds(view)).isTrue();
        arranged.sites.put("wooden_cabinet_1_top_region", new double[] {0.031, 0, 0.95});
        assertThat(new In("akita_black_bowl_1", "wooden_cabinet_1_top_region").holds(view)).isFalse();
    }

    /** Thresholds of articulated_objects.py; a drawer at exactly 0 is neither open nor closed. */
    @ParameterizedTest
    @CsvSource({"-0.15,true,false", "-0.14,false,false", "0,false,false", "0.0001,false,true"})
    void judgesTheDrawerThatARegionBelongsTo(double q, boolean open, boolean close) {
        arranged.setJoint("wooden_cabinet_1_top_level", q);

        assertThat(new Articulated(JointState.OPEN, "wooden_cabinet_1_top_region").holds(view)).isEqualTo(open);
        assertThat(new Articulated(JointState.CLOSE, "wooden_cabinet_1_top_region").holds(view)).isEqualTo(close);
        assertThat(new Articulated(JointState.OPEN, "wooden_cabinet_1_bottom_region").holds(view)).isFalse();
    }

    @Test
    void aWholeCabinetIsOpenWithOneDrawerAndClosedWithAll() {
        arranged.setJoint("wooden_cabinet_1_top_level", -0.15);
        arranged.setJoint("wooden_cabinet_1_bottom_level", 0.001);

        assertThat(new Articulated(JointState.OPEN, "wooden_cabinet_1").holds(view)).isTrue();
        assertThat(new Articulated(JointState.CLOSE, "wooden_cabinet_1").holds(view)).isFalse();
        arranged.setJoint("wooden_cabinet_1_top_level", 0.001);
        assertThat(new Articulated(JointState.CLOSE, "wooden_cabinet_1").holds(view)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0.5,true,false", "0.49,false,false", "0,false,false", "-0.001,false,true"})
    void judgesAKnob(double q, boolean on, boolean off) {
        arranged.setJoint("flat_stove_1_button", q);

        assertThat(new Articulated(JointState.TURNON, "flat_stove_1").holds(view)).isEqualTo(on);
        assertThat(new Articulated(JointState.TURNOFF, "flat_stove_1").holds(view)).isEqualTo(off);
    }

    @ParameterizedTest
    @CsvSource({"MICROWAVE,-1.31,OPEN,true", "MICROWAVE,-1.3,OPEN,false", "MICROWAVE,-0.004,CLOSE,true",
        "MICROWAVE,-0.005,CLOSE,false", "SHORT_CABINET,0.11,OPEN,true", "SHORT_CABINET,0.10,OPEN,false",
        "SHORT_CABINET,-0.001,CLOSE,true", "SHORT_CABINET,0,CLOSE,false", "SHORT_FRIDGE,2.01,OPEN,true",
        "SHORT_FRIDGE,2.0,OPEN,false"})
    void knowsTheThresholdsOfOtherThings(String thing, double q, JointState state, boolean holds) {
        assertThat(JointMeaning.valueOf(thing).is(state, q)).isEqualTo(holds);
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> new On("cup_1", "plate_1").holds(view)).isInstanceOf(BddlException.class)
                .hasMessageContaining("\"cup_1\" is neither a thing nor a region of the scene")
                .hasMessageContaining("plate_1");
        assertThatThrownBy(() -> new Articulated(JointState.OPEN, "plate_1").holds(view))
                .hasMessageContaining("(OPEN plate_1): a plate is never that");
        assertThat(Predicate.allHold(java.util.List.of(), view)).isTrue();
    }
}
