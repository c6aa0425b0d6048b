package org.cosmosj.tensor.internal.cpu;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.spi.Buffer;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/** Off-heap memory of the host. */
public final class CpuBuffer implements Buffer {
    private final MemorySegment segment;
    private final boolean readOnly;
    /** The pool's whole block that {@code segment} is a part of; null for adopted memory. */
    final MemorySegment block;

    CpuBuffer(MemorySegment segment, boolean readOnly, MemorySegment block) {
        this.segment = segment;
        this.readOnly = readOnly;
        this.block = block;
    }

    /**
     * The memory of an operand's whole buffer, after a look at its bounds and life: kernels go by address from here.
     *
     * @param operand of a CPU tensor
     * @return its segment; element i of a contiguous operand stands at {@code byteOffset + i * byteSize}
     * @throws IllegalStateException if the memory was given back, as that of a closed file
     * @throws IndexOutOfBoundsException if the layout leaves the buffer
     */
    public static MemorySegment segment(Operand operand) {
        MemorySegment memory = ((CpuBuffer) operand.buffer()).segment;
        if (!memory.scope().isAlive()) {
            throw new IllegalStateException("kernel: the memory of an operand " + operand.layout()
                    + " was given back; keep the file open that it is mapped from");
        }
        Layout layout = operand.layout();
        long first = layout.offset();
        long last = first;
        for (int i = 0; i < layout.shape().rank(); i++) {
            long reach = (layout.shape().size(i) - 1) * layout.stride(i);
            first += Math.min(0, reach);
            last += Math.max(0, reach);
        }
        boolean inside = first >= 0 && (last + 1) * operand.dtype().byteSize() <= memory.byteSize();
        if (!inside && operand.numel() > 0) {
            throw new IndexOutOfBoundsException("kernel: " + layout + " of " + operand.dtype()
                    + " exceeds its buffer of " + memory.byteSize() + " bytes");
        }
        return memory;
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public long byteSize() {
        return segment.byteSize();
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }
}
