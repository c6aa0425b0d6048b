package org.cosmosj.tensor.internal.cpu.machine;

/** What an instruction's last operand may be: a vector register or memory. */
sealed interface Source permits Vec, Address {
    /** As GNU's Intel syntax spells it; {@code size} names the memory's size. */
    String text(String size);
}
