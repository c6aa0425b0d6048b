package org.cosmosj.bench.peer;

/** Which way through a function. */
enum Pass {
    /** Results. */
    FORWARD,
    /** Gradients from results, the forward pass not counted. */
    BACKWARD,
    /** Results and gradients of all parameters. */
    FORWARD_AND_BACKWARD,
    /** The same, every block computed twice so that little is kept. */
    FORWARD_AND_BACKWARD_RECOMPUTING,
    /** Results and gradients of all parameters and an update of all parameters. */
    TRAINING_STEP
}
