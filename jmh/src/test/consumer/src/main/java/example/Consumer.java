package example;

import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;

/** The gradient of a least-squares fit at zero. */
public final class Consumer {
    public static void main(String[] args) {
        try (var scope = Scope.open(Device.cpu(), "consumer"); var tape = Tape.record()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
            Tensor y = Tensor.of(new float[] {5, 11, 17}, 3, 1);
            Tensor w = tape.watch(Tensor.zeros(DType.F32, Shape.of(2, 1)));
            Tensor error = x.matmul(w).sub(y);
            tape.backward(error.mul(error).sum(), Gradients.of(List.of()));
            System.out.println("gradient " + Arrays.toString(tape.gradient(w).toFloatArray()));
        }
    }
}
