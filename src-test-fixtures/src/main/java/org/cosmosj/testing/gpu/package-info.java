/**
 * An emulated GPU for tests: a driver library of the name and interface of NVIDIA's own, which runs shipped PTX on the
 * host's processor. PTX is translated to C++, one function for each kernel, compiled by g++ and kept under
 * {@code target/}; unknown instructions are errors. Memory is checked at every access, and the orders that a real GPU
 * leaves open (threads, blocks, streams) are chosen by the test.
 *
 * <p>What it cannot show: time, occupancy, cache behaviour, and the last bits of instructions whose result NVIDIA
 * leaves open. Blocks run one after another, so a kernel in which blocks wait for each other ends in a report, not in
 * a result.
 */
package org.cosmosj.testing.gpu;
