package org.cosmosj.policy.text;

import org.cosmosj.tensor.CheckpointException;

/**
 * What a model's training fixed for its use. Source: {@code google/sentencepiece,
 * sentencepiece_model.proto#TrainerSpec}.
 *
 * @param modelType 1 for unigram
 * @param whitespaceAsSuffix whether the space of a word stands behind it
 * @param byteFallback whether unknown characters become bytes
 */
record TrainerSpec(int modelType, boolean whitespaceAsSuffix, boolean byteFallback) {
    private static final int UNIGRAM = 1;
    private static final int MODEL_TYPE = 3;
    private static final int TREAT_WHITESPACE_AS_SUFFIX = 24;
    private static final int BYTE_FALLBACK = 35;

    /** What a model without a specification does. */
    static final TrainerSpec DEFAULT = new TrainerSpec(UNIGRAM, false, false);

    static TrainerSpec read(ProtobufReader spec) throws CheckpointException {
        int modelType = DEFAULT.modelType;
        boolean whitespaceAsSuffix = DEFAULT.whitespaceAsSuffix;
        boolean byteFallback = DEFAULT.byteFallback;
        while (spec.next()) {
            switch (spec.field()) {
                case MODEL_TYPE -> modelType = spec.int32();
                case TREAT_WHITESPACE_AS_SUFFIX -> whitespaceAsSuffix = spec.bool();
                case BYTE_FALLBACK -> byteFallback = spec.bool();
                default -> spec.skip();
            }
        }
        return new TrainerSpec(modelType, whitespaceAsSuffix, byteFallback);
    }

    boolean isUnigram() {
        return modelType == UNIGRAM;
    }
}
