/**
 * Cosmos Policy (arXiv 2601.16163): the diffusion transformer and everything that makes it a robot policy, a world
 * model and a value function. Proprioception, actions, future states and values are written into frames of one latent
 * sequence; which frame holds what is data, a layout, and never inferred from a size. Joint training, the queries,
 * planning over candidates, the reading of released checkpoints and the policy server build on that sequence.
 */
package org.cosmosj.policy;
