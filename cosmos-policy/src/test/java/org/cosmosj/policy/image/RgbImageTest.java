package org.cosmosj.policy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RgbImageTest {
    /** 3 x 2 pixels whose red is 10 row + column. */
    private static RgbImage numbered() {
        byte[] rgb = new byte[18];
        for (int i = 0; i < 6; i++) {
            rgb[3 * i] = (byte) (10 * (i / 2) + i % 2);
        }
        return new RgbImage(3, 2, rgb);
    }

    @Test
    void crops() {
        RgbImage part = numbered().crop(1, 1, 2, 1);

        assertThat(part.height()).isEqualTo(2);
        assertThat(part.width()).isEqualTo(1);
        assertThat(part.at(0, 0, 0)).isEqualTo(11);
        assertThat(part.at(1, 0, 0)).isEqualTo(21);
        assertThatThrownBy(() -> numbered().crop(2, 0, 2, 1))
                .hasMessage("crop: 2 x 1 pixels from row 2 and column 0 do not lie in a picture of 3 x 2");
        assertThatThrownBy(() -> numbered().crop(1, 0, Integer.MAX_VALUE, 1)).hasMessageContaining("do not lie in");
    }

    /** The reference turns each picture; its option for the stack of cameras would swap the cameras. */
    @Test
    void flipsRowsAndNothingElse() {
        RgbImage flipped = numbered().flippedVertically();

        assertThat(flipped.at(0, 0, 0)).isEqualTo(20);
        assertThat(flipped.at(0, 1, 0)).isEqualTo(21);
        assertThat(flipped.at(2, 1, 0)).isEqualTo(1);
        assertThat(flipped.flippedVertically().rgb()).isEqualTo(numbered().rgb());
    }

    @Test
    void goesThroughTensors() {
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            Tensor tensor = numbered().toTensor();

            assertThat(RgbImage.of(tensor.select(0, 0)).rgb()).isEqualTo(numbered().rgb());
            assertThat(RgbImage.of(tensor.select(0, 0).to(DType.F32)).rgb()).isEqualTo(numbered().rgb());
            assertThatThrownBy(() -> RgbImage.of(tensor)).isInstanceOf(ShapeException.class)
                    .hasMessageContaining("expected (height, width, 3)");
        }
    }

    @Test
    void countsItsValues() {
        assertThatThrownBy(() -> new RgbImage(2, 2, new byte[3])).hasMessageContaining("3 values for 2 x 2 pixels");
        assertThatThrownBy(() -> new RgbImage(1 << 16, 1 << 16, new byte[0])).hasMessageContaining("65536 x 65536");
    }
}
