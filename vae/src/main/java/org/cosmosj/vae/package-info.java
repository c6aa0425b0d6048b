/**
 * The Wan 2.1 video tokenizer: a causal three-dimensional convolutional autoencoder that turns pixels
 * {@code (B, 3, 1 + 4 (T - 1), 8 H, 8 W)} into latents {@code (B, C, T, H, W)} and back. Encoding and decoding stream
 * over time with a feature cache, so that a prefix costs only its own frames; training from scratch is included.
 */
package org.cosmosj.vae;
