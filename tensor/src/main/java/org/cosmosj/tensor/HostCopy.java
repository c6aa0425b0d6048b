package org.cosmosj.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies between device and host memory. */
final class HostCopy {
    private HostCopy() {}

    static float[] floats(Tensor tensor) {
        try (Scope _ = Scope.open(tensor.device(), "toFloatArray")) {
            Tensor dense = tensor.detach().to(DType.F32).contiguous();
            float[] values = new float[Math.toIntExact(dense.shape().numel())];
            download(dense, MemorySegment.ofArray(values));
            return values;
        }
    }

    static double[] doubles(Tensor tensor) {
        try (Scope _ = Scope.open(tensor.device(), "toDoubleArray")) {
            Tensor dense = tensor.detach().to(DType.F64).contiguous();
            double[] values = new double[Math.toIntExact(dense.shape().numel())];
            download(dense, MemorySegment.ofArray(values));
            return values;
        }
    }

    static long[] longs(Tensor tensor) {
        Checks.require(!tensor.dtype().isFloat(), "toLongArray", "dtype " + tensor.dtype()
                + " is a float; use toFloatArray or toDoubleArray");
        try (Scope _ = Scope.open(tensor.device(), "toLongArray")) {
            Tensor dense = tensor.detach().to(DType.I64).contiguous();
            long[] values = new long[Math.toIntExact(dense.shape().numel())];
            download(dense, MemorySegment.ofArray(values));
            return values;
        }
    }

    static byte[] bytes(Tensor tensor) {
        Checks.require(tensor.dtype() == DType.U8, "toByteArray", "dtype " + tensor.dtype() + ", expected U8");
        try (Scope _ = Scope.open(tensor.device(), "toByteArray")) {
            Tensor dense = tensor.detach().contiguous();
            byte[] values = new byte[Math.toIntExact(dense.shape().numel())];
            download(dense, MemorySegment.ofArray(values));
            return values;
        }
    }

    private static void download(Tensor dense, MemorySegment host) {
        dense.backend().download(dense.storage.buffer, dense.operand().byteOffset(), host);
    }

    static Tensor move(Tensor tensor, Device target) {
        if (tensor.device().equals(target)) {
            return tensor;
        }
        Tape.rejectWithoutRule("to(" + target + ")", tensor);
        Tensor dense = tensor.contiguous();
        Tensor moved = Tensor.emptyOn(Backends.of(target), dense.dtype(), dense.shape());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(dense.byteSize(), 1), 64).asSlice(0, dense.byteSize());
            download(dense, host);
            moved.backend().upload(host, moved.storage.buffer, 0);
        }
        return moved;
    }
}
