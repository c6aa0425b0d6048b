package org.cosmosj.tensor.internal.cpu.vector;

import static org.cosmosj.tensor.internal.cpu.vector.Chunks.ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.INLINE_ELEMENTS;
import static org.cosmosj.tensor.internal.cpu.vector.Chunks.isF32;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.internal.cpu.CpuBuffer;
import org.cosmosj.tensor.internal.cpu.Parallel;
import org.cosmosj.tensor.internal.cpu.scalar.ScalarOptimizerKernels;
import org.cosmosj.tensor.spi.Operand;

/** Parameter updates in F32 on vectors; other dtypes go to the scalar reference. */
final class VectorOptimizerKernels extends ScalarOptimizerKernels {
    @Override
    public void adamW(Operand gradient, Operand parameter, Operand firstMoment, Operand secondMoment,
            AdamWStep step) {
        if (!isF32(gradient, parameter) || !isF32(firstMoment, secondMoment)) {
            super.adamW(gradient, parameter, firstMoment, secondMoment, step);
            return;
        }
        OptimizerLoops.AdamW loop =
                new OptimizerLoops.AdamW(gradient, parameter, firstMoment, secondMoment, step);
        long n = parameter.numel();
        if (n <= INLINE_ELEMENTS) {
            loop.run(0, (int) n);
        } else {
            Parallel.run(Chunks.count(n, ELEMENTS), i -> loop.run((long) i * ELEMENTS, Chunks.length(n, i)));
        }
    }

    @Override
    public void movingAverage(Operand value, double decay, Operand average) {
        if (!isF32(value, average)) {
            super.movingAverage(value, decay, average);
            return;
        }
        MemorySegment from = CpuBuffer.segment(value);
        MemorySegment to = CpuBuffer.segment(average);
        long atValue = value.byteOffset();
        long atAverage = average.byteOffset();
        float weight = (float) (1 - decay);
        long n = average.numel();
        if (n <= INLINE_ELEMENTS) {
            OptimizerLoops.movingAverage(from, atValue, weight, to, atAverage, (int) n);
            return;
        }
        Parallel.run(Chunks.count(n, ELEMENTS), i -> {
            long skip = 4L * ELEMENTS * i;
            OptimizerLoops.movingAverage(from, atValue + skip, weight, to, atAverage + skip, Chunks.length(n, i));
        });
    }

    @Override
    public void zeroNonFinite(Operand gradient) {
        if (!isF32(gradient)) {
            super.zeroNonFinite(gradient);
            return;
        }
        MemorySegment memory = CpuBuffer.segment(gradient);
        long at = gradient.byteOffset();
        long n = gradient.numel();
        if (n <= INLINE_ELEMENTS) {
            OptimizerLoops.zeroNonFinite(memory, at, (int) n);
        } else {
            Parallel.run(Chunks.count(n, ELEMENTS),
                    i -> OptimizerLoops.zeroNonFinite(memory, at + 4L * ELEMENTS * i, Chunks.length(n, i)));
        }
    }
}
