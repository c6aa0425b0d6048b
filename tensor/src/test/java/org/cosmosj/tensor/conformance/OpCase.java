package org.cosmosj.tensor.conformance;

import static org.cosmosj.testing.ArrayAssert.assertThatArray;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.testing.FiniteDifferences;
import org.cosmosj.testing.SeededArrays;
import org.cosmosj.testing.Tolerance;

/**
 * One op with inputs. {@link #verify} compares shape, dtype, result and the gradient of every differentiable input with
 * the oracle; there is no way to test a result alone. An op without a backward rule must say so and is then checked to
 * refuse a recording tape.
 */
public final class OpCase {
    /** Scalar kernels in F64, themselves checked by {@link #verifyGradients}. */
    static final Device ORACLE = Oracle.device();

    private static final Map<String, Result> EXPECTED = new ConcurrentHashMap<>();
    /** Inputs up to this size are differentiated element by element, larger ones along random directions. */
    private static final int FEW = 48;
    /** Results are of size 1, so smaller differences of them are their last digits. */
    private static final double SMALLEST_SCALE = 0.01;

    private final String name;
    private final List<Input> inputs = new ArrayList<>();
    private Op op;
    private long terms;
    private double measuredFactor = 1;
    private double termSize;
    private boolean eachResult;
    private boolean hasRule = true;

    /** The op under test. */
    @FunctionalInterface
    public interface Op {
        /**
         * Applies the op.
         *
         * @param inputs in the order of the case
         * @return the result
         */
        Tensor apply(Tensor[] inputs);
    }

    private record Input(Shape shape, double[] values, boolean differentiable) {}

    private record Result(Shape shape, DType dtype, double[] values, double[][] gradients) {}

    private OpCase(String name) {
        this.name = name;
    }

    /**
     * Starts a case.
     *
     * @param name unique; also the seed of its data
     * @return the case
     */
    public static OpCase named(String name) {
        return new OpCase(name);
    }

    /**
     * Adds a differentiable input of standard normal numbers.
     *
     * @param sizes its shape
     * @return this
     */
    public OpCase input(long... sizes) {
        return add(Shape.of(sizes), SeededArrays.normal(seed(), Shape.of(sizes).numel()), true);
    }

    /**
     * Adds a differentiable input of uniform numbers.
     *
     * @param low lower bound
     * @param high upper bound
     * @param sizes its shape
     * @return this
     */
    public OpCase uniform(double low, double high, long... sizes) {
        double[] values = SeededArrays.uniform(seed(), Shape.of(sizes).numel(), low, high);
        Arrays.setAll(values, i -> (float) values[i]);
        return add(Shape.of(sizes), values, true);
    }

    /**
     * Adds an input that the op does not differentiate.
     *
     * @param sizes its shape
     * @return this
     */
    public OpCase constant(long... sizes) {
        return add(Shape.of(sizes), SeededArrays.normal(seed(), Shape.of(sizes).numel()), false);
    }

    private OpCase add(Shape shape, double[] values, boolean differentiable) {
        inputs.add(new Input(shape, values, differentiable));
        return this;
    }

    private long seed() {
        return name.hashCode() * 31L + inputs.size();
    }

    /**
     * Says how long the longest sum behind any result or gradient is.
     *
     * @param count terms
     * @return this
     */
    public OpCase summing(long count) {
        terms = count;
        return this;
    }

    /**
     * Says that gradients are differences that may cancel to nothing: their rounding errors are relative to the terms.
     *
     * @param size of the terms
     * @return this
     */
    public OpCase cancellingTerms(double size) {
        termSize = size;
        return this;
    }

    /**
     * Compares each result relative to itself rather than to the largest.
     *
     * @return this
     */
    public OpCase eachResult() {
        eachResult = true;
        return this;
    }

    /**
     * Widens the tolerance; say at the call what was measured.
     *
     * @param factor above 1
     * @return this
     */
    public OpCase measured(double factor) {
        measuredFactor = factor;
        return this;
    }

    /**
     * Says that the op has no backward rule.
     *
     * @return this
     */
    public OpCase withoutRule() {
        hasRule = false;
        return this;
    }

    /**
     * Sets the op, which completes the case.
     *
     * @param f the op
     * @return this
     */
    public OpCase computes(Op f) {
        op = f;
        return this;
    }

    /**
     * The name.
     *
     * @return as given
     */
    public String name() {
        return name;
    }

    /**
     * Compares a device with the oracle.
     *
     * @param device under test; its backend is registered
     * @param dtype F32 or F64
     * @param arrangement how inputs lie in memory
     */
    void verify(Device device, DType dtype, Arrangement arrangement) {
        Result expected = EXPECTED.computeIfAbsent(name, _ -> run(ORACLE, DType.F64, Arrangement.CONTIGUOUS));
        Result actual = run(device, dtype, arrangement);
        if (!actual.shape().equals(expected.shape()) || actual.dtype() != dtype) {
            throw new AssertionError(name + ": result is " + actual.dtype() + " " + actual.shape() + ", expected "
                    + dtype + " " + expected.shape());
        }
        Tolerance tolerance = (dtype == DType.F64 ? Tolerance.f64() : Tolerance.f32()).forReductionOf(terms)
                .times(measuredFactor);
        assertThatArray(actual.values(), actual.shape().toArray()).as(name)
                .isCloseTo(expected.values(), eachResult ? tolerance.ofEach() : tolerance);
        for (int i = 0; i < inputs.size(); i++) {
            if (actual.gradients()[i] != null) {
                double[] gradient = expected.gradients()[i];
                double largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
                assertThatArray(actual.gradients()[i], inputs.get(i).shape().toArray())
                        .as(name + ": gradient of input " + i).isCloseTo(gradient, largest < termSize
                                ? Tolerance.of(Tolerance.Measure.MAX_ABS, tolerance.limit() * termSize)
                                : tolerance);
            }
        }
    }

