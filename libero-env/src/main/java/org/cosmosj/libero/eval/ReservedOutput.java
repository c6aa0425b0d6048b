package org.cosmosj.libero.eval;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Keeps the standard output of a process for messages: the descriptor is duplicated, and the number that C libraries
 * print to becomes the error stream.
 */
final class ReservedOutput {

    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int BUFFER = 1 << 16;

    private ReservedOutput() {
    }

    /**
     * Takes the standard output; to be called once, before anything is printed.
     *
     * @return the stream that the parent process reads
     * @throws IOException if descriptors cannot be duplicated
     */
    @SuppressWarnings("restricted") // dup and dup2 of the C library
    static OutputStream take() throws IOException {
        System.setOut(new PrintStream(System.err, true));
        Linker linker = Linker.nativeLinker();
        int kept;
        try {
            MethodHandle dup = linker.downcallHandle(linker.defaultLookup().findOrThrow("dup"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            MethodHandle dup2 = linker.downcallHandle(linker.defaultLookup().findOrThrow("dup2"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            kept = (int) dup.invokeExact(STDOUT);
            if (kept < 0 || (int) dup2.invokeExact(STDERR, STDOUT) < 0) {
                throw new IOException("worker: the standard output cannot be duplicated");
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("worker: the C library's dup cannot be called: " + e, e);
        }
        return new BufferedOutputStream(new FileOutputStream("/dev/fd/" + kept), BUFFER);
    }
}
