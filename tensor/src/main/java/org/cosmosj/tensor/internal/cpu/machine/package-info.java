/**
 * Matrix products whose inner loops Java assembles itself, for what the Vector API lacks: the BF16 dot product of
 * AVX-512, prefetching, and packing by register transposes. Linux on x86-64 with AVX-512; everywhere else, and where
 * anything is missing, the other kernels go on and {@link org.cosmosj.tensor.internal.cpu.machine.MachineSupport} keeps
 * one line that says why.
 *
 * <p>How it is kept safe:
 * <ul>
 * <li>Pages are first writable, then executable, never both; code is never changed or freed. Nothing runs before
 * cpuid and xgetbv have said that the instructions exist, and nothing is used before it has computed known sums.</li>
 * <li>Kernels use registers that the System V convention lets them change, or save the others, and end with
 * vzeroupper.</li>
 * <li>Machine code knows no bounds: every operand is checked against its buffer once per call, loads at edges are
 * masked, and tests place operands against forbidden pages.</li>
 * <li>A file that is unmapped by another thread while a product reads it would crash the process, where Java would
 * throw. Scopes keep mapped files open as long as their tensors live.</li>
 * </ul>
 *
 * <p>How it is kept equal: F32 sums are one fma chain in the order of K per block of K, BF16 sums add the odd and then
 * the even product of each pair, with denormal numbers taken for 0; the scalar and the vector kernels compute the same
 * bits in Java. {@code -Dcosmosj.cpu.kernels=vector} or {@code scalar} switches machine code off, {@code machine}
 * insists on it.
 */
package org.cosmosj.tensor.internal.cpu.machine;
