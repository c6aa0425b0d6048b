package org.cosmosj.policy;

import java.util.function.UnaryOperator;
import org.cosmosj.tensor.Tensor;

/**
 * What all blocks know of the timesteps. Source: spec 01 sections 4, 6 and 8.
 *
 * <p>Frames of equal timesteps may share a row: then R is the number of distinct timesteps, else rows are (B, T).
 *
 * @param activated silu of the normalised sinusoid, (R, D); computed once, since every modulation starts from it
 * @param base the modulation that all blocks share and add their own to, (R, 3 D)
 * @param perFrame brings what was computed of the rows, (R, width), to the frames, (B, T, width)
 */
public record FrameConditioning(Tensor activated, Tensor base, UnaryOperator<Tensor> perFrame) {}
