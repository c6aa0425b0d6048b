package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReadOutTest {
    @Test
    void cutsValuesOfPicturesOffTowardsZero() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            // One row of two pixels, channel by channel: red, green, blue.
            Tensor frame = Tensor.of(new float[] {-1.5f, -1f, 0f, 0.999f, 1f, 7f}, 3, 1, 2);

            RgbImage image = ReadOut.image(frame);

            assertThat(image.height()).isEqualTo(1);
            assertThat(image.width()).isEqualTo(2);
            assertThat(image.rgb()).containsExactly(0, 127, 255, 0, 254, 255);
        }
    }
}
