package org.cosmosj.bench.peer;

import java.util.Map;
import org.cosmosj.bench.TokenShape;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;

/** What a transformer does to every token between its products, and the update of as many parameters. */
final class TokenWork implements Workload {
    static final double EPS = 1e-6;
    /** First step of PyTorch's defaults but for the weight decay. */
    private static final AdamWStep FIRST = new AdamWStep(1e-4, 0.9, 0.99, 1e-8, 0.1, 1 - 0.9, 1 - 0.99, 1);

    private final Kind kind;
    private final TokenShape shape;
    private final Tensor x;
    private final Tensor y;
    private final Tensor shift;
    private final Tensor scale;
    private final Tensor gain;
    private final Tensor cos;
    private final Tensor sin;
    private final Tensor first;
    private final Tensor second;

    /** Which operation; the number counts tensors of the size of x that are read or written once. */
    enum Kind {
        /** LayerNorm, then scale and shift of the frame. */
        MODULATED_LAYER_NORM(2),
        /** RMS norm per head, then rotation. */
        RMS_NORM_ROPE(2),
        /** The exact form. */
        GELU(2),
        /** {@code x sigmoid(x)}. */
        SILU(2),
        /** {@code x + gate y}. */
        GATED_RESIDUAL(3),
        /** A step with both moments. */
        ADAM_W(7);

        private final int tensors;

        Kind(int tensors) {
            this.tensors = tensors;
        }
    }

    TokenWork(TokenShape shape, Kind kind) {
        Rng rng = Rng.seeded(7);
        this.kind = kind;
        this.shape = shape;
        Shape tokens = Shape.of(1, shape.groups(), shape.perGroup(), shape.width());
        Shape frames = Shape.of(1, shape.groups(), shape.width());
        Shape angles = Shape.of(shape.rows(), shape.headWidth() / 2);
        this.x = Tensor.randn(rng, DType.F32, tokens);
        this.y = Tensor.randn(rng, DType.F32, tokens);
        this.shift = Tensor.randn(rng, DType.F32, frames);
        this.scale = Tensor.randn(rng, DType.F32, frames);
        this.gain = Tensor.randn(rng, DType.F32, Shape.of(shape.headWidth()));
        Tensor angle = Tensor.randn(rng, DType.F32, angles);
        this.cos = angle.map(Unary.COS);
        this.sin = angle.map(Unary.SIN);
        this.first = Tensor.zeros(DType.F32, tokens);
        this.second = Tensor.zeros(DType.F32, tokens);
    }

    static String spec(Kind kind) {
        return Json.object("kind", kind.name().toLowerCase(java.util.Locale.ROOT));
    }

    static PeerRow.Cost cost(TokenShape shape, Kind kind) {
        return PeerRow.Cost.bytes(kind.tensors * shape.bytes());
    }

    @Override
    public Map<String, Tensor> inputs() {
        return Map.of("x", x, "y", y, "shift", shift, "scale", scale, "gain", gain, "cos", cos, "sin", sin);
    }

    @Override
    public Map<String, Tensor> run() {
        return switch (kind) {
            case MODULATED_LAYER_NORM -> Map.of("out", Functional.modulatedLayerNorm(x, shift, scale, EPS));
            case RMS_NORM_ROPE -> Map.of("out", rmsNormRope());
            case GELU -> Map.of("out", Functional.gelu(x));
            case SILU -> Map.of("out", Functional.silu(x));
            case GATED_RESIDUAL -> Map.of("out", Functional.gatedResidual(x, scale, y));
            case ADAM_W -> adamW();
        };
    }

    private Tensor rmsNormRope() {
        Tensor heads = x.reshape(1, shape.rows(), shape.heads(), shape.headWidth());
        return Functional.rope(Functional.rmsNorm(heads, gain, EPS), cos, sin);
    }

    /** The first call is what is compared; later ones go on from it. */
    private Map<String, Tensor> adamW() {
        Backends.of(Scope.current().device()).optimizers().adamW(y.operand(), x.operand(), first.operand(),
                second.operand(), FIRST);
        return Map.of("out", x);
    }
}
