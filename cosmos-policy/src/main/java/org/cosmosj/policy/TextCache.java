package org.cosmosj.policy;

import java.util.Arrays;
import java.util.List;
import org.cosmosj.nn.KeysValues;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tape;
import org.cosmosj.tensor.Tensor;

/**
 * A network that computes the keys and values of its cross-attention once per instruction: those of the last text serve
 * as long as the text stays the same, bit for bit, over steps, queries and candidates. The network's weights must not
 * change meanwhile. What it keeps belongs to the scope it was made in.
 *
 * <p>Not safe for several threads.
 */
public final class TextCache implements LatentNetwork, AutoCloseable {
    private final CosmosDiT model;
    private final Scope home = Scope.current();
    private float[] text = {};
    private Shape shape;
    private List<KeysValues> blocks = List.of();
    private int misses;

    /**
     * Wraps a network.
     *
     * @param model the network
     */
    public TextCache(CosmosDiT model) {
        this.model = model;
    }

    /**
     * {@link CosmosDiT#forward} of the same input, bit for bit.
     *
     * @param input scaled noisy latents and what conditions them
     * @return (B, C, T, H, W)
     * @throws IllegalStateException if a tape records: gradients would not reach the layers that were left out
     */
    @Override
    public Tensor forward(DiTInput input) {
        if (Tape.isRecording()) {
            throw new IllegalStateException("text cache: a tape records; train the network itself, CosmosDiT::forward");
        }
        prepare(input.text());
        long rows = input.latents().size(0);
        return model.forward(input, block -> blocks.get(model.blocks.indexOf(block)).expand(rows));
    }

    /**
     * How often keys and values were computed.
     *
     * @return the number of times that the text was another than before
     */
    public int misses() {
        return misses;
    }

    /**
     * Computes the keys and values of a text unless it is the last one; {@link #forward} does so by itself. Equal rows,
     * as every query of several candidates has them, are kept once.
     *
     * @param input (B, S, crossattnEmbChannels)
     */
    public void prepare(Tensor input) {
        float[] values = input.toFloatArray();
        int rows = Math.toIntExact(input.size(0));
        int size = values.length / rows;
        boolean same = true;
        for (int row = 1; row < rows; row++) {
            same &= Arrays.equals(values, 0, size, values, row * size, (row + 1) * size);
        }
        float[] distinct = same ? Arrays.copyOf(values, size) : values;
        Shape distinctShape = input.shape().with(0, same ? 1 : rows);
        if (distinctShape.equals(shape) && Arrays.equals(distinct, text)) {
            return;
        }
        close();
        try (Scope scope = Scope.inner("text keys and values")) {
            Tensor once = model.cast(same ? input.narrow(0, 0, 1) : input);
            blocks = model.blocks.stream().map(block -> block.crossAttn.keysValues(once)).map(kv -> keep(kv, scope))
                    .toList();
        }
        text = distinct;
        shape = distinctShape;
        misses++;
    }

    private KeysValues keep(KeysValues made, Scope scope) {
        return new KeysValues(keep(made.keys(), scope), keep(made.values(), scope));
    }

    private Tensor keep(Tensor made, Scope scope) {
        return scope.transferTo(home, made);
    }

    /** Forgets the text and frees what was kept. */
    @Override
    public void close() {
        blocks.forEach(KeysValues::close);
        blocks = List.of();
        text = new float[0];
        shape = null;
    }
}
