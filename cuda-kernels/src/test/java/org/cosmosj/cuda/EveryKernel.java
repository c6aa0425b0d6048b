package org.cosmosj.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Binary;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;
import org.cosmosj.tensor.spi.ReductionKernels.Reduce;
import org.cosmosj.testing.SeededArrays;

/** Calls every kernel of one type, forward and backward, on seeded data and gives the results by name. */
final class EveryKernel {
    private static final double EPS = 1e-6;
    /** Longer than two chunks of any reduction. */
    private static final long LONG = 9001;

    private final DType dtype;
    private final Map<String, double[]> results = new LinkedHashMap<>();

    private EveryKernel(DType dtype) {
        this.dtype = dtype;
    }

    static Map<String, double[]> on(Device device, DType dtype) {
        EveryKernel all = new EveryKernel(dtype);
        try (Scope _ = Scope.open(device, "every kernel")) {
            all.elementwise();
            all.reductions();
            all.norms();
            all.copies();
            all.optimizers(device);
        }
        return all.results;
    }

    @FunctionalInterface
    private interface Op {
        Tensor apply(Tensor[] in);
    }

    private Tensor data(long... sizes) {
        return Tensor.of(SeededArrays.uniform(sizes.length * 7L + sizes[0], Shape.of(sizes).numel(), 0.2, 3), sizes)
                .to(dtype);
    }

    private void differentiated(String name, Op op, Tensor... in) {
        try (Tape tape = Tape.record()) {
            List<Tensor> watched = new ArrayList<>();
            for (Tensor tensor : in) {
                watched.add(tape.watch(tensor.copy()));
            }
            Tensor out = op.apply(watched.toArray(Tensor[]::new));
            results.put(name, out.toDoubleArray());
            tape.backward(out, Tensor.of(SeededArrays.normal(1, out.shape().numel()), out.shape().toArray()).to(dtype),
                    null);
            for (int i = 0; i < in.length; i++) {
                results.put(name + ", gradient " + i, tape.gradient(watched.get(i)).toDoubleArray());
            }
        }
    }

    private void elementwise() {
        for (Unary f : Unary.values()) {
            differentiated(f.name(), in -> in[0].map(f), data(3, 211));
        }
        for (Binary f : Binary.values()) {
            Tensor a = data(5, 1, 37);
            Tensor b = data(7, 1);
            results.put(f.name(), (switch (f) {
                case ADD -> a.add(b);
                case SUB -> a.sub(b);
                case MUL -> a.mul(b);
                case DIV -> a.div(b);
                case MAX -> a.maximum(b);
                case MIN -> a.minimum(b);
            }).toDoubleArray());
        }
        differentiated("affine", in -> in[0].mul(0.3).add(1), data(300));
        differentiated("gatedResidual", in -> Functional.gatedResidual(in[0], in[1], in[2]), data(2, 300, 37),
                data(2, 37), data(2, 300, 37));
    }

    private void reductions() {
        for (Reduce how : Reduce.values()) {
            results.put(how + " of a row", data(LONG).reduce(how, 0).toDoubleArray());
            results.put(how + " of columns", data(700, 37).reduce(how, 0).toDoubleArray());
        }
        Tensor target = data(2, 3, 4, 600);
        Tensor weight = data(2, 4);
        differentiated("weightedSquaredError", in -> Functional.weightedSquaredError(in[0], target, weight, 0.1),
                data(2, 3, 4, 600).mul(0.5));
    }

    private void norms() {
        differentiated("layerNorm", in -> Functional.modulatedLayerNorm(in[0], in[1], in[2], EPS), data(2, 300, 67),
                data(2, 67), data(2, 67));
        differentiated("rmsNorm", in -> Functional.rmsNorm(in[0], in[1], EPS), data(301, 67), data(67));
        differentiated("softmax", in -> Functional.softmax(in[0]), data(5, 301));
        differentiated("channelNorm", in -> Functional.channelNorm(in[0], in[1]), data(2, 5, 300), data(5));
        differentiated("channelNormSilu", in -> Functional.channelNormSilu(in[0], in[1]), data(2, 5, 300), data(5));
        Tensor cos = data(7, 8).map(Unary.COS);
        Tensor sin = data(7, 8).map(Unary.SIN);
        differentiated("rope", in -> Functional.rope(in[0], cos, sin), data(2, 7, 3, 16));
    }

    private void copies() {
        Tensor x = data(17, 19);
        for (DType to : DType.values()) {
            results.put("cast to " + to, x.transpose(0, 1).to(to).toDoubleArray());
            Tensor whole = Tensor.zeros(to, Shape.of(30, 20));
            whole.narrow(1, 2, 17).fill(1);
            results.put("fill of a view of " + to, whole.toDoubleArray());
            Tensor same = x.to(to);
            results.put("transposed copy of " + to, same.transpose(0, 1).contiguous().toDoubleArray());
            results.put("rows of " + to, same.indexSelect(0, indices(16)).toDoubleArray());
        }
        differentiated("indexSelect", in -> in[0].indexSelect(0, 4, 0, 4, 2), data(5, 301));
        results.put("normal", Tensor.randn(Rng.seeded(5), dtype, Shape.of(LONG)).toDoubleArray());
    }

    private static long[] indices(int count) {
        long[] indices = new long[count];
        Arrays.setAll(indices, i -> (i * 7L + 3) % 17);
        return indices;
    }

    private void optimizers(Device device) {
        Tensor gradient = data(LONG);
        Tensor parameter = data(LONG).mul(0.7);
        Tensor first = data(LONG).mul(0.1);
        Tensor second = data(LONG).mul(0.2);
        Backends.of(device).optimizers().adamW(gradient.operand(), parameter.operand(), first.operand(),
                second.operand(), new AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, 0.1, 0.05, 0.5));
        Backends.of(device).optimizers().movingAverage(parameter.operand(), 0.9, first.operand());
        Backends.of(device).optimizers().zeroNonFinite(gradient.operand());
        results.put("adamW and average", Tensor.cat(0, gradient, parameter, first, second).toDoubleArray());
    }
}
