/**
 * Evaluation on LIBERO by the protocol of Cosmos Policy: episodes in processes of their own, one batched policy, one
 * record per episode that survives crashes of either, and tables with intervals.
 */
package org.cosmosj.libero.eval;
