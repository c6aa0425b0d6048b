package org.cosmosj.policy;

import org.cosmosj.tensor.Tensor;

/**
 * An observation as the network sees it; it serves any number of queries and candidates. Its tensors belong to the
 * scope it was made in.
 *
 * <p>Several observations may stand in one, a row each; then every query has as many rows. Proprioception and text of a
 * single row serve all.
 *
 * @param latents what the tokenizer makes of the pictures, nothing written into it; the current pictures stand in for
 *     the future ones, (1 or n, C, T, H, W)
 * @param proprio normalised joint state, (1 or n, P); null to leave the present's joint state as the latents have it
 * @param text embedded instruction, (1 or n, S, width)
 */
public record EncodedObservation(Tensor latents, Tensor proprio, Tensor text) {}