    /** Compares the oracle's gradients with finite differences of its result. */
    void verifyGradients() {
        if (!hasRule) {
            return;
        }
        double[] seed = seedFor(run(ORACLE, DType.F64, Arrangement.CONTIGUOUS).values().length);
        double[][] gradients = run(ORACLE, DType.F64, Arrangement.CONTIGUOUS).gradients();
        for (int i = 0; i < inputs.size(); i++) {
            Input input = inputs.get(i);
            if (input.differentiable()) {
                verifyGradient(i, input, gradients[i], seed);
            }
        }
    }

    private void verifyGradient(int i, Input input, double[] gradient, double[] seed) {
        String what = name + ": gradient of input " + i;
        if (input.values().length <= FEW) {
            double[] expected = FiniteDifferences.gradient(x -> dot(forward(i, x), seed), input.values());
            double scale = Math.max(SMALLEST_SCALE, Arrays.stream(expected).map(Math::abs).max().orElse(0));
            assertThatArray(gradient, input.shape().toArray()).as(what).isCloseTo(expected,
                    Tolerance.finiteDifference(scale));
            return;
        }
        double[] direction = SeededArrays.normal(seed() + i, input.values().length);
        double expected = FiniteDifferences.along(x -> dot(forward(i, x), seed), input.values(), direction);
        double scale = Math.max(SMALLEST_SCALE, Math.sqrt(dot(gradient, gradient)));
        assertThatArray(new double[] {dot(gradient, direction)}, 1).as(what + " along a direction")
                .isCloseTo(new double[] {expected}, Tolerance.finiteDifference(scale));
    }

    private double[] forward(int replaced, double[] values) {
        try (Scope _ = Scope.open(ORACLE, name)) {
            Tensor[] tensors = new Tensor[inputs.size()];
            for (int i = 0; i < tensors.length; i++) {
                Input input = inputs.get(i);
                tensors[i] = Tensor.of(i == replaced ? values : input.values(), input.shape().toArray());
            }
            return op.apply(tensors).toDoubleArray();
        }
    }

    private Result run(Device device, DType dtype, Arrangement arrangement) {
        try (Scope _ = Scope.open(device, name)) {
            Tensor[] tensors = new Tensor[inputs.size()];
            for (int i = 0; i < tensors.length; i++) {
                tensors[i] = arrangement.arrange(inputs.get(i).values(), dtype, inputs.get(i).shape());
            }
            double[] withoutTape = op.apply(tensors).toDoubleArray();
            Result result = hasRule ? recorded(tensors) : refused(tensors);
            if (!Arrays.equals(withoutTape, result.values())) {
                throw new AssertionError(name + ": the result under a tape has other bits than without one");
            }
            for (int i = 0; i < tensors.length; i++) {
                if (!Arrays.equals(tensors[i].toDoubleArray(), inputs.get(i).values())) {
                    throw new AssertionError(name + ": the op changed input " + i);
                }
            }
            return result;
        }
    }

    private Result recorded(Tensor[] tensors) {
        try (Tape tape = Tape.record()) {
            for (int i = 0; i < tensors.length; i++) {
                if (inputs.get(i).differentiable()) {
                    tape.watch(tensors[i]);
                }
            }
            Tensor out = op.apply(tensors);
            double[] values = out.toDoubleArray();
            tape.backward(out, Tensor.of(seedFor(values.length), out.shape().toArray()).to(out.dtype()), null);
            double[][] gradients = new double[tensors.length][];
            for (int i = 0; i < tensors.length; i++) {
                if (inputs.get(i).differentiable()) {
                    Tensor gradient = tape.gradient(tensors[i]);
                    TensorAssert.assertThatTensor(gradient).as(name + ": gradient of input " + i)
                            .hasShape(tensors[i].shape()).hasDType(tensors[i].dtype());
                    gradients[i] = gradient.toDoubleArray();
                }
            }
            return new Result(out.shape(), out.dtype(), values, gradients);
        }
    }

    private Result refused(Tensor[] tensors) {
        try (Tape tape = Tape.record()) {
            tape.watch(tensors[0]);
            op.apply(tensors);
            throw new AssertionError(name + ": has no backward rule but did not refuse a recording tape");
        } catch (UnsupportedOperationException e) {
            if (!e.getMessage().contains("no backward rule")) {
                throw new AssertionError(name + ": refuses a tape with another message: " + e.getMessage(), e);
            }
        }
        Tensor[] detached = Arrays.stream(tensors).map(Tensor::detach).toArray(Tensor[]::new);
        Tensor out = op.apply(detached);
        return new Result(out.shape(), out.dtype(), out.toDoubleArray(), new double[tensors.length][]);
    }

    private double[] seedFor(int count) {
        return SeededArrays.normal(name.hashCode(), count);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
