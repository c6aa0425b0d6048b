package org.cosmosj.bench.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.cosmosj.nn.AdamW;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.DiTInput;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;

/** The diffusion transformer: its output, its output and gradients, or a whole training step. */
final class TransformerWork implements Workload {
    static final String WEIGHTS = "w.";
    private static final String FIRST = "x_embedder.proj.1.weight";
    private static final String LAST = "final_layer.linear.weight";
    private static final String INNER = "blocks.1.self_attn.q_proj.weight";
    private static final double LEARNING_RATE = 1e-4;
    /** Of the matrices that a fresh network starts from zeros. */
    private static final double MODULATION = 0.02;

    private final Pass pass;
    private final CosmosDiT model;
    private final DiTInput input;
    private final Tensor target;
    private final Tensor weight;
    private final Gradients gradients;
    private final AdamW optimizer;

    TransformerWork(TransformerSize size, MatmulPrecision precision, Pass pass) {
        Rng rng = Rng.seeded(7);
        Shape x = size.latents();
        this.pass = pass;
        this.model = model(size.config(precision));
        this.input = DiTInput.unpadded(Tensor.randn(rng, DType.F32, x), timesteps(x),
                Tensor.randn(rng, DType.F32, size.text()), mask(x));
        this.target = Tensor.randn(rng, DType.F32, x);
        this.weight = Tensor.full(1, DType.F32, Shape.of(x.size(0), x.size(2)));
        this.gradients = pass == Pass.FORWARD ? null : Gradients.of(model.parameters());
        this.optimizer = pass == Pass.TRAINING_STEP
                ? new AdamW(model.parameters(), new AdamW.Config(0.9, 0.99, 1e-8, 0.1))
                : null;
    }

    static CosmosDiT model(CosmosDiTConfig config) {
        CosmosDiT model = new CosmosDiT(config, Weights.random(Rng.seeded(3), config.parameterType()));
        Rng rng = Rng.seeded(5);
        for (Parameter parameter : model.parameters()) {
            if (parameter.name().contains("adaln") && parameter.name().endsWith(".2.weight")) {
                Tensor value = Tensor.randn(rng, DType.F32, parameter.value().shape()).mul(MODULATION);
                parameter.value().copyFrom(value.to(parameter.value().dtype()));
            }
        }
        return model;
    }

    /** Frame 0 is given, the others are at noise levels of their own. */
    private static Tensor timesteps(Shape x) {
        float[] values = new float[(int) (x.size(0) * x.size(2))];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % (int) x.size(2) == 0 ? 0 : 0.75f;
        }
        return Tensor.of(values, x.size(0), x.size(2));
    }

    private static Tensor mask(Shape x) {
        Tensor mask = Tensor.zeros(DType.F32, x.with(1, 1));
        mask.narrow(2, 0, 1).fill(1);
        return mask;
    }

    static String spec(TransformerSize size, MatmulPrecision precision, Pass pass) {
        Object[] fields =
                Stream.concat(Stream.of("kind", "dit", "pass", pass, "bf16", precision == MatmulPrecision.BF16),
                        Stream.of(size.fields())).toArray();
        return Json.object(fields);
    }

    @Override
    public Map<String, Tensor> inputs() {
        Map<String, Tensor> inputs = new LinkedHashMap<>(
                Map.of("x", input.latents(), "t", input.timesteps(), "text", input.text(), "mask",
                        input.conditionMask(), "target", target));
        model.parameters().forEach(p -> inputs.put(WEIGHTS + p.name(), p.value()));
        return inputs;
    }

    @Override
    public Map<String, Tensor> run() {
        if (pass == Pass.FORWARD) {
            return Map.of("out", model.forward(input));
        }
        gradients.zero();
        try (Scope scope = Scope.inner("step"); Tape tape = Tape.record()) {
            Tensor out = pass == Pass.FORWARD_AND_BACKWARD_RECOMPUTING
                    ? model.forwardRecomputing(input)
                    : model.forward(input);
            Tensor loss = Functional.weightedSquaredError(out, target, weight, 1.0 / target.shape().numel());
            tape.backward(loss, gradients);
            scope.promote(loss);
            if (pass == Pass.TRAINING_STEP) {
                optimizer.step(gradients, LEARNING_RATE);
                return Map.of("loss", loss, "first", value(FIRST), "last", value(LAST));
            }
            return Map.of("loss", loss, "first", gradient(FIRST), "last", gradient(LAST), "inner", gradient(INNER));
        }
    }

    private Tensor gradient(String name) {
        return gradients.of(parameter(name));
    }

    private Tensor value(String name) {
        return parameter(name).value();
    }

    private Parameter parameter(String name) {
        return model.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    }
}
