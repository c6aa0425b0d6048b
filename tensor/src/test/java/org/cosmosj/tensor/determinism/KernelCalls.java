package org.cosmosj.tensor.determinism;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.NormKernels.Activation;
import org.cosmosj.tensor.spi.NormKernels.Rotation;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;

/** One call of every kernel in every form that computes differently, on seeded operands of the current scope. */
final class KernelCalls {
    private static final double EPS = 1e-6;

    /** How large the operands are. */
    enum Size {
        /** Quick, with tails shorter than any vector. */
        SMALL(2, 3, 35, 5, 1, 19, 3, 17, 2),
        /** Above every limit below which one thread does all the work. */
        LARGE(3, 131, 131, 150, 3, 40, 24, 25, 40);

        private final int groups;
        private final int rows;
        private final int width;
        private final int tokens;
        private final int heads;
        private final int headWidth;
        private final int height;
        private final int side;
        private final int channels;

        Size(int groups, int rows, int width, int tokens, int heads, int headWidth, int height, int side,
                int channels) {
            this.groups = groups;
            this.rows = rows;
            this.width = width;
            this.tokens = tokens;
            this.heads = heads;
            this.headWidth = headWidth;
            this.height = height;
            this.side = side;
            this.channels = channels;
        }
    }

    /** Runs a kernel, which must overwrite all of its results. */
    private record Call(Runnable kernel, Tensor... results) {}

    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final Backend backend;
    private final Size size;
    private long drawn;

    KernelCalls(Device device, Size size) {
        this.backend = Backends.of(device);
        this.size = size;
        copies();
        elementwise();
        gatedResidual();
        reductions();
        products();
        norms();
        channelNorms();
        attention();
        convolutions();
        optimizers();
    }

    /** Names of the calls; the first word is the kernel's. */
    Iterable<String> names() {
        return calls.keySet();
    }

    /** Calls a kernel and fingerprints its results. */
    long bits(String name) {
        Call call = calls.get(name);
        call.kernel().run();
        try (Scope _ = Scope.inner("bits")) {
            return Arrays.stream(call.results()).mapToLong(Bits::of).reduce(0, (a, b) -> 31 * a + b);
        }
    }

    /** Calls every kernel once. */
    Map<String, Long> allBits() {
        Map<String, Long> bits = new LinkedHashMap<>();
        calls.keySet().forEach(name -> bits.put(name, bits(name)));
        return bits;
    }

    private void add(String name, Runnable kernel, Tensor... results) {
        calls.put(name, new Call(kernel, results));
    }

    private Tensor random(long... sizes) {
        return Tensor.randn(Rng.seeded(11).stream(drawn++), DType.F32, Shape.of(sizes));
    }

    private static Tensor result(long... sizes) {
        return Tensor.empty(DType.F32, Shape.of(sizes));
    }

    private void copies() {
        Tensor x = random(size.groups, size.rows, size.width);
        Tensor turned = x.transpose(0, 2);
        Tensor dense = result(size.width, size.rows, size.groups);
        add("copy of a view", () -> backend.copies().copy(turned.operand(), dense.operand()), dense);
        for (DType dtype : new DType[] {DType.BF16, DType.F16, DType.F64, DType.I32}) {
            Tensor cast = Tensor.empty(dtype, x.shape());
            Tensor back = result(x.shape().toArray());
            add("copy to " + dtype + " and back", () -> {
                backend.copies().copy(x.operand(), cast.operand());
                backend.copies().copy(cast.operand(), back.operand());
            }, back);
        }
        Tensor filled = result(size.rows, size.width);
        add("fill", () -> backend.copies().fill(0.1, filled.operand()), filled);
        Tensor index = Tensor.of(new long[] {2, 0, 2, 1}, 4);
        Tensor picked = result(size.groups, 4, size.width);
        add("gather", () -> backend.copies().gather(x.operand(), index.operand(), picked.operand()), picked);
        Tensor dOut = random(size.groups, 4, size.width);
        Tensor scattered = result(x.shape().toArray());
        add("scatterAdd", () -> backend.copies().scatterAdd(dOut.operand(), index.operand(),
                scattered.copyFrom(x).operand()), scattered);
        Tensor noise = result(size.groups, size.rows, size.width);
        add("normal", () -> backend.copies().normal(7, 9, noise.operand()), noise);
    }

