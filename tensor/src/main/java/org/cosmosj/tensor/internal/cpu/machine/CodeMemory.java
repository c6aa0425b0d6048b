package org.cosmosj.tensor.internal.cpu.machine;

import java.lang.foreign.MemorySegment;

/** Where machine code lives. */
interface CodeMemory {
    /**
     * Makes code executable. It is never changed or freed afterwards.
     *
     * @param code position-independent instructions
     * @return the address of the first one
     * @throws UnsupportedOperationException if the system does not give executable memory; the message says why
     */
    MemorySegment install(byte[] code);
}
