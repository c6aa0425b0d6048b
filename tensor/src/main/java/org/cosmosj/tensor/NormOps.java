package org.cosmosj.tensor;

import org.cosmosj.tensor.spi.NormKernels.Activation;
import org.cosmosj.tensor.spi.NormKernels.Rotation;
import org.cosmosj.tensor.spi.Operand;

/** Layer norm with modulation, RMS norms, softmax and rotary embedding; formulas stand in {@code NormKernels}. */
final class NormOps {
    private NormOps() {}

    /** x (.., P.., D) with shift and scale (.., D) whose leading axes equal the first axes of x. */
    static Tensor layerNorm(Tensor x, Tensor shift, Tensor scale, double eps) {
        boolean rounded = RoundedOp.takes("layerNorm", x, shift, scale);
        if (!rounded) {
            Checks.compute("layerNorm", x, shift, scale);
        }
        boolean modulated = scale != null;
        long d = x.size(-1);
        long groups = modulated ? Groups.count("layerNorm", "scale", x, scale) : 1;
        if (modulated) {
            Checks.sameShape("layerNorm", "shift", shift, scale.shape());
        }
        if (rounded) {
            return roundedLayerNorm(x, shift, scale, eps);
        }
        long rows = d == 0 ? 0 : x.shape().numel() / d;
        long perGroup = groups == 0 ? 0 : rows / groups;
        Tensor dense = x.contiguous();
        Tensor denseShift = modulated ? shift.contiguous() : null;
        Tensor denseScale = modulated ? scale.contiguous() : null;
        Tensor out = Tensor.emptyLike(x, x.shape());
        Tensor mean = Tensor.emptyLike(x, Shape.of(groups, perGroup));
        Tensor rstd = Tensor.emptyLike(x, Shape.of(groups, perGroup));
        x.backend().norms().layerNorm(dense.operand().reshape(groups, perGroup, d),
                modulated ? denseShift.operand().reshape(groups, d) : null,
                modulated ? denseScale.operand().reshape(groups, d) : null, eps,
                out.operand().reshape(groups, perGroup, d), mean.operand(), rstd.operand());
        return Tape.attach("layerNorm", out, new Tensor[] {dense, denseScale, mean, rstd}, NormOps::layerNormBackward,
                dense, denseShift, denseScale);
    }

    /** Rounds the norm, 1 + scale, their product and the sum, as by four ops. */
    private static Tensor roundedLayerNorm(Tensor x, Tensor shift, Tensor scale, double eps) {
        return RoundedOp.compose("layerNorm", () -> {
            Tensor norm = RoundedOp.apply("layerNorm", wide -> layerNorm(wide[0], null, null, eps), x);
            return scale == null
                    ? norm
                    : norm.mul(RoundedOp.spread(scale.add(1), x)).add(RoundedOp.spread(shift, x));
        });
    }

    private static void layerNormBackward(Backward node) {
        Tensor x = node.saved(0);
        Tensor scale = node.saved(1);
        Tensor mean = node.saved(2);
        long groups = mean.size(0);
        long perGroup = mean.size(1);
        long d = x.size(-1);
        Tensor dX = Tensor.emptyLike(x, x.shape());
        Tensor dShift = scale == null ? null : Tensor.emptyLike(x, scale.shape());
        Tensor dScale = scale == null ? null : Tensor.emptyLike(x, scale.shape());
        x.backend().norms().layerNormBackward(node.dOut().operand().reshape(groups, perGroup, d),
                x.operand().reshape(groups, perGroup, d), scale == null ? null : scale.operand().reshape(groups, d),
                mean.operand(), node.saved(3).operand(), dX.operand().reshape(groups, perGroup, d),
                scale == null ? null : dShift.operand().reshape(groups, d),
                scale == null ? null : dScale.operand().reshape(groups, d));
        node.accumulate(0, dX);
        if (scale != null) {
            node.accumulate(1, dShift);
            node.accumulate(2, dScale);
        }
    }

