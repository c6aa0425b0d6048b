package org.cosmosj.libero.bddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cosmosj.libero.bddl.Predicate.In;
import org.cosmosj.libero.bddl.Predicate.On;
import org.cosmosj.libero.geometry.Pose;
import org.junit.jupiter.api.Test;

class PredicateTest {

    private static final Pose ORIGIN = Pose.upright(0, 0, 0, 0);

    /** A scene written down by hand. */
    private record Scene(Map<String, double[]> positions, Map<String, Site> sites, boolean contact)
            implements
                SceneView {
        @Override
        public double[] position(String object) {
            return positions.get(object);
        }

        @Override
        public boolean touches(String a, String b) {
            return contact;
        }

        @Override
        public Optional<Site> site(String key) {
            return Optional.ofNullable(sites.get(key));
        }
    }

    private static Scene bowlAt(double x, double z, boolean contact) {
        return new Scene(Map.of("bowl", new double[] {x, 0, z}, "plate", new double[] {0, 0, 0.01}), Map.of(), contact);
    }

    @Test
    void onAnObjectNeedsContactHeightAndNearness() {
        On on = new On("bowl", "plate");

        assertThat(on.holds(bowlAt(0.029, 0.01, true))).isTrue();
        assertThat(on.holds(bowlAt(0.031, 0.01, true))).isFalse();
        assertThat(on.holds(bowlAt(0, 0.009, true))).isFalse();
        assertThat(on.holds(bowlAt(0, 0.01, false))).isFalse();
    }

    @Test
    void inARegionHasOneCentimetreOfSlackBelowOnly() {
        Site site = new Site(ORIGIN, new double[] {0.05, 0.05, 0.02}, Optional.of("basket"));

        assertThat(site.contains(new double[] {0, 0, -0.029})).isTrue();
        assertThat(site.contains(new double[] {0, 0, -0.031})).isFalse();
        assertThat(site.contains(new double[] {0, 0, 0.0201})).isFalse();
        assertThat(site.contains(new double[] {0.051, 0, 0})).isFalse();
    }

    @Test
    void onARegionReachesTenCentimetresUp() {
        Site site = new Site(ORIGIN, new double[] {0.05, 0.04, 0.01}, Optional.empty());

        assertThat(site.isUnder(new double[] {0.049, 0.039, 0.109})).isTrue();
        assertThat(site.isUnder(new double[] {0, 0, 0.111})).isFalse();
        assertThat(site.isUnder(new double[] {0, 0, 0.004})).isFalse();
        assertThat(site.isUnder(new double[] {0, 0.041, 0.02})).isFalse();
    }

    @Test
    void onARegionOfAnObjectNeedsContactWithIt() {
        Site site = new Site(ORIGIN, new double[] {0.05, 0.05, 0.01}, Optional.of("stove"));
        On on = new On("pot", "stove_region");
        Map<String, double[]> pot = Map.of("pot", new double[] {0, 0, 0.02});

        assertThat(on.holds(new Scene(pot, Map.of("stove_region", site), true))).isTrue();
        assertThat(on.holds(new Scene(pot, Map.of("stove_region", site), false))).isFalse();
    }

    @Test
    void aConjunctionNeedsAll() {
        On on = new On("bowl", "plate");
        assertThat(Predicate.allHold(List.of(on, new On("bowl", "plate")), bowlAt(0, 0.02, true))).isTrue();
        assertThat(Predicate.allHold(List.of(on, new On("plate", "bowl")), bowlAt(0, 0.02, true))).isFalse();
    }

    @Test
    void namesAnUnknownRegionAndAMissingJoint() {
        assertThatThrownBy(() -> new In("bowl", "nowhere").holds(bowlAt(0, 0, true)))
                .hasMessage("(In bowl nowhere): the scene has no region of that name");
        assertThatThrownBy(() -> new Predicate.Articulated(Predicate.JointState.OPEN, "drawer")
                .holds(bowlAt(0, 0, true))).hasMessage("(OPEN drawer): this scene has no articulated objects");
    }
}
