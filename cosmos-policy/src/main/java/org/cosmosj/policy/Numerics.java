package org.cosmosj.policy;

import org.cosmosj.nn.Rounding;

/** What is rounded to bfloat16 when a policy computes. Source: spec 01 sections 7.1 and 12. */
public enum Numerics {
    /** Nothing: F32 throughout. */
    F32(Rounding.FLOAT32, Rounding.FLOAT32),
    /**
     * The constants that released weights were trained with (rotary exponents, time, latent statistics) and the inputs;
     * the arithmetic is F32.
     */
    RELEASED(Rounding.BFLOAT16, Rounding.FLOAT32),
    /**
     * Also the network's parameters and the result of every one of its ops, as the policy is deployed. The tokenizer
     * computes in F32.
     */
    BF16(Rounding.BFLOAT16, Rounding.BFLOAT16);

    private final Rounding constants;
    private final Rounding precision;

    Numerics(Rounding constants, Rounding precision) {
        this.constants = constants;
        this.precision = precision;
    }

    /**
     * Rounding of constants and inputs.
     *
     * @return the rounding
     */
    public Rounding constants() {
        return constants;
    }

    /**
     * Rounding of the network's parameters and results.
     *
     * @return the rounding
     */
    public Rounding precision() {
        return precision;
    }
}
