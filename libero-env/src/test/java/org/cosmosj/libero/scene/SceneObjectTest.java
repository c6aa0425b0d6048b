package org.cosmosj.libero.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneObjectTest {

    @TempDir
    private Path folder;

    private SceneObject fixture(String bodies) throws IOException {
        Path file = Files.writeString(folder.resolve("a.xml"),
                "<mujoco><worldbody><body><body name=\"object\">" + bodies + "</body></body></worldbody></mujoco>");
        return SceneObject.fixture("thing_1", ObjectCategory.find("flat_stove"), file);
    }

    /** As the reference finds regions: the last body that contains the site, parents first. */
    @Test
    void aRegionBelongsToTheInnermostPartThatCarriesIt() throws IOException {
        SceneObject thing = fixture("<body name=\"base\"><joint name=\"outer\"/><body name=\"door\">"
                + "<joint name=\"inner\"/><site name=\"region\" size=\"1 2 3\"/></body></body>");

        assertThat(thing.part("thing_1_region").orElseThrow().joints()).containsExactly("thing_1_inner");
        assertThat(thing.part("thing_1_region").orElseThrow().half()).containsExactly(1, 2, 3);
        assertThat(thing.joints()).containsExactly("thing_1_outer", "thing_1_inner");
        assertThat(thing.part("thing_1_other")).isEmpty();
    }

    /** The reference stops at the first body without sites, whatever comes after it. */
    @Test
    void regionsAfterAPartWithoutSitesAreNotFound() throws IOException {
        SceneObject thing = fixture("<body name=\"first\"><site name=\"early\" size=\"1 1 1\"/></body>"
                + "<body name=\"plain\"/><body name=\"last\"><joint name=\"hinge\"/>"
                + "<site name=\"late\" size=\"1 1 1\"/></body>");

        assertThat(thing.part("thing_1_early")).isPresent();
        assertThat(thing.part("thing_1_late").orElseThrow().joints())
                .as("found in the object itself, which comes first, but not in its part").isEmpty();
    }

    @Test
    void saysWhatAFileLacks() throws IOException {
        SceneObject thing = fixture("<site name=\"region\" size=\"wide\"/>");

        assertThatThrownBy(thing::bottom).isInstanceOf(SceneException.class)
                .hasMessageContaining("a.xml: has no <site name=\"bottom_site\">");
        assertThatThrownBy(() -> thing.part("thing_1_region")).isInstanceOf(SceneException.class)
                .hasMessageContaining("has size=\"wide\", expected numbers");
    }
}
