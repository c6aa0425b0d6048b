package org.cosmosj.testing.gpu;

import java.util.List;
import java.util.Set;

/**
 * A PTX module as C++.
 *
 * @param cpp source text
 * @param kernels names of its kernels
 * @param forms the opcode forms it uses
 * @param mutants the deliberate bugs built into it, all switched off
 */
public record Translation(String cpp, List<String> kernels, Set<String> forms, List<Mutant> mutants) {
    /**
     * Translates a module.
     *
     * @param ptx its text
     * @return the C++
     * @throws IllegalArgumentException if a construct or an opcode form is not understood, naming all of them
     */
    public static Translation of(String ptx) {
        return CppWriter.write(PtxParser.parse(ptx));
    }

    /**
     * Every opcode form that is understood, used or not.
     *
     * @return opcodes with their modifiers
     */
    public static Set<String> understoodForms() {
        return PtxForms.all();
    }
}
