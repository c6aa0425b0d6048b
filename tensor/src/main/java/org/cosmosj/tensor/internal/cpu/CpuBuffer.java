package org.cosmosj.tensor.internal.cpu;

import java.lang.foreign.MemorySegment;
import org.cosmosj.tensor.spi.Buffer;
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
     * The memory of an operand's whole buffer.
     *
     * @param operand of a CPU tensor
     * @return its segment; element i of a contiguous operand stands at {@code byteOffset + i * byteSize}
     */
    public static MemorySegment segment(Operand operand) {
        return ((CpuBuffer) operand.buffer()).segment;
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