    private void elementwise() {
        Tensor x = random(size.groups, size.rows, size.width);
        Tensor positive = x.mul(x).add(0.1);
        Tensor y = random(size.groups, size.rows, size.width);
        Tensor row = random(size.width).expand(size.groups, size.rows, size.width);
        Tensor out = result(x.shape().toArray());
        for (Unary f : Unary.values()) {
            Tensor input = f == Unary.LOG || f == Unary.SQRT ? positive : x;
            add("unary " + f, () -> backend.elementwise().unary(f, input.operand(), out.operand()), out);
            add("unaryBackward " + f,
                    () -> backend.elementwise().unaryBackward(f, input.operand(), y.operand(), out.operand()), out);
        }
        for (Binary f : Binary.values()) {
            add("binary " + f, () -> backend.elementwise().binary(f, x.operand(), y.operand(), out.operand()), out);
            add("binary " + f + " with a row",
                    () -> backend.elementwise().binary(f, x.operand(), row.operand(), out.operand()), out);
        }
        add("affine", () -> backend.elementwise().affine(x.operand(), 0.7, 0.1, out.operand()), out);
        add("axpy", () -> backend.elementwise().axpy(0.3, x.operand(), out.copyFrom(y).operand()), out);
    }

    private void gatedResidual() {
        Tensor x = random(size.groups, size.rows, size.width);
        Tensor y = random(size.groups, size.rows, size.width);
        Tensor gate = random(size.groups, size.width);
        Tensor out = result(x.shape().toArray());
        Tensor dGate = result(size.groups, size.width);
        add("gatedResidual", () -> backend.elementwise().gatedResidual(x.operand(), gate.operand(), y.operand(),
                out.operand()), out);
        add("gatedResidualBackward", () -> backend.elementwise().gatedResidualBackward(x.operand(), gate.operand(),
                y.operand(), out.operand(), dGate.operand()), out, dGate);
    }

    private void reductions() {
        Tensor x = random(size.groups, size.rows, size.width);
        long[][] views = {{1, x.shape().numel(), 1}, {size.groups, size.rows, size.width},
            {size.groups * size.rows, size.width, 1}};
        for (Reduce how : Reduce.values()) {
            for (long[] view : views) {
                Tensor out = result(view[0], view[2]);
                add("reduce " + how + " " + Arrays.toString(view),
                        () -> backend.reductions().reduce(how, x.operand().reshape(view), out.operand()), out);
            }
        }
        Tensor target = random(size.groups, size.rows, size.width);
        Tensor p = x.reshape(size.groups, 1, size.rows, size.width);
        Tensor t = target.reshape(size.groups, 1, size.rows, size.width);
        Tensor weight = random(size.groups, size.rows);
        Tensor one = Tensor.full(1, DType.F32, Shape.SCALAR);
        Tensor loss = result();
        Tensor dP = result(p.shape().toArray());
        add("weightedSquaredError", () -> backend.reductions().weightedSquaredError(p.operand(), t.operand(),
                weight.operand(), 0.1, loss.operand()), loss);
        add("weightedSquaredErrorBackward", () -> backend.reductions().weightedSquaredErrorBackward(one.operand(),
                p.operand(), t.operand(), weight.operand(), 0.1, dP.operand()), dP);
    }

    private void products() {
        long k = size.width;
        long n = 2L * size.width;
        for (long m : new long[] {1, 2L * size.rows}) {
            Tensor x = random(2, m, k);
            Tensor y = random(2, k, n);
            Tensor out = result(2, m, n);
            Tensor xTurned = random(2, k, m).transpose(1, 2);
            Tensor yTurned = random(2, n, k).transpose(1, 2);
            Tensor yHalf = random(2, n, k).to(DType.BF16).transpose(1, 2);
            product("NN " + m, x, y, out);
            product("NT " + m, x, yTurned, out);
            product("NT in BF16 " + m, x, yHalf, out);
            product("TN " + m, xTurned, y, out);
            product("TT " + m, xTurned, yTurned, out);
            Tensor before = random(out.shape().toArray());
            add("matmul NT added " + m, () -> backend.matmul().matmul(x.operand(), yTurned.operand(),
                    out.copyFrom(before).operand(), Accumulation.ADD), out);
        }
    }

