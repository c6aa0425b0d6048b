package org.cosmosj.tensor.internal.cpu.machine;

import java.util.Locale;

/** General registers of x86-64, in the order of their numbers. */
enum Gpr {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15;

    int number() {
        return ordinal();
    }

    /** The name of all 64 bits. */
    String wide() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of the lower 32 bits. */
    String narrow() {
        return number() < 8 ? "e" + wide().substring(1) : wide() + "d";
    }
}
