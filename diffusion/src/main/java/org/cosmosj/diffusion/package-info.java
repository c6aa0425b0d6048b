/**
 * Diffusion as the papers state it, apart from any network: distributions of the noise level, preconditioning, losses,
 * the Karras schedule and the samplers. The only thing known of a model is the one-method denoiser
 * {@code D(x, sigma)}; symbols keep the names of Karras et al. 2022, and each formula names its equation.
 */
package org.cosmosj.diffusion;
