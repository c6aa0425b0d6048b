/**
 * Building blocks of networks that know no particular model: linear and normalisation layers, attention, rotary and
 * timestep embeddings, causal convolution, optimisers, learning-rate schedules and weight averaging. A layer names its
 * parameters as the checkpoints of the reference do, so that the path of Java fields is the checkpoint key.
 */
package org.cosmosj.nn;
