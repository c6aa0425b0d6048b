/**
 * Checkpoints of the reference: which tensors its files hold, loading them into the network and the tokenizer, and the
 * commands {@code inspect}, {@code convert} and {@code make-checkpoint}.
 *
 * <p>{@link org.cosmosj.policy.checkpoint.CosmosCheckpoint} reads any format of
 * {@link org.cosmosj.tensor.Checkpoint#open}. It leaves out what the reference leaves out (spec 01 sections 14 and 15)
 * and refuses everything else that does not fit, where the reference would go on with random weights.
 */
package org.cosmosj.policy.checkpoint;
