package org.cosmosj.tensor.spi;

/** Whether a kernel replaces its destination or adds to it. */
public enum Accumulation {
    /** {@code out = value}. */
    ASSIGN,
    /** {@code out += value}; used for parameters' gradients. */
    ADD
}
