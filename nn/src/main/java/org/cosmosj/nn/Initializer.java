package org.cosmosj.nn;

import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** How a parameter starts when no checkpoint gives its value. */
@FunctionalInterface
public interface Initializer {
    /** All zeros. */
    Initializer ZEROS = (_, dtype, shape) -> Tensor.zeros(dtype, shape);

    /** All ones. */
    Initializer ONES = (_, dtype, shape) -> Tensor.full(1, dtype, shape);

    /**
     * Makes the starting value.
     *
     * @param rng a stream of this parameter's own
     * @param dtype F32 or F64
     * @param shape its shape
     * @return a contiguous tensor of the current scope
     */
    Tensor create(Rng rng, DType dtype, Shape shape);

    /**
     * A normal distribution cut at three standard deviations. Source: spec 01 section 13.
     *
     * @param std standard deviation before cutting, above 0
     * @return the initializer
     */
    static Initializer truncatedNormal(double std) {
        return (rng, dtype, shape) -> draw(dtype, shape, () -> {
            double z = rng.nextGaussian();
            while (Math.abs(z) > 3) {
                z = rng.nextGaussian();
            }
            return std * z;
        });
    }

    /**
     * Uniform in [-bound, bound), as PyTorch starts convolutions and biased linear layers with bound = fanIn^-1/2.
     *
     * @param bound above 0
     * @return the initializer
     */
    static Initializer uniform(double bound) {
        return (rng, dtype, shape) -> draw(dtype, shape, () -> rng.nextDouble(-bound, bound));
    }

    private static Tensor draw(DType dtype, Shape shape, java.util.function.DoubleSupplier next) {
        double[] values = new double[Math.toIntExact(shape.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = next.getAsDouble();
        }
        Tensor exact = Tensor.of(values, shape.toArray());
        return exact.to(dtype);
    }
}
