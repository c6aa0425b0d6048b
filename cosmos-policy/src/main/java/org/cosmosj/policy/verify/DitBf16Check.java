package org.cosmosj.policy.verify;

import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosDiTConfig;
import org.cosmosj.policy.DiTInput;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;

/** The diffusion transformer with BF16 parameters and activations: activations and output. */
final class DitBf16Check implements FixtureCheck {
    @Override
    public String kind() {
        return "dit_bf16";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        CosmosDiTConfig config = CosmosDiTConfig.of(fixture.config());
        put(fixture, CosmosDiT.load(config, fixture.weights("w."), DType.BF16), results);
    }

    /** The inputs, which stand beside the weights unless the fixture has its own. */
    static DiTInput input(Fixture fixture) throws CheckpointException {
        return DitCheck.input(
                name -> fixture.hasInput(name) ? fixture.input(name) : fixture.weights("").tensor(name));
    }

    static void put(Fixture fixture, CosmosDiT model, Results results) throws CheckpointException {
        DiTInput input = input(fixture);
        DitCheck.putForward(fixture, model, input, results);
        results.alias("act.sincos", "act.t_embedding.0");
        results.alias("act.adaln_lora", "act.t_embedding.1");
        results.put("out", model.forward(input));
    }
}
