package org.cosmosj.tensor.internal.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.SplittableRandom;
import org.cosmosj.tensor.internal.cpu.scalar.Bf16;

/**
 * A few tiles of known sums, bit for bit, before anything relies on the kernels: a processor that rounds otherwise or
 * adds pairs in another order must not compute.
 */
final class SelfTest {
    private static final int DEPTH = 34;
    private final MachineCode code;
    private final SplittableRandom random = new SplittableRandom(20);

    SelfTest(MachineCode code) {
        this.code = code;
    }

    /** What is wrong, if anything is. */
    Optional<String> failure() {
        for (Packing packing : Packing.values()) {
            if (code.supports(packing.arithmetic())) {
                Optional<String> wrong = tile(packing);
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> tile(Packing packing) {
        Tiling tiling = code.tiling();
        int rows = tiling.rows();
        int columns = tiling.columns();
        Arithmetic arithmetic = packing.arithmetic();
        try (Arena arena = Arena.ofConfined()) {
            float[] x = values(rows * DEPTH);
            float[] y = values(columns * DEPTH);
            int size = packing.elementBytes();
            MemorySegment result = arena.allocate(4L * rows * columns, 64);
            MemorySegment left = arena.allocate(Factor.panelBytes(arithmetic.steps(DEPTH), rows), 64);
            MemorySegment right = arena.allocate(Factor.panelBytes(arithmetic.steps(DEPTH), columns), 64);
            MemorySegment lines = store(arena, x, packing);
            new Factor(lines, lines.address(), packing, (long) size * DEPTH, size, 0).pack(code, 0, 0, rows, 0, DEPTH,
                    left.address(), rows);
            lines = store(arena, y, packing);
            new Factor(lines, lines.address(), packing, size, (long) size * columns, 0).pack(code, 0, 0, columns, 0,
                    DEPTH, right.address(), columns);
            MachineCode.call(code.tile(arithmetic, rows, tiling.vectors(), false), left.address(), right.address(),
                    result.address(), 4L * columns, arithmetic.steps(DEPTH), 0);
            for (int i = 0; i < rows * columns; i++) {
                float expected = sum(x, i / columns, y, i % columns, columns, packing);
                float actual = result.getAtIndex(JAVA_FLOAT, i);
                if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
                    return Optional.of(packing + " product [" + i / columns + ", " + i % columns + "] is " + actual
                            + ", expected " + expected);
                }
            }
            return Optional.empty();
        }
    }

    /** Numbers of very different size, some of whose products are denormal. */
    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(-70, 3)));
        }
        return values;
    }

    private static MemorySegment store(Arena arena, float[] values, Packing packing) {
        MemorySegment memory = arena.allocate((long) packing.elementBytes() * values.length, 64);
        for (int i = 0; i < values.length; i++) {
            if (packing.elementBytes() == 4) {
                memory.setAtIndex(JAVA_FLOAT, i, values[i]);
            } else {
                values[i] = Bf16.rounded(values[i]);
                memory.setAtIndex(JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
            }
        }
        return memory;
    }

    private static float sum(float[] x, int row, float[] y, int column, int columns, Packing packing) {
        float sum = 0;
        for (int k = 0; k < DEPTH; k++) {
            if (packing.arithmetic() == Arithmetic.F32) {
                sum = Math.fma(x[row * DEPTH + k], y[k * columns + column], sum);
            } else {
                int p = k ^ 1; // the odd one first
                sum = Bf16.multiplyAdd(Bf16.rounded(x[row * DEPTH + p]), Bf16.rounded(y[p * columns + column]), sum);
            }
        }
        return sum;
    }
}
