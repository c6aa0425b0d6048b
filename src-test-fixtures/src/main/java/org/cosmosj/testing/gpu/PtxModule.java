package org.cosmosj.testing.gpu;

import java.util.List;
import java.util.Map;

/**
 * The parts of a PTX text.
 *
 * @param files source files by the number that the line table uses
 * @param entries its kernels
 */
record PtxModule(Map<Integer, String> files, List<Entry> entries) {
    /**
     * One kernel.
     *
     * @param name as launched
     * @param parameters in order
     * @param shared arrays in shared memory
     * @param body declarations and instructions in order
     */
    record Entry(String name, List<Parameter> parameters, List<SharedArray> shared, List<Statement> body) {}

    /**
     * One parameter of a kernel.
     *
     * @param name symbol
     * @param bytes its size
     */
    record Parameter(String name, int bytes) {}

    /**
     * An array in shared memory.
     *
     * @param name symbol
     * @param alignment in bytes
     * @param bytes its size
     */
    record SharedArray(String name, int alignment, int bytes) {}

    /** What a body consists of. */
    sealed interface Statement {}

    /**
     * Declares registers.
     *
     * @param type PTX type without the dot
     * @param name with the percent sign
     * @param count registers name0 .. name(count-1), or 0 for one register of that name
     */
    record Registers(String type, String name, int count) implements Statement {}

    /**
     * A jump target.
     *
     * @param name symbol
     */
    record Label(String name) implements Statement {}

    /** A brace. */
    enum Scope implements Statement {
        /** Opens a scope of register names. */
        OPEN,
        /** Closes it. */
        CLOSE
    }

    /**
     * One instruction.
     *
     * @param guard predicate register that must hold, with a leading {@code !} if it must not; empty for none
     * @param opcode with all modifiers
     * @param operands as written
     * @param file number in the line table, 0 if unknown
     * @param line in that file
     */
    record Instruction(String guard, String opcode, List<String> operands, int file, int line) implements Statement {
        @Override
        public String toString() {
            return opcode + " " + String.join(", ", operands);
        }
    }
}
