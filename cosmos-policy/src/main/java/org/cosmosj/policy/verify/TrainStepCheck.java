package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.diffusion.DiffusionLoss;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.CosmosDiT;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.DiTInput;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.LatentLayout;
import org.cosmosj.policy.LatentNetwork;
import org.cosmosj.policy.PolicyBatch;
import org.cosmosj.policy.PolicyLoss;
import org.cosmosj.policy.PolicyObjective;
import org.cosmosj.policy.SampleKind;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Gradients;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.WanVae;

/**
 * One forward and backward pass of the training objective, from pictures if the fixture holds some, else from latents.
 */
final class TrainStepCheck implements FixtureCheck {
    private static final String INPUT = "in.";
    private static final String IMAGES = INPUT + "images";
    private static final String PADDING = INPUT + "padding_mask";
    /** How {@code config.video} starts. */
    private static final String FROM_IMAGES = "from in.images";
    private static final String FROM_LATENTS = "none";

    @Override
    public String kind() {
        return "train_step";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        CosmosPolicyConfig config = CosmosPolicyConfig.of(fixture.config());
        CosmosDiT network = CosmosDiT.load(config.net(), fixture.weights("net."), DType.F32);
        PolicyBatch batch = batch(fixture::input, latents(fixture, config, results));
        checkBatch(fixture, config, batch);
        LatentNetwork recorded = input -> record(input, network.forward(input), results);
        try (Tape tape = Tape.record()) {
            Gradients gradients = Gradients.of(network.parameters());
            PolicyLoss loss = new PolicyObjective(config, recorded)
                    .loss(batch, fixture.input("sigma_before_multiplier"), fixture.input("epsilon"));
            tape.backward(loss.loss(), gradients);
            for (Parameter parameter : network.parameters()) {
                results.put("grad." + parameter.name(), gradients.of(parameter));
            }
            put(loss, config.layout(), batch.kinds(), results);
        }
    }

    private static Tensor record(DiTInput input, Tensor out, Results results) {
        results.put("net.x", input.latents());
        results.put("net.timesteps", input.timesteps());
        results.put("net.out", out);
        return out;
    }

    private static void put(PolicyLoss loss, LatentLayout layout, List<SampleKind> kinds, Results results) {
        results.put("loss", loss.loss());
        results.put("sigma", loss.sigma().unsqueeze(1));
        results.put("gt_frames", loss.given().frames());
        results.put("condition_mask", loss.given().mask());
        results.put("x0", loss.x0());
        results.put("xt", loss.xt());
        results.put("x0_pred", loss.estimate());
        results.put("eps_pred", DiffusionLoss.impliedNoise(loss.xt(), loss.estimate(), loss.sigma()));
        results.put("weights_per_sigma",
                loss.objective().preconditioning().lossWeight(loss.sigma()).unsqueeze(1));
        results.put("edm_loss_per_frame", loss.frameErrors());
        results.put("kendall_per_frame", loss.frameErrors().mul(loss.frameFactors()));
        loss.terms(layout, kinds).forEach((name, value) -> results.put("terms." + name, value));
    }

    /** Where a batch's tensors come from. */
    @FunctionalInterface
    interface Inputs {
        Tensor tensor(String name) throws CheckpointException;
    }

    /** The batch of a fixture; other checks train on it as well. */
    static PolicyBatch batch(Inputs inputs, Tensor latents) throws CheckpointException {
        long[] rollout = inputs.tensor("in.rollout_data_mask").to(DType.I64).toLongArray();
        long[] worldModel = inputs.tensor("in.world_model_sample_mask").to(DType.I64).toLongArray();
        long[] value = inputs.tensor("in.value_function_sample_mask").to(DType.I64).toLongArray();
        List<SampleKind> kinds = new ArrayList<>();
        for (int b = 0; b < rollout.length; b++) {
            kinds.add(SampleKind.of(rollout[b], worldModel[b], value[b]));
        }
        return new PolicyBatch(latents, kinds, inputs.tensor("in.actions"), inputs.tensor("in.proprio"),
                inputs.tensor("in.future_proprio"), inputs.tensor("in.value_function_return"),
                inputs.tensor("in.t5_text_embeddings"));
    }

    /** What the batch says of itself beside what is read from it must agree with the configuration. */
    private static void checkBatch(Fixture fixture, CosmosPolicyConfig config, PolicyBatch batch)
            throws CheckpointException {
        List<String> kinds = batch.kinds().stream().map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();
        fixture.config().expect("sample_kinds", kinds);
        fixture.config().expect("text_tokens", batch.text().size(1));
        if (fixture.hasInput(PADDING) && Arrays.stream(fixture.input(PADDING).toDoubleArray()).anyMatch(v -> v != 0)) {
            throw new IllegalArgumentException(fixture + ": " + PADDING
                    + " is not zero; a policy's pictures fill their frames");
        }
        for (String name : fixture.names()) {
            if (name.startsWith(INPUT) && name.endsWith("_latent_idx")) {
                FrameRole role = FrameRole.parse(name.substring(INPUT.length()));
                int frame = config.layout().has(role) ? config.layout().index(role) : -1;
                if (Arrays.stream(fixture.input(name).toDoubleArray()).anyMatch(index -> index != frame)) {
                    throw new IllegalArgumentException(fixture + ": " + name + " is not frame " + frame
                            + " of latent_indices in every sample");
                }
            }
        }
    }

    private static Tensor latents(Fixture fixture, CosmosPolicyConfig config, Results results)
            throws CheckpointException {
        if (!startsFromImages(fixture)) {
            return fixture.input("latents");
        }
        WanVae vae = config.tokenizer(Weights.of(fixture.weights("vae."), DType.F32));
        Tensor images = fixture.input(IMAGES);
        List<Camera> cameras = config.layout().cameras();
        Tensor video = config.videoBuilder().video(pictures(images, cameras, 0),
                pictures(images, cameras, cameras.size()), config.layout().size());
        Tensor latents = vae.encode(video).mul(config.diffusion().sigmaData());
        results.put("latents", latents);
        return latents;
    }

    private static boolean startsFromImages(Fixture fixture) throws CheckpointException {
        String video = fixture.config().text("video", fixture.hasInput(IMAGES) ? FROM_IMAGES : FROM_LATENTS);
        if (!video.startsWith(FROM_IMAGES) && !video.startsWith(FROM_LATENTS)) {
            throw new IllegalArgumentException(fixture + ": video '" + video + "' is unknown; it starts with '"
                    + FROM_IMAGES + "' or '" + FROM_LATENTS + "'");
        }
        return video.startsWith(FROM_IMAGES);
    }

    /** (B, 2 cameras, h, w, 3): the present of all cameras, then the future of all. */
    private static Map<Camera, Tensor> pictures(Tensor images, List<Camera> cameras, int from) {
        Map<Camera, Tensor> pictures = new LinkedHashMap<>();
        for (int i = 0; i < cameras.size(); i++) {
            pictures.put(cameras.get(i), images.select(1, from + i));
        }
        return pictures;
    }
}
