package org.cosmosj.policy.verify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.DiTActivations;
import org.cosmosj.policy.DiTInput;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/** The diffusion transformer: activations, output, and gradients of {@code mean((out - in.target)^2)}. */
final class DitCheck implements FixtureCheck {
    private static final Pattern MODULATED = Pattern.compile("extra\\.rope_fps(\\d+)_modulated");

    @Override
    public String kind() {
        return "dit";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        CosmosDiT model =
                CosmosDiT.load(CosmosDiTConfig.of(fixture.config()), fixture.weights("w."), DType.F32);
        DiTInput input = input(fixture::input);
        putForward(fixture, model, input, results);
        putGradients(model, input, fixture.input("in.target"), results);
    }

    /** Activations, angles, and the outputs of other inputs. */
    static void putForward(Fixture fixture, CosmosDiT model, DiTInput input, Results results) {
        DiTActivations.visit(model, input, (name, value) -> results.put("act." + name, value));
        results.put("act.rope", model.rotaryAngles(input));
        for (String name : fixture.names()) {
            Matcher modulated = MODULATED.matcher(name);
            if (modulated.matches()) {
                results.put(name, model.rotaryAngles(input, Double.parseDouble(modulated.group(1))));
            }
        }
        results.put("out.timesteps_B1", model.forward(withOneTimestep(input)));
        results.put("out.image_mode", model.forward(asImage(input)));
    }

    /** Finds inputs by name. */
    interface Inputs {
        Tensor get(String name) throws CheckpointException;
    }

    static DiTInput input(Inputs inputs) throws CheckpointException {
        return new DiTInput(inputs.get("in.x"), inputs.get("in.timesteps"), inputs.get("in.crossattn_emb"),
                inputs.get("in.condition_mask"), inputs.get("in.padding_mask"));
    }

    private static void putGradients(CosmosDiT model, DiTInput input, Tensor target, Results results) {
        try (Scope _ = Scope.inner("gradients"); Tape tape = Tape.record()) {
            Gradients gradients = Gradients.of(model.parameters());
            tape.watch(input.latents());
            tape.watch(input.text());
            Tensor out = model.forward(input);
            Tensor loss = out.sub(target).map(Unary.SQUARE).mean();
            tape.backward(loss, gradients);
            results.put("out", out);
            results.put("loss", loss);
            results.put("grad.in.x", tape.gradient(input.latents()));
            results.put("grad.in.crossattn_emb", tape.gradient(input.text()));
            for (Parameter parameter : model.parameters()) {
                results.put("grad." + parameter.name(), gradients.of(parameter));
            }
        }
    }

    /** The last frame's timestep for all frames. */
    private static DiTInput withOneTimestep(DiTInput input) {
        Tensor last = input.timesteps().narrow(1, input.timesteps().size(1) - 1, 1);
        return new DiTInput(input.latents(), last, input.text(), input.conditionMask(), input.paddingMask());
    }

    /** Pictures have no condition frames. */
    private static DiTInput asImage(DiTInput input) {
        Tensor none = Tensor.zeros(input.latents().dtype(), input.conditionMask().shape());
        return new DiTInput(input.latents(), input.timesteps(), input.text(), none, input.paddingMask());
    }
}
