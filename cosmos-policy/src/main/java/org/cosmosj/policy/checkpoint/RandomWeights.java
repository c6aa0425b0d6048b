package org.cosmosj.policy.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSpec;
import org.cosmosj.tensor.TensorValues;

/**
 * Random values of an inventory's tensors, of magnitudes that keep a forward pass finite: matrices and filters nearly
 * normal, within 3.5 deviations, with variance 1 / fan-in, gains near 1, biases and counters 0, and the ranges of the
 * rotary embedding as the reference computes them. A tensor's values depend on the seed and its place in the inventory
 * only.
 */
final class RandomWeights implements TensorValues {
    private static final double GAIN_DEVIATION = 0.05;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;
    /** Of the sum of four uniform bytes. */
    private static final float BYTES_MEAN = 4 * 127.5f;
    private static final double BYTES_DEVIATION = Math.sqrt(4 * (256.0 * 256 - 1) / 12);

    private final Rng seed;
    private final Map<String, Integer> places = new HashMap<>();

    RandomWeights(Inventory inventory, long seed) {
        this.seed = Rng.seeded(seed);
        List<TensorSpec> specs = new ArrayList<>(inventory.tensors());
        for (int i = 0; i < specs.size(); i++) {
            places.put(specs.get(i).key(), i);
        }
    }

    @Override
    public Tensor of(TensorSpec spec) {
        String key = spec.key();
        Shape shape = spec.shape();
        if (key.contains("pos_embedder.")) {
            return range(key, Math.toIntExact(shape.numel())).to(spec.dtype());
        }
        if (shape.rank() == 0 || key.endsWith(".bias")) {
            return Tensor.zeros(spec.dtype(), shape);
        }
        boolean gain = key.endsWith("norm.weight") || key.endsWith(".gamma");
        double deviation = gain ? GAIN_DEVIATION : 1 / Math.sqrt((double) shape.numel() / shape.size(0));
        float[] values = draw(places.get(key), Math.toIntExact(shape.numel()), gain ? 1 : 0, deviation);
        return Tensor.of(values, shape.toArray()).to(spec.dtype());
    }

    /** Sums of four random bytes: two billion numbers of a bell shape in seconds. */
    private float[] draw(int place, int count, double mean, double deviation) {
        SplittableRandom random = new SplittableRandom(seed.stream(place).nextLong());
        float scale = (float) (deviation / BYTES_DEVIATION);
        float start = (float) mean - BYTES_MEAN * scale;
        float[] values = new float[count];
        for (int i = 0; i < count; i += 2) {
            long bits = random.nextLong();
            long pairs = (bits & EVEN_BYTES) + (bits >>> 8 & EVEN_BYTES);
            long sums = pairs + (pairs >>> 16);
            values[i] = start + scale * (sums & 0xFFFF);
            if (i + 1 < count) {
                values[i + 1] = start + scale * (sums >>> 32 & 0xFFFF);
            }
        }
        return values;
    }

    /** Positions, or the even numbers of an axis' channels over their count. */
    private static Tensor range(String key, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = key.endsWith(".seq") ? i : (float) i / count;
        }
        return Tensor.of(values, count);
    }
}
