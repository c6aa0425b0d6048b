package org.cosmosj.policy;

/**
 * What a training sample teaches; it decides which frames are given and which are generated. Source: spec 04 section 4.
 */
public enum SampleKind {
    /** A demonstration: given the present, generate action, future and value. */
    DEMO,
    /** A rollout: given the present and the action, generate future and value. */
    WORLD_MODEL,
    /** A rollout: given present, action and future, generate the value. */
    VALUE;

    /**
     * The kind that a batch's masks name.
     *
     * @param rollout 1 for rollouts, 0 for demonstrations
     * @param worldModel 1 for world-model samples
     * @param valueFunction 1 for value-function samples
     * @return the kind
     * @throws IllegalArgumentException if the masks name none or two
     */
    public static SampleKind of(long rollout, long worldModel, long valueFunction) {
        if (rollout == 0 && worldModel == 0 && valueFunction == 0) {
            return DEMO;
        }
        if (rollout != 1 || worldModel + valueFunction != 1) {
            throw new IllegalArgumentException("sample kind: masks rollout " + rollout + ", world model " + worldModel
                    + ", value function " + valueFunction + " name no kind; a rollout is exactly one of the last two");
        }
        return worldModel == 1 ? WORLD_MODEL : VALUE;
    }

    /**
     * The kind of a rollout sample. Source: spec 04 section 10.
     *
     * @param uniform a random number in [0, 1)
     * @param worldModelShare probability of a world-model sample; 0.5 in the released policies, 1 where no returns
     *     exist
     * @return the kind
     */
    public static SampleKind ofRollout(double uniform, double worldModelShare) {
        return uniform < worldModelShare ? WORLD_MODEL : VALUE;
    }
}
