package org.cosmosj.tensor;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Ops on BF16 operands, as PyTorch defines them: the operands are widened exactly, the op computes in F32 and its
 * result is rounded to nearest even, once. They have no backward rules, and nothing of BF16 can be differentiated.
 */
final class RoundedOp {
    private RoundedOp() {}

    /** Whether operands are BF16, all of them; nulls are skipped. */
    static boolean takes(String op, Tensor first, Tensor... others) {
        if (first.dtype() != DType.BF16) {
            return false;
        }
        first.requireOpen(op);
        for (Tensor other : others) {
            if (other != null) {
                Checks.sameDevice(op, first, other);
                Checks.sameDType(op, first, other);
            }
        }
        return true;
    }

    /** The F32 op between widening and rounding; operands that are F32 already are left as they are. */
    static Tensor apply(String op, Function<Tensor[], Tensor> f32, Tensor... operands) {
        return compose(op, () -> {
            Tensor[] wide = new Tensor[operands.length];
            for (int i = 0; i < operands.length; i++) {
                wide[i] = operands[i].to(DType.F32);
            }
            return f32.apply(wide).to(DType.BF16);
        });
    }

    /** A result whose intermediate values end with it. */
    static Tensor compose(String op, Supplier<Tensor> steps) {
        try (Scope scope = Scope.inner(op)) {
            return scope.promote(steps.get());
        }
    }

    /** One value per leading axis and channel, (.., D), as a view that broadcasts against x (.., P.., D). */
    static Tensor spread(Tensor perGroup, Tensor x) {
        int lead = perGroup.shape().rank() - 1;
        Shape shape = perGroup.shape();
        for (int axis = lead; axis < x.shape().rank() - 1; axis++) {
            shape = shape.slice(0, axis).append(1).append(shape.size(-1));
        }
        return perGroup.reshape(shape);
    }
}
