package org.cosmosj.bench;

/** Sizes of what an optimiser updates at once. */
public enum ParameterCount {
    /** One matrix of the 2B block's MLP, 8192 x 2048. */
    parameters_16777216(16_777_216),
    /** The order of the tabletop's policy. */
    parameters_1500000(1_500_000);

    final int count;

    ParameterCount(int count) {
        this.count = count;
    }
}
