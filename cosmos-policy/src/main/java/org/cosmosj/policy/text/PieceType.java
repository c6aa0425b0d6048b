package org.cosmosj.policy.text;

/** What a piece of a sentencepiece vocabulary is; the ordinal is the file's number less one. */
public enum PieceType {
    /** A string with a log probability. */
    NORMAL,
    /** Stands for what no other piece covers; there is exactly one. */
    UNKNOWN,
    /** A mark such as {@code </s>} that never matches text. */
    CONTROL,
    /** A string that always stays whole, before normalisation too. */
    USER_DEFINED,
    /** A string that is passed over. */
    UNUSED,
    /** One byte of an unknown character, {@code <0x00>} to {@code <0xFF>}. */
    BYTE
}
