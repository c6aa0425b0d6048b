package org.cosmosj.nn;

/**
 * How a head's width is shared by time, height and width, and how far positions are stretched. Source: spec 01
 * section 7.
 *
 * @param headWidth d, even and at least 12
 * @param ratioT extrapolation of time, 1 for none
 * @param ratioH extrapolation of height
 * @param ratioW extrapolation of width
 * @param exponents rounding of the exponents 2i/dim; released weights were trained with bfloat16
 */
public record RotaryConfig(int headWidth, double ratioT, double ratioH, double ratioW, Rounding exponents) {
    /** Checks sizes. */
    public RotaryConfig {
        if (headWidth < 12 || headWidth % 2 != 0) {
            throw new IllegalArgumentException("rotary embedding: head width " + headWidth
                    + " must be even and at least 12, so that each axis has two frequencies");
        }
        if (!(ratioT > 0 && ratioH > 0 && ratioW > 0)) {
            throw new IllegalArgumentException("rotary embedding: extrapolation ratios " + ratioT + ", " + ratioH + ", "
                    + ratioW + " must be above 0; 1 changes nothing");
        }
    }

    /** Channels of one head that turn with the row; as many turn with the column. */
    int spatialWidth() {
        return headWidth / 6 * 2;
    }

    /** Channels of one head that turn with the frame. */
    int temporalWidth() {
        return headWidth - 2 * spatialWidth();
    }
}
