package org.cosmosj.policy;

import org.cosmosj.tensor.Tensor;

/**
 * An observation as the network sees it; it serves any number of queries and candidates. Its tensors belong to the
 * scope it was made in.
 *
 * @param latents what the tokenizer makes of the pictures, nothing written into it; the current pictures stand in for
 *     the future ones, (1, C, T, H, W)
 * @param proprio normalised joint state, (1, P)
 * @param text embedded instruction, (1, S, width)
 */
public record EncodedObservation(Tensor latents, Tensor proprio, Tensor text) {}
