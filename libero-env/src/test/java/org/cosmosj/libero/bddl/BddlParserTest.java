package org.cosmosj.libero.bddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.cosmosj.libero.bddl.Predicate.Articulated;
import org.cosmosj.libero.bddl.Predicate.In;
import org.cosmosj.libero.bddl.Predicate.JointState;
import org.cosmosj.libero.bddl.Predicate.On;
import org.junit.jupiter.api.Test;

class BddlParserTest {

    /** Every construct that LIBERO's 130 files use. */
    private static final String KITCHEN = """
        (define (problem LIBERO_Kitchen_Tabletop_Manipulation)   ; a comment (with parentheses
          (:domain robosuite)
          (:language put the Bowl in the drawer and close it)
          (:regions
            (bowl_region
              (:target kitchen_table)
              (:ranges ((-0.05 0.1 0.05 0.2) (0.0 0.0 0.1 0.1)))
              (:yaw_rotation ((0.0 3.14))))
            (plate_right_region (:target kitchen_table) (:ranges ((0.1 0.1 0.2 0.2))) (:rgba (0 0 1 0.5)))
            (bottom_region (:target white_cabinet_1))
            (bottom_region (:target wooden_cabinet_1)))
          (:fixtures
            kitchen_table - kitchen_table
            white_cabinet_1 - white_cabinet)
          (:objects
            bowl_1 bowl_2 - akita_black_bowl
            plate_1 - plate)
          (:obj_of_interest bowl_1)
          (:init (On bowl_1 kitchen_table_bowl_region) (Open white_cabinet_1_bottom_region))
          (:goal (And (Close white_cabinet_1_bottom_region) (In bowl_1 white_cabinet_1_bottom_region)
            (Turnon flat_stove_1))))
        """;

    @Test
    void readsEverySection() {
        BddlProblem problem = BddlParser.parse(KITCHEN, "kitchen.bddl");

        assertThat(problem.name()).isEqualTo("libero_kitchen_tabletop_manipulation");
        assertThat(problem.language()).isEqualTo("put the bowl in the drawer and close it");
        assertThat(problem.regions()).containsOnlyKeys("kitchen_table_bowl_region",
                "kitchen_table_plate_right_region", "white_cabinet_1_bottom_region", "wooden_cabinet_1_bottom_region");
        BddlProblem.Region region = problem.regions().get("kitchen_table_bowl_region");
        assertThat(region.ranges()).hasSize(2);
        assertThat(region.ranges().getFirst()).containsExactly(-0.05, 0.1, 0.05, 0.2);
        assertThat(region.yaw()).containsExactly(0, 3.14);
        assertThat(problem.regions().get("kitchen_table_plate_right_region").rgba()).containsExactly(0, 0, 1, 0.5);
        assertThat(problem.objects()).extracting(BddlProblem.Item::name).containsExactly("bowl_1", "bowl_2", "plate_1");
        assertThat(problem.categoryOf("bowl_2")).isEqualTo("akita_black_bowl");
        assertThat(problem.objectsOfInterest()).containsExactly("bowl_1");
        assertThat(problem.init()).containsExactly(new On("bowl_1", "kitchen_table_bowl_region"),
                new Articulated(JointState.OPEN, "white_cabinet_1_bottom_region"));
        assertThat(problem.goal()).containsExactly(
                new Articulated(JointState.CLOSE, "white_cabinet_1_bottom_region"),
                new In("bowl_1", "white_cabinet_1_bottom_region"), new Articulated(JointState.TURNON, "flat_stove_1"));
    }

    @Test
    void takesTheInstructionFromTheFileName() {
        assertThat(BddlProblem.instruction("libero_10/KITCHEN_SCENE10_close_the_drawer.bddl"))
                .isEqualTo("close the drawer");
        assertThat(BddlProblem.instruction("put_the_bowl_on_the_plate")).isEqualTo("put the bowl on the plate");
    }

    @Test
    void saysWhereAParenthesisIsMissing() {
        assertThatThrownBy(() -> BddlParser.parse("(define (problem x)\n(:goal (And (On a b))", "cut.bddl"))
                .isInstanceOf(BddlException.class)
                .hasMessage("cut.bddl: line 2: the file ends inside an expression; a closing parenthesis is missing");
        assertThatThrownBy(() -> BddlParser.parse("(define (:goal (On a b))) )", "extra.bddl"))
                .hasMessage("extra.bddl: line 1: text after the closing parenthesis of (define");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> BddlParser.parse("(define\n(:goal (Above a b)))", "a.bddl")).hasMessage(
                "a.bddl: line 2: unknown predicate \"above\", expected On, In, Open, Close, TurnOn, TurnOff or And");
        assertThatThrownBy(() -> BddlParser.parse("(define (:goal (On a)))", "a.bddl"))
                .hasMessage("a.bddl: line 1: on takes 2 names, got [a]");
        assertThatThrownBy(() -> BddlParser.parse("(define (:colour red))", "a.bddl"))
                .hasMessageContaining("unknown section \":colour\"");
        assertThatThrownBy(() -> BddlParser.parse("(define (:objects a b))", "a.bddl"))
                .hasMessageContaining(":objects ends with names without a type: [a, b]");
        assertThatThrownBy(() -> BddlParser.parse("(define (problem x))", "a.bddl"))
                .hasMessage("a.bddl: has no (:goal ...), so success would be undefined");
        assertThatThrownBy(() -> BddlParser.parse(
                "(define (:regions (r (:target t) (:ranges ((0 0 wide 1))))))", "a.bddl"))
                .hasMessage("a.bddl: line 1: expected a number, got \"wide\"");
    }

    @Test
    void namesTheLineOfARegionWithoutNumbers() {
        assertThatThrownBy(() -> BddlParser.parse("(define (:regions\n(r (:target t) (:ranges))))", "a.bddl"))
                .hasMessage("a.bddl: line 2: expected one list in parentheses, got 0");
        assertThatThrownBy(() -> BddlParser.parse("(define (:regions\n(r (:target t) (:yaw_rotation ()))))", "a.bddl"))
                .hasMessage("a.bddl: line 2: expected one list in parentheses, got 0");
        assertThatThrownBy(() -> BddlParser.parse("(".repeat(100_000), "a.bddl")).hasMessage(
                "a.bddl: line 1: more than 100 lists inside each other, expected a BDDL file");
    }

    /** Whatever is cut out of a file, the result is a problem or one error that names the file. */
    @Test
    void everyCutIsReadOrRefusedClearly() {
        for (int from = 0; from < KITCHEN.length(); from += 3) {
            for (int length = 1; length < 40; length += 4) {
                String cut = KITCHEN.substring(0, from)
                        + KITCHEN.substring(Math.min(KITCHEN.length(), from + length));
                try {
                    assertThat(BddlParser.parse(cut, "cut.bddl").goal()).isNotEmpty();
                } catch (BddlException e) {
                    assertThat(e).hasMessageStartingWith("cut.bddl: ");
                }
            }
        }
    }

    @Test
    void namesAFileThatIsMissing() {
        assertThatThrownBy(() -> BddlParser.parse(Path.of("no", "such.bddl"))).isInstanceOf(BddlException.class)
                .hasMessageContaining("such.bddl").hasMessageContaining("expected a BDDL file");
    }
}
