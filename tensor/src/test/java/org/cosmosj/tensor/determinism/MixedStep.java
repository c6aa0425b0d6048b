package org.cosmosj.tensor.determinism;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.OptimizerKernels.AdamWStep;

/**
 * A training step that uses every kernel family at sizes that are split over threads: a convolution, a transformer
 * block
 * with modulation and attention, a loss, clipping and AdamW.
 */
final class MixedStep {
    private static final int B = 2;
    private static final int T = 3;
    private static final int H = 8;
    private static final int W = 8;
    private static final int D = 96;
    private static final int HEADS = 3;
    private static final int TOKENS = T * H * W;
    private static final double EPS = 1e-6;

    private final Device device;
    private final List<Parameter> parameters = new ArrayList<>();

    private MixedStep(Device device) {
        this.device = device;
    }

    /** Runs two steps and fingerprints the loss, all gradients and all parameters. */
    static Map<String, Long> run(Device device) {
        Map<String, Long> bits = new LinkedHashMap<>();
        try (Scope _ = Scope.open(device, "model")) {
            MixedStep model = new MixedStep(device);
            Parameter conv = model.parameter("conv", D, 5, 3, 3, 3);
            Parameter bias = model.parameter("bias", D);
            Parameter gain = model.parameter("gain", D);
            Parameter modulation = model.parameter("modulation", 3 * D, D);
            Parameter qkv = model.parameter("qkv", 3 * D, D);
            Parameter up = model.parameter("up", 4 * D, D);
            Parameter down = model.parameter("down", D, 4 * D);
            Gradients gradients = Gradients.of(model.parameters);
            Tensor first = Tensor.zeros(DType.F32, gradients.flat().shape());
            Tensor second = Tensor.zeros(DType.F32, gradients.flat().shape());
            for (int step = 1; step <= 2; step++) {
                gradients.zero();
                try (Scope _ = Scope.inner("step"); Tape tape = Tape.record()) {
                    Tensor pixels = Tensor.randn(Rng.seeded(1).stream(step), DType.F32, Shape.of(B, 5, T, H, W));
                    Tensor x =
                            Functional.conv3d("conv", pixels, conv.value(), bias.value(), ConvGeometry.causal(3, 3, 3));
                    x = Functional.channelNormSilu(x, gain.value());
                    Tensor tokens = x.reshape(B, D, TOKENS).transpose(1, 2).contiguous().reshape(B, T, H * W, D);
                    Tensor[] shiftScaleGate = Functional.linear(tokens.mean(2), modulation.value()).chunk(3, -1);
                    Tensor y = attend(Functional.modulatedLayerNorm(tokens, shiftScaleGate[0], shiftScaleGate[1], EPS),
                            qkv.value());
                    tokens = Functional.gatedResidual(tokens, shiftScaleGate[2], y);
                    y = Functional.linear(Functional.gelu(Functional.linear(tokens, up.value())), down.value());
                    tokens = tokens.add(Functional.softmax(y).mul(3.7));
                    Tensor loss =
                            Functional.weightedSquaredError(tokens.transpose(1, 3), tokens.detach().transpose(1, 3)
                                    .mul(0.9), Tensor.full(0.7, DType.F32, Shape.of(B, H * W)), 0.01);
                    tape.backward(loss, gradients);
                    bits.put("loss " + step, Bits.of(loss));
                }
                bits.put("norm " + step, Double.doubleToRawLongBits(gradients.clip(1)));
                for (Parameter parameter : model.parameters) {
                    bits.put("gradient of " + parameter.name() + " " + step, Bits.of(gradients.of(parameter)));
                }
                model.update(gradients, first, second, step);
            }
            model.parameters.forEach(p -> bits.put(p.name(), Bits.of(p.value())));
        }
        return bits;
    }

    private static Tensor attend(Tensor x, Tensor weight) {
        Tensor[] qkv = Functional.linear(x.reshape(B, TOKENS, D), weight).chunk(3, -1);
        Tensor gain = Tensor.full(1.1, DType.F32, Shape.of(D / HEADS));
        Tensor angles = Tensor.randn(Rng.seeded(9), DType.F32, Shape.of(TOKENS, D / HEADS / 2));
        Tensor q = Functional.rope(Functional.rmsNorm(heads(qkv[0]), gain, EPS), angles, angles.mul(0.5));
        Tensor k = Functional.rope(Functional.rmsNorm(heads(qkv[1]), gain, EPS), angles, angles.mul(0.5));
        return Functional.attention(q, k, heads(qkv[2]), 0.2).reshape(B, T, H * W, D);
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(B, TOKENS, HEADS, D / HEADS);
    }

    private Parameter parameter(String name, long... sizes) {
        Rng rng = Rng.seeded(77).stream(parameters.size());
        parameters.add(new Parameter(name, Tensor.randn(rng, DType.F32, Shape.of(sizes)).mul(0.1)));
        return parameters.getLast();
    }

    private void update(Gradients gradients, Tensor first, Tensor second, int k) {
        AdamWStep step = new AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, 1 - Math.pow(0.9, k), 1 - Math.pow(0.95, k), 1);
        long at = 0;
        for (Parameter parameter : parameters) {
            long n = parameter.value().shape().numel();
            Backends.of(device).optimizers().adamW(gradients.of(parameter).operand().reshape(n),
                    parameter.value().operand().reshape(n), first.narrow(0, at, n).operand(),
                    second.narrow(0, at, n).operand(), step);
            at += n;
        }
    }
}
