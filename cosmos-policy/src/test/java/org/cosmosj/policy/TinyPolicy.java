package org.cosmosj.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.policy.CosmosPolicyConfig.Sizes;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/** A policy of 32 x 32 pixels, 4 latent channels and a network of 2 blocks. */
final class TinyPolicy {
    static final int CHUNK = 3;
    static final int ACTION = 2;
    static final int PROPRIO = 5;
    static final int TEXT = 4;
    static final int TEXT_WIDTH = 6;

    private static final CosmosDiTConfig NET = new CosmosDiTConfig(4, 4, 16, 16, 16, 2, 24, 2, 2, 2, TEXT_WIDTH, 4, 3,
            3, 1, Rounding.FLOAT32, 1, Rounding.FLOAT32, Rounding.FLOAT32);
    private static final WanVaeConfig VAE =
            new WanVaeConfig(4, 4, List.of(1, 2, 2, 2), 1, List.of(false, true, true), 16);

    private TinyPolicy() {}

    static CosmosPolicyConfig config(LatentLayout layout) {
        return new CosmosPolicyConfig(layout, NET, VAE, Rounding.FLOAT32,
                new Sizes(32, CHUNK, ACTION, PROPRIO, TEXT), DiffusionConfig.RELEASED, SamplingConfig.RELEASED,
                ObjectiveFlags.NONE, Crop.CENTRE, Rounding.FLOAT32);
    }

    /** A network whose last layer is not zero, so that conditioning reaches the output. */
    static CosmosDiT network() {
        CosmosDiT model = new CosmosDiT(NET, Weights.random(Rng.seeded(1), DType.F32));
        model.parameters().forEach(p -> p.value().copyFrom(p.value().detach()
                .add(Tensor.randn(Rng.seeded(2).stream(p.name().hashCode()), DType.F32, p.value().shape()).mul(0.2))));
        return model;
    }

    static WanVae tokenizer() {
        return new WanVae(Weights.random(Rng.seeded(3), DType.F32), VAE, LatentStatistics.identity(4));
    }

    static NormalizationStatistics statistics() {
        return new NormalizationStatistics(
                DimensionStatistics.measure(new double[][] {{-2, 0}, {2, 10}}),
                DimensionStatistics.measure(new double[][] {{-1, -1, -1, -1, 0.5}, {1, 1, 1, 3, 0.5}}));
    }

    static CosmosPolicy policy(LatentLayout layout, LatentNetwork network) {
        return new CosmosPolicy(config(layout), network, tokenizer(), statistics());
    }

    static PolicyObservation observation(LatentLayout layout) {
        Map<Camera, RgbImage> images = new EnumMap<>(Camera.class);
        for (Camera camera : layout.cameras()) {
            byte[] rgb = new byte[40 * 40 * 3];
            Rng rng = Rng.seeded(camera.ordinal());
            for (int i = 0; i < rgb.length; i++) {
                rgb[i] = (byte) rng.nextInt(256);
            }
            images.put(camera, new RgbImage(40, 40, rgb));
        }
        return new PolicyObservation(images, new double[] {0.1, -0.2, 0.3, 2, 0.5});
    }

    static Tensor text() {
        return Tensor.randn(Rng.seeded(8), DType.F32, Shape.of(1, TEXT, TEXT_WIDTH));
    }

    /** A batch with one sample of each kind; latents of 4 x 4. */
    static PolicyBatch batch(LatentLayout layout) {
        Rng rng = Rng.seeded(9);
        return new PolicyBatch(Tensor.randn(rng, DType.F32, Shape.of(3, 4, layout.size(), 4, 4)),
                List.of(SampleKind.values()),
                Tensor.randn(rng, DType.F32, Shape.of(3, CHUNK, ACTION)).mul(0.5),
                Tensor.randn(rng, DType.F32, Shape.of(3, PROPRIO)).mul(0.5),
                Tensor.randn(rng, DType.F32, Shape.of(3, PROPRIO)).mul(0.5),
                Tensor.of(new float[] {1, -1, 0.25f}, 3),
                Tensor.randn(rng, DType.F32, Shape.of(3, TEXT, TEXT_WIDTH)));
    }
}
