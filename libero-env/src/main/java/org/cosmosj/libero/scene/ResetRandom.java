package org.cosmosj.libero.scene;

import java.util.function.Consumer;
import org.cosmosj.libero.scene.ResetDraw.Kind;
import org.cosmosj.tensor.NumpyRandom;

/** NumPy's generator as resets use it, telling of every draw. */
final class ResetRandom {

    private final NumpyRandom random;
    private final Consumer<ResetDraw> listener;

    ResetRandom(NumpyRandom random, Consumer<ResetDraw> listener) {
        this.random = random;
        this.listener = listener;
    }

    /** A number between two, in either order. */
    double uniform(double low, double high) {
        double number = random.nextDouble(low, high);
        listener.accept(new ResetDraw(Kind.UNIFORM, low, high, number));
        return number;
    }

    /** A whole number in [0, bound). */
    int integer(int bound) {
        int number = random.nextInt(bound);
        listener.accept(new ResetDraw(Kind.RANDINT, bound, number));
        return number;
    }

    /** Standard normal numbers, which the reference multiplies by zero. */
    void normals(int count) {
        double[] numbers = new double[1 + count];
        numbers[0] = count;
        for (int i = 1; i <= count; i++) {
            numbers[i] = random.nextGaussian();
        }
        listener.accept(new ResetDraw(Kind.RANDN, numbers));
    }
}
