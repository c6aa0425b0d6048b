package org.cosmosj.tensor.determinism;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;

/**
 * Calls each op many times, from interpreted to fully compiled code, and prints one line per op: its name, the
 * fingerprint of the first call, that of the last, and the first call that differed or -1.
 */
final class FirstCallMain {
    static final int CALLS = 20_000;

    private FirstCallMain() {}

    /**
     * Runs in a JVM of its own.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (Scope _ = Scope.open(Device.cpu(), "inputs")) {
            ops().forEach((name, op) -> System.out.println(name + " " + watch(op, CALLS)));
        }
    }

    /** Fingerprints of single calls in this JVM, whatever it has compiled so far. */
    static Map<String, Long> once() {
        Map<String, Long> bits = new LinkedHashMap<>();
        try (Scope _ = Scope.open(Device.cpu(), "inputs")) {
            ops().forEach((name, op) -> bits.put(name, call(op)));
        }
        return bits;
    }

    static String watch(Supplier<Tensor> op, int calls) {
        long first = call(op);
        long last = first;
        int differed = -1;
        for (int i = 1; i < calls; i++) {
            last = call(op);
            if (last != first && differed < 0) {
                differed = i;
            }
        }
        return first + " " + last + " " + differed;
    }

    private static long call(Supplier<Tensor> op) {
        try (Scope _ = Scope.inner("call")) {
            return Bits.of(op.get());
        }
    }

    private static Map<String, Supplier<Tensor>> ops() {
        Tensor x = random(1, 13, 67);
        Tensor weight = random(2, 37, 67);
        Tensor heads = random(3, 1, 9, 1, 19);
        Tensor keys = random(4, 1, 11, 1, 19);
        Tensor video = random(5, 1, 3, 2, 4, 17);
        Tensor kernel = random(6, 4, 3, 1, 3, 3);
        Map<String, Supplier<Tensor>> ops = new LinkedHashMap<>();
        ops.put("gemm", () -> Functional.linear(x, weight));
        ops.put("gemmTransposed", () -> x.transpose(0, 1).matmul(x));
        ops.put("attention", () -> Functional.attention(heads, keys, keys, 0.23));
        ops.put("attentionBackward", () -> gradient(heads, () -> Functional.attention(heads, keys, keys, 0.23)));
        ops.put("layerNorm", () -> Functional.layerNorm(x, 1e-6));
        ops.put("layerNormBackward", () -> gradient(x, () -> Functional.layerNorm(x, 1e-6)));
        ops.put("gelu", () -> Functional.gelu(x));
        ops.put("geluBackward", () -> gradient(x, () -> Functional.gelu(x)));
        ops.put("silu", () -> Functional.silu(x));
        ops.put("softmax", () -> Functional.softmax(x));
        ops.put("sum", () -> x.sum());
        ops.put("sumOfRows", () -> x.sum(0));
        ops.put("conv3d", () -> Functional.conv3d("c", video, kernel, null, ConvGeometry.causal(1, 3, 3)));
        return ops;
    }

    private static Tensor gradient(Tensor input, Supplier<Tensor> op) {
        try (Tape tape = Tape.record()) {
            tape.watch(input);
            Tensor out = op.get();
            tape.backward(out, out.detach(), null);
            return tape.gradient(input);
        }
    }

    private static Tensor random(long stream, long... sizes) {
        return Tensor.randn(Rng.seeded(11).stream(stream), DType.F32, Shape.of(sizes));
    }
}
