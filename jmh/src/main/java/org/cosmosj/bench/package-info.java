/**
 * Benchmarks: one class per kernel family, at the named shapes of the real model, with the scalar, vector and CUDA
 * forms side by side and the measured peak of the machine beside every number. A benchmark checks its result against
 * the reference once before anything is timed. {@code ./cosmosj bench} runs them and prints the table, {@code --list}
 * names them; {@link BenchCommand} says how. Nothing depends on this module.
 */
package org.cosmosj.bench;
