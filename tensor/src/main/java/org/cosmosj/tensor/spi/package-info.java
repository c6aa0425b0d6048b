/**
 * What a device must provide: {@link org.cosmosj.tensor.spi.BackendProvider} finds devices,
 * {@link org.cosmosj.tensor.spi.Backend} allocates {@link org.cosmosj.tensor.spi.Buffer}s and offers kernel families.
 * Kernels write into destinations they are given ({@link org.cosmosj.tensor.spi.Operand}: buffer, dtype and
 * {@link org.cosmosj.tensor.spi.Layout}), trust their operands and never allocate tensors; each states its formula.
 */
package org.cosmosj.tensor.spi;
