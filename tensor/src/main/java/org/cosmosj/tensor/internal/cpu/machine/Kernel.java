package org.cosmosj.tensor.internal.cpu.machine;

/** A function of six longs, position-independent, that follows the System V calling convention. */
sealed interface Kernel permits TileKernel, SlimKernel, LinesAlongDepth, LinesAcrossPanels {
    /** Writes its instructions. */
    void assemble(Assembler a);
}
