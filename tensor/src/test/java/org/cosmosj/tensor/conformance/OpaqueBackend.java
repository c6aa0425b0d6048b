package org.cosmosj.tensor.conformance;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.Buffer;
import org.cosmosj.tensor.spi.Layout;
import org.cosmosj.tensor.spi.Operand;

/**
 * A device whose memory the host cannot touch, such as a graphics card: buffers are opaque, data go in and out by
 * copies
 * only, and operands of another device are refused. Its memory starts as NaN, and guards around every buffer find
 * kernels
 * that write outside.
 */
final class OpaqueBackend extends InterceptingBackend {
    /** A multiple of every element size, so that offsets stay whole. */
    private static final int GUARD = 64;
    /** NaN as F64, F32, BF16 and F16. */
    private static final byte POISON = (byte) 0xFF;

    OpaqueBackend(Device device, Backend delegate) {
        super(device, delegate);
    }

    private static final class Opaque implements Buffer {
        private final Backend owner;
        private final Buffer inner;
        private final long bytes;
        private final boolean readOnly;
        private boolean freed;

        Opaque(Backend owner, Buffer inner, long bytes, boolean readOnly) {
            this.owner = owner;
            this.inner = inner;
            this.bytes = bytes;
            this.readOnly = readOnly;
        }

        @Override
        public long byteSize() {
            return bytes;
        }

        @Override
        public boolean readOnly() {
            return readOnly;
        }
    }

    @Override
    void call(String name, Object[] arguments, Kernel kernel) {
        Object[] inner = arguments.clone();
        for (int i = 0; i < inner.length; i++) {
            inner[i] = inner[i] instanceof Operand operand ? unwrap(name, operand) : inner[i];
        }
        kernel.run(inner);
    }

    private Operand unwrap(String kernel, Operand operand) {
        Layout layout = operand.layout();
        Opaque buffer = own(kernel, operand.buffer());
        long last = layout.offset();
        for (int axis = 0; axis < layout.shape().rank(); axis++) {
            last += Math.max(0, layout.shape().size(axis) - 1) * layout.stride(axis);
        }
        if (operand.numel() > 0 && (last + 1) * operand.dtype().byteSize() > buffer.bytes) {
            throw new AssertionError(kernel + ": " + layout + " of " + operand.dtype() + " exceeds its buffer of "
                    + buffer.bytes + " bytes");
        }
        long shift = GUARD / operand.dtype().byteSize();
        return new Operand(buffer.inner, operand.dtype(),
                new Layout(layout.shape(), layout.strides(), layout.offset() + shift));
    }

    private Opaque own(String what, Buffer buffer) {
        if (!(buffer instanceof Opaque opaque) || opaque.owner != this) {
            throw new AssertionError(what + ": a buffer of another device was given to " + device());
        }
        if (opaque.freed) {
            throw new AssertionError(what + ": a freed buffer was given to " + device());
        }
        return opaque;
    }

    @Override
    public Buffer allocate(long bytes) {
        return guarded(bytes, false);
    }

    private Opaque guarded(long bytes, boolean readOnly) {
        Buffer inner = delegate.allocate(bytes + 2 * GUARD);
        byte[] poison = new byte[Math.toIntExact(bytes + 2 * GUARD)];
        Arrays.fill(poison, POISON);
        delegate.upload(MemorySegment.ofArray(poison), inner, 0);
        return new Opaque(this, inner, bytes, readOnly);
    }

    @Override
    public void free(Buffer buffer) {
        Opaque opaque = own("free", buffer);
        opaque.freed = true;
        byte[] guards = new byte[2 * GUARD];
        delegate.download(opaque.inner, 0, MemorySegment.ofArray(guards).asSlice(0, GUARD));
        delegate.download(opaque.inner, GUARD + opaque.bytes, MemorySegment.ofArray(guards).asSlice(GUARD));
        delegate.free(opaque.inner);
        for (int i = 0; i < guards.length; i++) {
            if (guards[i] != POISON) {
                throw new AssertionError("a kernel wrote " + (i < GUARD
                        ? GUARD - i + " bytes before"
                        : i - GUARD + " bytes after") + " a buffer of " + opaque.bytes + " bytes");
            }
        }
    }

    @Override
    public Buffer adopt(MemorySegment host) {
        Opaque buffer = guarded(host.byteSize(), true);
        delegate.upload(host, buffer.inner, GUARD);
        return buffer;
    }

    @Override
    public void upload(MemorySegment host, Buffer target, long targetOffset) {
        Opaque opaque = own("upload", target);
        if (opaque.readOnly || targetOffset + host.byteSize() > opaque.bytes) {
            throw new AssertionError("upload of " + host.byteSize() + " bytes at " + targetOffset + " into "
                    + (opaque.readOnly ? "read-only memory" : opaque.bytes + " bytes"));
        }
        delegate.upload(host, opaque.inner, targetOffset + GUARD);
    }

    @Override
    public void download(Buffer source, long sourceOffset, MemorySegment host) {
        Opaque opaque = own("download", source);
        if (sourceOffset + host.byteSize() > opaque.bytes) {
            throw new AssertionError("download of " + host.byteSize() + " bytes at " + sourceOffset + " from "
                    + opaque.bytes);
        }
        delegate.download(opaque.inner, sourceOffset + GUARD, host);
    }
}
