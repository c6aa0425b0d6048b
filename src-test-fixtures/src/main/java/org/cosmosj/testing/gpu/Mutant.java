package org.cosmosj.testing.gpu;

/**
 * A deliberate bug that can be switched on in a translated kernel.
 *
 * @param number what {@link EmulatedGpu#switchOn} takes, unique within its module
 * @param rule how it was made
 * @param kernel which kernel
 * @param place source file and line
 * @param instruction what was changed
 * @param dividesWide whether the code that the changed branch jumps over divides 64-bit integers
 */
public record Mutant(int number, Rule rule, String kernel, String place, String instruction, boolean dividesWide) {
    /** How bugs are made: one rule changes every instruction of its kind, one at a time. */
    public enum Rule {
        /** A barrier is missing. */
        NO_BARRIER,
        /** A conditional branch is never taken: a bounds guard is missing, or a loop ends after one turn. */
        NO_BRANCH,
        /** A load or store hits the next element. */
        SHIFTED_INDEX
    }

    @Override
    public String toString() {
        return rule + " in " + kernel + " at " + place + ": " + instruction;
    }
}
