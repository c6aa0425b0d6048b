package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;

/** Prints what computes in this JVM, and one product. */
final class MachineStatusMain {
    private static final int PR_SET_MDWE = 65;

    private MachineStatusMain() {}

    /**
     * Runs in a JVM of its own.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws Throwable {
        if (Boolean.getBoolean("forbid") && !forbidsExecutablePages()) {
            System.out.println("no MDWE");
            return;
        }
        try {
            System.out.println(Backends.of(Device.cpu()).description().replaceAll(".*; ", ""));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
            return;
        }
        try (Scope _ = Scope.open(Device.cpu(), "product")) {
            Tensor row = Tensor.of(new float[] {2, 3}, 1, 2);
            Tensor column = Tensor.of(new float[] {5, 3}, 2, 1);
            System.out.println(row.matmul(column).item());
        }
    }

    @SuppressWarnings("restricted")
    private static boolean forbidsExecutablePages() throws Throwable {
        Linker linker = Linker.nativeLinker();
        return (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1)).invokeExact(PR_SET_MDWE, 1L, 0L, 0L, 0L) == 0;
    }
}
