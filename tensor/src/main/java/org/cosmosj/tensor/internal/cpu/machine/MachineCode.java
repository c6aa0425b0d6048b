package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Kernels in executable memory, each assembled when it is first asked for. */
@SuppressWarnings("restricted")
final class MachineCode {
    /** One handle for all kernels; critical, because a call takes a few microseconds and never comes back to Java. */
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.critical(false));

    private final CodeMemory memory;
    private final Tiling tiling;
    private final boolean bf16;
    private final Map<Kernel, MemorySegment> installed = new ConcurrentHashMap<>();
    // What the inner loops ask for, without hashing.
    private final MemorySegment[][] alongDepth = new MemorySegment[Packing.values().length][17];
    private final MemorySegment[] tiles;
    private final MemorySegment[][] acrossPanels = new MemorySegment[Packing.values().length][3];

    /** @param bf16 whether the processor has the instructions of {@link Arithmetic#BF16} */
    MachineCode(CodeMemory memory, Tiling tiling, boolean bf16) {
        this.memory = memory;
        this.tiling = tiling;
        this.bf16 = bf16;
        this.tiles = new MemorySegment[2 * (tiling.rows() + 1) * (tiling.vectors() + 1) * 2];
    }

    Tiling tiling() {
        return tiling;
    }

    boolean supports(Arithmetic arithmetic) {
        return bf16 || arithmetic == Arithmetic.F32;
    }

    /** The address of a kernel. */
    MemorySegment entry(Kernel kernel) {
        return installed.computeIfAbsent(kernel, this::install);
    }

    private MemorySegment install(Kernel kernel) {
        Assembler assembler = new Assembler();
        kernel.assemble(assembler);
        return memory.install(assembler.code());
    }

    MemorySegment tile(Arithmetic arithmetic, int rows, int vectors, boolean edge) {
        int at = ((arithmetic.ordinal() * (tiling.rows() + 1) + rows) * (tiling.vectors() + 1) + vectors) * 2
                + (edge ? 1 : 0);
        if (tiles[at] == null) {
            tiles[at] = entry(new TileKernel(arithmetic, rows, vectors, edge, tiling));
        }
        return tiles[at];
    }

    MemorySegment alongDepth(Packing packing, int lines) {
        MemorySegment[] of = alongDepth[packing.ordinal()];
        if (of[lines] == null) {
            of[lines] = entry(new LinesAlongDepth(packing, lines));
        }
        return of[lines];
    }

    MemorySegment acrossPanels(Packing packing, int vectors) {
        MemorySegment[] of = acrossPanels[packing.ordinal()];
        if (of[vectors] == null) {
            of[vectors] = entry(new LinesAcrossPanels(packing, vectors));
        }
        return of[vectors];
    }

    static void call(MemorySegment kernel, long a, long b, long c, long d, long e, long f) {
        try {
            CALL.invokeExact(kernel, a, b, c, d, e, f);
        } catch (Throwable e1) {
            throw new IllegalStateException("machine code: a kernel cannot be called", e1);
        }
    }
}
