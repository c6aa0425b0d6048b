package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The other tests mean what they say only under these settings of the build. */
class BuildSettingsTest {
    @Test
    void runsOnTheJdkThatTheSourcesAreFor() {
        assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(25);
    }

    @Test
    void theVectorApiIsThere() {
        assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isPresent();
    }

    @Test
    void nativeAccessIsAllowed() {
        assertThat(BuildSettingsTest.class.getModule().isNativeAccessEnabled()).isTrue();
    }

    @Test
    void assertionsAreOn() {
        assertThat(BuildSettingsTest.class.desiredAssertionStatus()).isTrue();
    }
}
