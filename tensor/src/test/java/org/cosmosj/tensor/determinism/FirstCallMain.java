package org.cosmosj.tensor.determinism;

import java.util.Map;
import java.util.function.LongSupplier;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.determinism.KernelCalls.Size;

/**
 * Calls each kernel many times, from interpreted to fully compiled code, and prints one line per call: its name, the
 * fingerprint of the first call, that of the last, and the first call that differed or -1, parted by tabulators.
 */
final class FirstCallMain {
    static final int CALLS = 20_000;

    private FirstCallMain() {}

    /**
     * Runs in a JVM of its own.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (Scope _ = Scope.open(Device.cpu(), "operands")) {
            KernelCalls calls = new KernelCalls(Device.cpu(), Size.SMALL);
            for (String name : calls.names()) {
                System.out.println(name + "\t" + watch(() -> calls.bits(name), CALLS));
            }
        }
    }

    /** Fingerprints of single calls in this JVM, whatever it has compiled so far. */
    static Map<String, Long> once() {
        try (Scope _ = Scope.open(Device.cpu(), "operands")) {
            return new KernelCalls(Device.cpu(), Size.SMALL).allBits();
        }
    }

    static String watch(LongSupplier bits, int calls) {
        long first = bits.getAsLong();
        long last = first;
        int differed = -1;
        for (int i = 1; i < calls; i++) {
            last = bits.getAsLong();
            if (last != first && differed < 0) {
                differed = i;
            }
        }
        return first + "\t" + last + "\t" + differed;
    }
}
