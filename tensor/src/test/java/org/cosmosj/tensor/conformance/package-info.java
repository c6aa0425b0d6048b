/**
 * What every backend must do: {@link org.cosmosj.tensor.conformance.BackendConformance} runs all ops, forward and
 * backward, on a device and compares them with the scalar kernels in F64, which finite differences check in turn. It
 * sees a device only through the public tensor API, so that one whose memory the host cannot touch can join.
 */
package org.cosmosj.tensor.conformance;
