package org.cosmosj.testing.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** The driver API as the tests of the emulator call it: without a binding, by C names. */
final class EmulatedDriver implements AutoCloseable {
    private final EmulatedGpu gpu = EmulatedGpu.start();
    private final Arena arena = Arena.ofConfined();

    EmulatedDriver() {
        gpu.takeReport();
        succeed("cuInit", 0);
        MemorySegment context = arena.allocate(ADDRESS);
        succeed("cuDevicePrimaryCtxRetain", context, 0);
        succeed("cuCtxSetCurrent", context.get(ADDRESS, 0));
    }

    /** A pointer to the value of a parameter, alive as long as this. */
    MemorySegment value(long value) {
        return arena.allocateFrom(JAVA_LONG, value);
    }

    Arena arena() {
        return arena;
    }

    /** The result code of a call; arguments are Integer, Long or MemorySegment. */
    int call(String name, Object... arguments) {
        MemoryLayout[] layouts = Arrays.stream(arguments).map(a -> a instanceof Integer ? JAVA_INT
                : a instanceof Long ? JAVA_LONG : ADDRESS).toArray(MemoryLayout[]::new);
        MethodHandle function = gpu.function(name, FunctionDescriptor.of(JAVA_INT, layouts));
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void succeed(String name, Object... arguments) {
        int result = call(name, arguments);
        if (result != 0) {
            throw new AssertionError(name + " returned " + result + ": " + gpu.takeReport());
        }
    }

    /** The object that a call writes into its first argument. */
    MemorySegment create(String name, Object... more) {
        MemorySegment out = arena.allocate(ADDRESS);
        Object[] arguments = new Object[more.length + 1];
        arguments[0] = out;
        System.arraycopy(more, 0, arguments, 1, more.length);
        succeed(name, arguments);
        return out.get(ADDRESS, 0);
    }

    long allocate(long bytes) {
        MemorySegment out = arena.allocate(JAVA_LONG);
        succeed("cuMemAlloc_v2", out, bytes);
        return out.get(JAVA_LONG, 0);
    }

    long upload(MemorySegment host) {
        long address = allocate(host.byteSize());
        succeed("cuMemcpyHtoD_v2", address, host, host.byteSize());
        return address;
    }

    MemorySegment download(long address, long bytes) {
        MemorySegment host = arena.allocate(bytes, 8);
        succeed("cuCtxSynchronize");
        succeed("cuMemcpyDtoH_v2", host, address, bytes);
        return host;
    }

    MemorySegment module(String ptx) {
        return create("cuModuleLoadData", arena.allocateFrom(ptx));
    }

    MemorySegment kernel(MemorySegment module, String name) {
        return create("cuModuleGetFunction", module, arena.allocateFrom(name));
    }

    /** The result of a launch; parameters are pointers to their values. */
    int launch(MemorySegment kernel, MemorySegment stream, int blocks, int threadsX, int threadsY,
            MemorySegment... parameters) {
        MemorySegment list = arena.allocate(ADDRESS, Math.max(1, parameters.length));
        for (int i = 0; i < parameters.length; i++) {
            list.setAtIndex(ADDRESS, i, parameters[i]);
        }
        return call("cuLaunchKernel", kernel, blocks, 1, 1, threadsX, threadsY, 1, 0, stream, list,
                MemorySegment.NULL);
    }

    /** Launches on the null stream and waits; addresses are the parameters. */
    int run(MemorySegment kernel, int blocks, int threads, long... addresses) {
        MemorySegment[] parameters = Arrays.stream(addresses).mapToObj(this::value).toArray(MemorySegment[]::new);
        int result = launch(kernel, MemorySegment.NULL, blocks, threads, 1, parameters);
        return result != 0 ? result : call("cuCtxSynchronize");
    }

    /** Forgets a fault, so that the next test starts anew. */
    @Override
    public void close() {
        call("cuDevicePrimaryCtxReset_v2", 0);
        gpu.takeReport();
        arena.close();
    }
}
