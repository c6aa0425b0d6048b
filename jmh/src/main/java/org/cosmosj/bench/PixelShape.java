package org.cosmosj.bench;

/** Activations of the VAE: a batch of C channels of T H W pixels. */
public enum PixelShape {
    /** First level of the Wan VAE, one frame. */
    pixels_B1_C96_T1_224x224(1, 96, 224 * 224),
    /** First level of the Wan VAE, a chunk of four frames. */
    pixels_B1_C96_T4_112x112(1, 96, 4 * 112 * 112),
    /** Deepest level of the Wan VAE. */
    pixels_B1_C384_T1_28x28(1, 384, 28 * 28),
    /** Small VAE in training. */
    pixels_B32_C24_T1_32x32(32, 24, 32 * 32);

    final int batch;
    final int channels;
    final int pixels;

    PixelShape(int batch, int channels, int pixels) {
        this.batch = batch;
        this.channels = channels;
        this.pixels = pixels;
    }

    /** Bytes of one F32 tensor of this shape. */
    double bytes() {
        return 4.0 * batch * channels * pixels;
    }
}