    private void product(String name, Tensor x, Tensor y, Tensor out) {
        add("matmul " + name,
                () -> backend.matmul().matmul(x.operand(), y.operand(), out.operand(), Accumulation.ASSIGN), out);
        Tensor rounded = result(out.shape().toArray());
        add("matmulBf16 " + name, () -> backend.matmul().matmulBf16(x.operand(), y.operand(), rounded.operand(),
                Accumulation.ASSIGN), rounded);
    }

    private void norms() {
        Tensor x = random(size.groups, size.rows, size.width);
        Tensor dOut = random(size.groups, size.rows, size.width);
        Tensor shift = random(size.groups, size.width);
        Tensor scale = random(size.groups, size.width);
        Tensor gain = random(size.width);
        Tensor out = result(x.shape().toArray());
        Tensor mean = result(size.groups, size.rows);
        Tensor rstd = result(size.groups, size.rows);
        Tensor dShift = result(size.groups, size.width);
        Tensor dScale = result(size.groups, size.width);
        Tensor dGain = result(size.width);
        long rows = (long) size.groups * size.rows;
        Operand flat = x.operand().reshape(rows, size.width);
        Operand dFlat = dOut.operand().reshape(rows, size.width);
        Operand flatOut = out.operand().reshape(rows, size.width);
        Operand flatRstd = rstd.operand().reshape(rows);
        add("layerNorm", () -> backend.norms().layerNorm(x.operand(), null, null, EPS, out.operand(), mean.operand(),
                rstd.operand()), out, mean, rstd);
        Runnable modulated = () -> backend.norms().layerNorm(x.operand(), shift.operand(), scale.operand(), EPS,
                out.operand(), mean.operand(), rstd.operand());
        add("layerNorm, modulated", modulated, out, mean, rstd);
        add("layerNormBackward", () -> {
            modulated.run();
            backend.norms().layerNormBackward(dOut.operand(), x.operand(), scale.operand(), mean.operand(),
                    rstd.operand(), out.operand(), dShift.operand(), dScale.operand());
        }, out, dShift, dScale);
        Runnable rms = () -> backend.norms().rmsNorm(flat, gain.operand(), EPS, flatOut, flatRstd);
        add("rmsNorm", rms, out, rstd);
        add("rmsNormBackward", () -> {
            rms.run();
            backend.norms().rmsNormBackward(dFlat, flat, gain.operand(), flatRstd, flatOut, dGain.operand());
        }, out, dGain);
        add("softmax", () -> backend.norms().softmax(flat, flatOut), out);
        add("softmaxBackward", () -> backend.norms().softmaxBackward(dFlat, flat, flatOut), out);
    }

    private void channelNorms() {
        Tensor x = random(size.groups, size.rows, size.width);
        Tensor dOut = random(size.groups, size.rows, size.width);
        Tensor gain = random(size.rows);
        Tensor out = result(x.shape().toArray());
        Tensor dGain = result(size.rows);
        for (Activation activation : Activation.values()) {
            add("channelNorm " + activation, () -> backend.norms().channelNorm(x.operand(), gain.operand(), activation,
                    out.operand()), out);
            add("channelNormBackward " + activation, () -> backend.norms().channelNormBackward(dOut.operand(),
                    x.operand(), gain.operand(), activation, out.operand(), dGain.operand()), out, dGain);
        }
    }

