package org.cosmosj.tensor;

/**
 * Kernel size, strides and zero padding of a 3-D convolution over (T, H, W).
 *
 * @param kernelT kernel size in time
 * @param kernelH kernel height
 * @param kernelW kernel width
 * @param strideT step in time
 * @param strideH vertical step
 * @param strideW horizontal step
 * @param front zero frames before the first
 * @param back zero frames after the last
 * @param top zero rows above
 * @param bottom zero rows below
 * @param left zero columns before
 * @param right zero columns after
 */
public record ConvGeometry(int kernelT, int kernelH, int kernelW, int strideT, int strideH, int strideW, int front,
        int back, int top, int bottom, int left, int right) {
    /** Checks ranges. */
    public ConvGeometry {
        if (Math.min(Math.min(kernelT, kernelH), kernelW) < 1 || Math.min(Math.min(strideT, strideH), strideW) < 1
                || Math.min(Math.min(Math.min(front, back), Math.min(top, bottom)), Math.min(left, right)) < 0) {
            throw new IllegalArgumentException("conv3d: kernel (" + kernelT + ", " + kernelH + ", " + kernelW
                    + ") and strides (" + strideT + ", " + strideH + ", " + strideW
                    + ") must be at least 1 and paddings at least 0");
        }
    }

    /**
     * Stride 1, spatially centred, causal in time: {@code kernelT - 1} zero frames in front, none behind.
     *
     * @param kernelT kernel size in time
     * @param kernelH kernel height, odd
     * @param kernelW kernel width, odd
     * @return the geometry
     */
    public static ConvGeometry causal(int kernelT, int kernelH, int kernelW) {
        int h = kernelH / 2;
        int w = kernelW / 2;
        return new ConvGeometry(kernelT, kernelH, kernelW, 1, 1, 1, kernelT - 1, 0, h, h, w, w);
    }

    /**
     * The same geometry with another number of zero frames in front.
     *
     * @param frames zero frames before the first
     * @return the geometry
     */
    public ConvGeometry withFront(int frames) {
        return new ConvGeometry(kernelT, kernelH, kernelW, strideT, strideH, strideW, frames, back, top, bottom, left,
                right);
    }

    /**
     * Size of the result.
     *
     * @param input (N, C, T, H, W)
     * @param channels channels of the result
     * @return (N, channels, T', H', W')
     * @throws ShapeException if the kernel is larger than the padded input
     */
    public Shape outputShape(Shape input, long channels) {
        long t = out(input.size(2) + front + back, kernelT, strideT);
        long h = out(input.size(3) + top + bottom, kernelH, strideH);
        long w = out(input.size(4) + left + right, kernelW, strideW);
        if (t < 1 || h < 1 || w < 1) {
            throw new ShapeException("conv3d: kernel (" + kernelT + ", " + kernelH + ", " + kernelW
                    + ") does not fit into input " + input + " with padding " + this
                    + "; pad more or use a smaller kernel");
        }
        return Shape.of(input.size(0), channels, t, h, w);
    }

    private static long out(long size, int kernel, int stride) {
        return size < kernel ? 0 : (size - kernel) / stride + 1;
    }
}
