package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.cosmosj.nn.Rounding;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.junit.jupiter.api.Test;

/** The network's keys and shapes at full depth: spec 01 section 14, measured on the reference's class. */
class CosmosDiTKeysTest {
    private static final int BLOCKS = 28;
    private static final long RELEASED_PARAMETERS = 1_956_413_440L;

    @Test
    void equalTheReferenceAtFullDepthAndSmallWidth() {
        CosmosDiTConfig narrow = new CosmosDiTConfig(16, 16, 240, 240, 128, 2, 48, BLOCKS, 4, 4, 10, 3, 3, 3, 1,
                Rounding.BFLOAT16, 1, Rounding.BFLOAT16, Rounding.FLOAT32);
        Map<String, String> actual = new TreeMap<>();
        try (Scope _ = Scope.open(Device.cpu(), "test")) {
            for (Parameter p : new CosmosDiT(narrow, Weights.random(Rng.seeded(1), DType.F32)).parameters()) {
                actual.put(p.name(), p.value().shape().toString());
            }
        }
        Map<String, String> expected = new TreeMap<>();
        shapes(48, 12, 10, 3).forEach((key, shape) -> expected.put(key,
                shape.length == 1 ? "(" + shape[0] + ")" : "(" + shape[0] + ", " + shape[1] + ")"));

        assertThat(actual).isEqualTo(expected).hasSize(567);
    }

    @Test
    void theTableHasAsManyParametersAsTheReleasedNetwork() {
        long count = 0;
        for (long[] shape : shapes(2048, 128, 1024, 256).values()) {
            count += shape.length == 1 ? shape[0] : shape[0] * shape[1];
        }

        assertThat(count).isEqualTo(RELEASED_PARAMETERS);
    }

    private static Map<String, long[]> shapes(long width, long head, long text, long rank) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("x_embedder.proj.1.weight", new long[] {width, 72});
        shapes.put("t_embedder.1.linear_1.weight", new long[] {width, width});
        shapes.put("t_embedder.1.linear_2.weight", new long[] {3 * width, width});
        shapes.put("t_embedding_norm.weight", new long[] {width});
        for (int i = 0; i < BLOCKS; i++) {
            String block = "blocks." + i + ".";
            for (String branch : new String[] {"self_attn", "cross_attn"}) {
                long context = branch.equals("self_attn") ? width : text;
                shapes.put(block + branch + ".q_proj.weight", new long[] {width, width});
                shapes.put(block + branch + ".k_proj.weight", new long[] {width, context});
                shapes.put(block + branch + ".v_proj.weight", new long[] {width, context});
                shapes.put(block + branch + ".output_proj.weight", new long[] {width, width});
                shapes.put(block + branch + ".q_norm.weight", new long[] {head});
                shapes.put(block + branch + ".k_norm.weight", new long[] {head});
            }
            shapes.put(block + "mlp.layer1.weight", new long[] {4 * width, width});
            shapes.put(block + "mlp.layer2.weight", new long[] {width, 4 * width});
            for (String branch : new String[] {"self_attn", "cross_attn", "mlp"}) {
                shapes.put(block + "adaln_modulation_" + branch + ".1.weight", new long[] {rank, width});
                shapes.put(block + "adaln_modulation_" + branch + ".2.weight", new long[] {3 * width, rank});
            }
        }
        shapes.put("final_layer.linear.weight", new long[] {64, width});
        shapes.put("final_layer.adaln_modulation.1.weight", new long[] {rank, width});
        shapes.put("final_layer.adaln_modulation.2.weight", new long[] {2 * width, rank});
        return shapes;
    }
}