    private void attention() {
        long half = size.headWidth / 2;
        Tensor q = random(2, size.tokens, size.heads, size.headWidth);
        Tensor k = random(2, size.tokens + 20, size.heads, size.headWidth);
        Tensor v = random(2, size.tokens + 20, size.heads, size.headWidth);
        Tensor dOut = random(q.shape().toArray());
        Tensor out = result(q.shape().toArray());
        Tensor lse = result(2, size.heads, size.tokens);
        Tensor dQ = result(q.shape().toArray());
        Tensor dK = result(k.shape().toArray());
        Tensor dV = result(v.shape().toArray());
        Runnable forward = () -> backend.attention().attention(q.operand(), k.operand(), v.operand(), 0.23,
                out.operand(), lse.operand());
        add("attention", forward, out, lse);
        add("attentionBackward", () -> {
            forward.run();
            backend.attention().attentionBackward(dOut.operand(), q.operand(), k.operand(), v.operand(), out.operand(),
                    lse.operand(), 0.23, dQ.operand(), dK.operand(), dV.operand());
        }, dQ, dK, dV);
        Tensor even = random(4, size.tokens, size.heads, 2 * half);
        Tensor cos = random(size.tokens, half);
        Tensor sin = random(size.tokens, half);
        Tensor turned = result(even.shape().toArray());
        for (Rotation rotation : Rotation.values()) {
            add("rope " + rotation, () -> backend.norms().rope(even.operand(), cos.operand(), sin.operand(), rotation,
                    turned.operand()), turned);
        }
    }

    private void convolutions() {
        convolution("causal", ConvGeometry.causal(3, 3, 3));
        convolution("strided", new ConvGeometry(1, 3, 3, 1, 2, 2, 0, 0, 0, 1, 0, 1));
        convolution("pointwise", ConvGeometry.causal(1, 1, 1));
        long pictures = (long) size.groups * size.channels;
        Tensor small = random(pictures, size.height, size.side);
        Tensor large = random(pictures, 2L * size.height, 2L * size.side);
        Tensor up = result(large.shape().toArray());
        Tensor down = result(small.shape().toArray());
        add("upsampleNearest2x", () -> backend.convolutions().upsampleNearest2x(small.operand(), up.operand()), up);
        add("upsampleNearest2xBackward",
                () -> backend.convolutions().upsampleNearest2xBackward(large.operand(), down.operand()), down);
    }

    private void convolution(String name, ConvGeometry geometry) {
        Tensor x = random(2, 5, 2, size.height, size.side);
        Tensor weight = random(size.channels, 5, geometry.kernelT(), geometry.kernelH(), geometry.kernelW());
        Tensor bias = random(size.channels);
        Tensor out = result(geometry.outputShape(x.shape(), size.channels).toArray());
        Tensor dOut = random(out.shape().toArray());
        Tensor dX = result(x.shape().toArray());
        Tensor dWeight = result(weight.shape().toArray());
        Tensor dBias = result(size.channels);
        add("conv3d " + name, () -> backend.convolutions().conv3d(x.operand(), weight.operand(), bias.operand(),
                geometry, out.operand()), out);
        add("conv3dBackwardInput " + name, () -> backend.convolutions().conv3dBackwardInput(dOut.operand(),
                weight.operand(), geometry, dX.operand()), dX);
        add("conv3dBackwardWeight " + name, () -> backend.convolutions().conv3dBackwardWeight(dOut.operand(),
                x.operand(), geometry, dWeight.operand(), dBias.operand(), Accumulation.ASSIGN), dWeight, dBias);
    }

    private void optimizers() {
        long n = (long) size.groups * size.rows * size.width;
        Tensor gradient = random(n);
        Tensor value = random(n);
        Tensor squares = value.mul(value);
        Tensor parameter = result(n);
        Tensor first = result(n);
        Tensor second = result(n);
        AdamWStep step = new AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, 0.19, 0.0975, 0.7);
        add("adamW", () -> backend.optimizers().adamW(gradient.operand(), parameter.copyFrom(value).operand(),
                first.copyFrom(gradient).operand(), second.copyFrom(squares).operand(), step), parameter, first,
                second);
        add("movingAverage", () -> backend.optimizers().movingAverage(gradient.operand(), 0.9,
                parameter.copyFrom(value).operand()), parameter);
        add("zeroNonFinite", () -> backend.optimizers().zeroNonFinite(parameter.copyFrom(value).operand()), parameter);
    }
}
