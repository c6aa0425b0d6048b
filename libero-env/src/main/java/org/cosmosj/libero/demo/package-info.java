/**
 * Training a small Cosmos policy from nothing on the embedded tabletop and judging it: the stages of {@code cosmosj
 * demo}, each usable by itself. Demonstrations ({@link org.cosmosj.libero.data}) become latents
 * ({@link org.cosmosj.libero.demo.PictureCodec}), latents become batches
 * ({@link org.cosmosj.libero.demo.TrainingSet}), a trained network answers observations
 * ({@link org.cosmosj.libero.demo.LatentPolicy}), and {@link org.cosmosj.libero.demo.BatchedRollouts} lets it act.
 *
 * <p>Unlike the released policies, pictures are encoded one by one rather than as one pixel sequence: each is the first
 * frame of a video of its own. That makes a picture's latent depend on that picture alone, so latents are computed once
 * per picture.
 */
package org.cosmosj.libero.demo;
