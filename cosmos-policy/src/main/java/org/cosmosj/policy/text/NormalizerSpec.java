package org.cosmosj.policy.text;

import org.cosmosj.tensor.CheckpointException;

/**
 * How a model's texts are normalised. Source: {@code google/sentencepiece, sentencepiece_model.proto#NormalizerSpec}.
 *
 * @param map replacements of characters, or null if there are none
 * @param addDummyPrefix whether a word at the edge of a text gets the space that words in the middle have
 * @param removeExtraWhitespaces whether runs of spaces become one and those at the edges disappear
 * @param escapeWhitespaces whether spaces become U+2581
 */
record NormalizerSpec(CharacterMap map, boolean addDummyPrefix, boolean removeExtraWhitespaces,
        boolean escapeWhitespaces) {
    private static final int MAP = 2;
    private static final int ADD_DUMMY_PREFIX = 3;
    private static final int REMOVE_EXTRA_WHITESPACES = 4;
    private static final int ESCAPE_WHITESPACES = 5;

    /** What a model without a specification does. */
    static final NormalizerSpec DEFAULT = new NormalizerSpec(null, true, true, true);

    static NormalizerSpec read(ProtobufReader spec, byte[] file) throws CheckpointException {
        CharacterMap map = DEFAULT.map;
        boolean addDummyPrefix = DEFAULT.addDummyPrefix;
        boolean removeExtraWhitespaces = DEFAULT.removeExtraWhitespaces;
        boolean escapeWhitespaces = DEFAULT.escapeWhitespaces;
        while (spec.next()) {
            switch (spec.field()) {
                case MAP -> {
                    ProtobufReader.Range range = spec.range();
                    map = range.length() == 0 ? null : CharacterMap.of(spec, file, range);
                }
                case ADD_DUMMY_PREFIX -> addDummyPrefix = spec.bool();
                case REMOVE_EXTRA_WHITESPACES -> removeExtraWhitespaces = spec.bool();
                case ESCAPE_WHITESPACES -> escapeWhitespaces = spec.bool();
                default -> spec.skip();
            }
        }
        return new NormalizerSpec(map, addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces);
    }
}