    static Tensor rmsNorm(Tensor x, Tensor gain, double eps) {
        if (RoundedOp.takes("rmsNorm", x, gain)) {
            return RoundedOp.apply("rmsNorm", wide -> rmsNorm(wide[0], wide[1], eps), x, gain);
        }
        Checks.compute("rmsNorm", x, gain);
        long d = x.size(-1);
        Checks.sameShape("rmsNorm", "gain", gain, Shape.of(d));
        long rows = d == 0 ? 0 : x.shape().numel() / d;
        Tensor dense = x.contiguous();
        Tensor denseGain = gain.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        Tensor rstd = Tensor.emptyLike(x, Shape.of(rows));
        x.backend().norms().rmsNorm(dense.operand().reshape(rows, d), denseGain.operand(), eps,
                out.operand().reshape(rows, d), rstd.operand());
        return Tape.attach("rmsNorm", out, new Tensor[] {dense, denseGain, rstd}, node -> {
            Tensor dX = Tensor.emptyLike(dense, node.dOut().shape());
            Tensor dGain = Tensor.emptyLike(dense, Shape.of(d));
            dX.backend().norms().rmsNormBackward(node.dOut().operand().reshape(rows, d),
                    node.saved(0).operand().reshape(rows, d), node.saved(1).operand(), node.saved(2).operand(),
                    dX.operand().reshape(rows, d), dGain.operand());
            node.accumulate(0, dX);
            node.accumulate(1, dGain);
        }, dense, denseGain);
    }

    static Tensor channelNorm(Tensor x, Tensor gain, Activation activation) {
        Checks.compute("channelNorm", x, gain);
        Checks.require(x.shape().rank() >= 2 && gain.shape().numel() == x.size(1), "channelNorm",
                "gain " + gain.shape() + " does not match channels of " + x.shape());
        Tensor dense = x.contiguous();
        Tensor denseGain = gain.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        x.backend().norms().channelNorm(channels(dense), denseGain.operand().reshape(x.size(1)), activation,
                channels(out));
        return Tape.attach("channelNorm", out, new Tensor[] {dense, denseGain}, node -> {
            Tensor input = node.saved(0);
            Tensor dX = Tensor.emptyLike(input, input.shape());
            Tensor dGain = Tensor.emptyLike(input, node.saved(1).shape());
            dX.backend().norms().channelNormBackward(channels(node.dOut()), channels(input),
                    node.saved(1).operand().reshape(input.size(1)), activation, channels(dX),
                    dGain.operand().reshape(input.size(1)));
            node.accumulate(0, dX);
            node.accumulate(1, dGain);
        }, dense, denseGain);
    }

    private static Operand channels(Tensor x) {
        return x.operand().reshape(x.size(0), x.size(1), x.shape().slice(2, x.shape().rank()).numel());
    }

    static Tensor softmax(Tensor x) {
        if (RoundedOp.takes("softmax", x)) {
            return RoundedOp.apply("softmax", wide -> softmax(wide[0]), x);
        }
        Checks.compute("softmax", x);
        long d = x.size(-1);
        long rows = d == 0 ? 0 : x.shape().numel() / d;
        Tensor dense = x.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        x.backend().norms().softmax(dense.operand().reshape(rows, d), out.operand().reshape(rows, d));
        return Tape.attach("softmax", out, new Tensor[] {out}, node -> {
            Tensor dX = Tensor.emptyLike(node.dOut(), node.dOut().shape());
            dX.backend().norms().softmaxBackward(node.dOut().operand().reshape(rows, d),
                    node.saved(0).operand().reshape(rows, d), dX.operand().reshape(rows, d));
            node.accumulate(0, dX);
        }, dense);
    }

    static Tensor rope(Tensor x, Tensor cos, Tensor sin, Rotation rotation) {
        if (RoundedOp.takes("rope", x)) {
            return RoundedOp.apply("rope", wide -> rope(wide[0], wide[1], wide[2], rotation), x, cos, sin);
        }
        Checks.compute("rope", x, cos, sin);
        Checks.rank("rope", "input", x, 4, "(B, L, h, d)");
        Checks.require(x.size(3) % 2 == 0, "rope", "head width " + x.size(3) + " is odd; it must be even");
        Checks.sameShape("rope", "cos", cos, Shape.of(x.size(1), x.size(3) / 2));
        Checks.sameShape("rope", "sin", sin, cos.shape());
        Tensor dense = x.contiguous();
        Tensor denseCos = cos.contiguous();
        Tensor denseSin = sin.contiguous();
        Tensor out = Tensor.emptyLike(x, x.shape());
        x.backend().norms().rope(dense.operand(), denseCos.operand(), denseSin.operand(), rotation, out.operand());
        Rotation back = rotation == Rotation.FORWARD ? Rotation.INVERSE : Rotation.FORWARD;
        return Tape.attach("rope", out, new Tensor[] {denseCos, denseSin},
                node -> node.accumulate(0, rope(node.dOut(), node.saved(0), node.saved(1), back)), dense);
    }
}
