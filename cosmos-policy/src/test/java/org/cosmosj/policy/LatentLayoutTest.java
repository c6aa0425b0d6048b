package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatentLayoutTest {
    private static LatentLayout parse(String indices) {
        return LatentLayout.of(JsonFields.parse("test", """
                {"layout": "test", "state_t": 11, "num_conditional_frames": 5, "latent_indices": {%s}}
                """.formatted(indices)));
    }

    /** Expected: spec 04 section 1. */
    @Test
    void releasedLayoutsHaveTheReferencesIndices() {
        assertThat(LatentLayout.LIBERO.size()).isEqualTo(9);
        assertThat(LatentLayout.LIBERO.conditioningFrames()).isEqualTo(4);
        assertThat(LatentLayout.LIBERO.index(FrameRole.ACTION)).isEqualTo(4);
        assertThat(LatentLayout.LIBERO.index(FrameRole.FUTURE_PRIMARY)).isEqualTo(7);
        assertThat(LatentLayout.LIBERO.index(FrameRole.VALUE)).isEqualTo(8);
        assertThat(LatentLayout.LIBERO.pixelFrames(4)).isEqualTo(33);
        assertThat(LatentLayout.ROBOCASA.index(FrameRole.CURRENT_SECONDARY)).isEqualTo(4);
        assertThat(LatentLayout.ROBOCASA.index(FrameRole.FUTURE_WRIST)).isEqualTo(7);
        assertThat(LatentLayout.ROBOCASA.pixelFrames(4)).isEqualTo(41);
        assertThat(LatentLayout.ALOHA.index(FrameRole.CURRENT_WRIST2)).isEqualTo(3);
        assertThat(LatentLayout.ALOHA.index(FrameRole.FUTURE_PRIMARY)).isEqualTo(9);
        assertThat(LatentLayout.ALOHA.conditioningFrames()).isEqualTo(5);
        assertThat(LatentLayout.ALOHA.cameras()).containsExactly(Camera.WRIST, Camera.WRIST2, Camera.PRIMARY);
    }

    @Test
    void readsBothSpellingsOfTheReference() {
        LatentLayout layout = parse("""
                "current_proprio": 1, "current_left_wrist": 2, "current_wrist_image2_latent_idx": 3,
                "current_primary": 4, "current_secondary": -1, "action": 5, "action_latent_idx": 5,
                "future_proprio": 6, "future_wrist_image_latent_idx": 7, "future_right_wrist": 8,
                "future_image_latent_idx": 9, "future_image2_latent_idx": -1, "value": 10
                """);

        assertThat(layout.roles()).isEqualTo(LatentLayout.ALOHA.roles());
        assertThat(layout.conditioningFrames()).isEqualTo(5);
    }

    @Test
    void rejectsAnotherNumberOfCamerasThanIsNamed() {
        String counted = """
                {"layout": "libero", "state_t": 9, "num_conditional_frames": 4, "num_wrist_images": %d,
                 "num_third_person_images": 1, "latent_indices": {"action": 4, "future_proprio": 5,
                 "future_wrist": 6, "future_primary": 7, "value": 8}}""";

        assertThat(LatentLayout.of(JsonFields.parse("test", counted.formatted(1)))).isEqualTo(LatentLayout.LIBERO);
        assertThatThrownBy(() -> LatentLayout.of(JsonFields.parse("test", counted.formatted(2))))
                .hasMessage("test: num_wrist_images is 2; this version has only 1");
    }

    @Test
    void rejectsContradictingIndices() {
        assertThatThrownBy(() -> parse("\"action\": 5, \"value\": 5")).hasMessageContaining("value is frame 5 of 11")
                .hasMessageContaining("which holds ACTION");
        assertThatThrownBy(() -> parse("\"action\": 5, \"value\": 11")).hasMessageContaining("value is frame 11 of 11");
        assertThatThrownBy(() -> parse("\"elbow\": 5")).hasMessageContaining("'elbow' is unknown");
    }

    @Test
    void rejectsSequencesThatCannotBeQueried() {
        List<FrameRole> noValue = List.of(FrameRole.BLANK, FrameRole.CURRENT_PROPRIO, FrameRole.ACTION);
        assertThatThrownBy(() -> new LatentLayout("short", noValue, 2)).hasMessageContaining("end with VALUE");
        assertThatThrownBy(() -> new LatentLayout("all", LatentLayout.LIBERO.roles(), 9))
                .hasMessageContaining("at least the last frame must be generated");
        assertThatThrownBy(() -> LatentLayout.LIBERO.index(FrameRole.CURRENT_WRIST2))
                .hasMessageContaining("layout libero: no frame holds CURRENT_WRIST2");
    }

    @Test
    void futureRolesKnowTheirPresent() {
        assertThat(FrameRole.FUTURE_WRIST2.current()).isEqualTo(FrameRole.CURRENT_WRIST2);
        assertThatThrownBy(FrameRole.ACTION::current).hasMessageContaining("no future role");
    }
}
