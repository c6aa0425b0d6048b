package org.cosmosj.policy.verify;

import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.VaeJson;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;

/** Encodes every {@code encT.in} and decodes every {@code decT.in} of a {@code wan_vae} fixture. */
final class WanVaeCheck implements FixtureCheck {
    @Override
    public String kind() {
        return "wan_vae";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        WanVae vae = VaeJson.vae(Weights.of(fixture.weights("w."), DType.F32), fixture.config());
        int channels = vae.config().zDim();
        putStatistics("scale.", vae.statistics(), results);
        putStatistics("scale_bf16.", LatentStatistics.wan(channels, Rounding.BFLOAT16), results);
        for (String name : fixture.names()) {
            String run = name.substring(0, Math.max(0, name.indexOf('.')));
            if (name.equals(run + ".in") && run.startsWith("enc")) {
                encode(vae, run, fixture, results);
            } else if (name.equals(run + ".in") && run.startsWith("dec")) {
                decode(vae, run, fixture, results);
            }
        }
    }

    private static void putStatistics(String prefix, LatentStatistics statistics, Results results) {
        results.put(prefix + "mean", statistics.mean().stream().mapToDouble(Float::doubleValue).toArray());
        results.put(prefix + "inv_std", statistics.invStd().stream().mapToDouble(Float::doubleValue).toArray());
    }

    private static void encode(WanVae vae, String run, Fixture fixture, Results results) throws CheckpointException {
        try (Scope _ = Scope.inner(run)) {
            Tensor video = fixture.input(run + ".in");
            Tensor[] moments = vae.moments(video).chunk(2, 1);
            results.put(run + ".mu_raw", moments[0]);
            results.put(run + ".logvar_raw", moments[1]);
            results.put(run + ".mu_normalized", vae.encode(video));
            if (video.size(2) == 1) {
                putActivations(run, vae.encoderActivations(video), results);
            }
        }
    }

    private static void decode(WanVae vae, String run, Fixture fixture, Results results) throws CheckpointException {
        try (Scope _ = Scope.inner(run)) {
            Tensor latents = fixture.input(run + ".in");
            results.put(run + ".out", vae.decode(latents));
            if (latents.size(2) == 1) {
                putActivations(run, vae.decoderActivations(latents), results);
            }
        }
    }

    private static void putActivations(String run, Map<String, Tensor> activations, Results results) {
        activations.forEach((stage, value) -> results.put(run + ".act." + stage, value));
    }
}
