package org.cosmosj.bench.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.vae.LatentStatistics;
import org.cosmosj.vae.WanVae;
import org.cosmosj.vae.WanVaeConfig;

/** The full-size tokenizer on pictures of 224 x 224 pixels. */
final class TokenizerWork implements Workload {
    private static final int SIDE = 224;

    private final Direction direction;
    private final Weights weights;
    private final WanVae vae;
    private final Tensor input;

    /** Which half. */
    enum Direction {
        /** Pictures to latents. */
        ENCODE,
        /** Latents to pictures. */
        DECODE
    }

    TokenizerWork(Direction direction, int frames) {
        Rng rng = Rng.seeded(7);
        this.direction = direction;
        this.weights = Weights.random(Rng.seeded(3), DType.F32);
        this.vae = vae(weights);
        this.input = direction == Direction.ENCODE
                ? Tensor.randn(rng, DType.F32, Shape.of(1, 3, frames, SIDE, SIDE))
                : Tensor.randn(rng, DType.F32, Shape.of(1, 16, frames, SIDE / 8, SIDE / 8));
    }

    static WanVae vae(Weights weights) {
        return new WanVae(weights, WanVaeConfig.WAN_2_1, LatentStatistics.wan(16, Rounding.FLOAT32));
    }

    static String spec(Direction direction) {
        return Json.object("kind", "vae", "decode", direction == Direction.DECODE);
    }

    @Override
    public Map<String, Tensor> inputs() {
        Map<String, Tensor> inputs = new LinkedHashMap<>(Map.of("x", input));
        for (Parameter parameter : weights.parameters()) {
            inputs.put(TransformerWork.WEIGHTS + parameter.name(), parameter.value());
        }
        return inputs;
    }

    @Override
    public Map<String, Tensor> run() {
        return Map.of("out", direction == Direction.ENCODE ? vae.encode(input) : vae.decode(input));
    }
}
