package org.cosmosj.cuda;

import static org.cosmosj.cuda.Launcher.address;
import static org.cosmosj.cuda.Launcher.suffix;

import java.util.Map;
import jcuda.driver.JCudaDriver;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.CopyKernels;
import org.cosmosj.tensor.spi.Operand;

/** Launches copy.cu; what is dense on both sides is copied by the driver. */
final class CudaCopyKernels implements CopyKernels {
    /** Kernels for pairs of types that models convert all the time; {@code cast_any} serves the others. */
    private static final Map<DType, Map<DType, String>> CASTS = Map.of(
            DType.F32, Map.of(DType.BF16, "cast_f32_bf16", DType.F64, "cast_f32_f64"),
            DType.BF16, Map.of(DType.F32, "cast_bf16_f32"),
            DType.F64, Map.of(DType.F32, "cast_f64_f32"));

    private final CudaContext context;
    private final Launcher launcher;

    CudaCopyKernels(CudaContext context, Launcher launcher) {
        this.context = context;
        this.launcher = launcher;
    }

    @Override
    public void copy(Operand x, Operand out) {
        long n = out.numel();
        if (n == 0) {
            return;
        }
        if (x.dtype() == out.dtype() && x.layout().isContiguous() && out.layout().isContiguous()) {
            copyDense(x, out);
            return;
        }
        byte[] axes = StridedAxes.pack("copy", out.shape(), x.layout().strides(), out.layout().strides());
        if (x.dtype() == out.dtype()) {
            launcher.overElements("copy", "copy_" + x.dtype().byteSize(), n, address(x), address(out), axes, n);
            return;
        }
        String cast = CASTS.getOrDefault(x.dtype(), Map.of()).get(out.dtype());
        if (cast != null) {
            launcher.overElements("copy", cast, n, address(x), address(out), axes, n);
        } else {
            // The C++ side has the types in the order of DType.
            launcher.overElements("copy", "cast_any", n, x.dtype().ordinal(), out.dtype().ordinal(), address(x),
                    address(out), axes, n);
        }
    }

    private void copyDense(Operand x, Operand out) {
        context.activate("copy");
        context.check(JCudaDriver.cuMemcpyDtoDAsync(
                ((CudaBuffer) out.buffer()).pointer().plus(out.byteOffset()),
                ((CudaBuffer) x.buffer()).pointer().plus(x.byteOffset()), out.numel() * out.dtype().byteSize(),
                context.compute()), "copy");
    }

    @Override
    public void fill(double value, Operand out) {
        long n = out.numel();
        if (n > 0) {
            byte[] axes = StridedAxes.pack("fill", out.shape(), out.layout().strides(), out.layout().strides());
            launcher.overElements("fill", "fill_" + out.dtype().byteSize(), n, bits(value, out.dtype()), address(out),
                    axes, n);
        }
    }

    /** The bits of a constant, rounded and truncated as the CPU does it. */
    private static Object bits(double value, DType dtype) {
        return switch (dtype) {
            case F64 -> Double.doubleToRawLongBits(value);
            case F32 -> Float.floatToRawIntBits((float) value);
            case BF16 -> bf16((float) value);
            case F16 -> Float.floatToFloat16((float) value);
            case I64 -> (long) value;
            case I32 -> (int) value;
            case U8 -> (byte) (int) value;
            case BOOL -> (byte) (value == 0 ? 0 : 1);
        };
    }

    private static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (Float.isNaN(value) ? bits >>> 16 | 0x40 : bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    @Override
    public void gather(Operand x, Operand index, Operand out) {
        launcher.overElements("gather", "gather_" + x.dtype().byteSize(), out.numel(), address(x), address(index),
                address(out), index.numel(), x.size(1), x.size(2), out.numel());
    }

    @Override
    public void scatterAdd(Operand dOut, Operand index, Operand dX) {
        long n = dX.size(0) * dX.size(2);
        if (index.numel() > 0) {
            launcher.overElements("scatterAdd", "scatter_add" + suffix("scatterAdd", dX), n, address(dOut),
                    address(index), address(dX), index.numel(), dX.size(1), dX.size(2), n);
        }
    }

    @Override
    public void normal(long key, long stream, Operand out) {
        launcher.overElements("normal", "normal" + suffix("normal", out), out.numel(), key, stream, address(out),
                out.numel());
    }
}
