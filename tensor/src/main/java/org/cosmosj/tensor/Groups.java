package org.cosmosj.tensor;

/** Matches per-frame modulation (.., D) to activations (.., P.., D) that share its leading axes. */
final class Groups {
    private Groups() {}

    /** The number of groups: the product of the leading axes. */
    static long count(String op, String role, Tensor x, Tensor perGroup) {
        int lead = perGroup.shape().rank() - 1;
        boolean fits = lead >= 0 && lead < x.shape().rank() && perGroup.size(-1) == x.size(-1)
                && perGroup.shape().slice(0, lead).equals(x.shape().slice(0, lead));
        Checks.require(fits, op, role + " " + perGroup.shape() + " does not match the leading axes and last axis of "
                + x.shape() + "; expected (leading axes, " + x.size(-1) + ")");
        return perGroup.shape().slice(0, lead).numel();
    }
}
