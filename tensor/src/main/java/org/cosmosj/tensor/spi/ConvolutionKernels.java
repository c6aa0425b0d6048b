package org.cosmosj.tensor.spi;

import org.cosmosj.tensor.ConvGeometry;

/**
 * 3-D convolution (cross-correlation) with zero padding, and nearest resampling. A 2-D convolution is one with kT = 1.
 */
public interface ConvolutionKernels {
    /**
     * {@code out[n,o,t,y,x] = bias[o] + sum_{c,i,j,k} w[o,c,i,j,k] in[n,c, t sT + i - front, y sH + j - top, x sW + k
     * - left]}
     * where positions outside the input count as 0.
     *
     * @param x (N, C, T, H, W)
     * @param weight (O, C, kT, kH, kW)
     * @param bias (O), or null
     * @param geometry kernel, strides and padding
     * @param out (N, O, T', H', W')
     */
    void conv3d(Operand x, Operand weight, Operand bias, ConvGeometry geometry, Operand out);

    /**
     * Gradient of the input.
     *
     * @param dOut (N, O, T', H', W')
     * @param weight (O, C, kT, kH, kW)
     * @param geometry as forward
     * @param dX (N, C, T, H, W)
     */
    void conv3dBackwardInput(Operand dOut, Operand weight, ConvGeometry geometry, Operand dX);

    /**
     * Gradient of weight and bias.
     *
     * @param dOut (N, O, T', H', W')
     * @param x (N, C, T, H, W)
     * @param geometry as forward
     * @param dWeight (O, C, kT, kH, kW)
     * @param dBias (O), or null
     * @param accumulation assign or add
     */
    void conv3dBackwardWeight(Operand dOut, Operand x, ConvGeometry geometry, Operand dWeight, Operand dBias,
            Accumulation accumulation);

    /**
     * Pixel replication {@code out[n, 2y+i, 2x+j] = in[n, y, x]}. Source: spec 02 section 2.5.
     *
     * @param x (N, H, W)
     * @param out (N, 2H, 2W)
     */
    void upsampleNearest2x(Operand x, Operand out);

    /**
     * Sum of each 2x2 square.
     *
     * @param dOut (N, 2H, 2W)
     * @param dX (N, H, W)
     */
    void upsampleNearest2xBackward(Operand dOut, Operand dX);
}
