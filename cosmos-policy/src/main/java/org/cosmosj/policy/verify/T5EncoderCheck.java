package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.cosmosj.policy.text.T5Activations;
import org.cosmosj.policy.text.T5Config;
import org.cosmosj.policy.text.T5Encoder;
import org.cosmosj.policy.text.TokenBatch;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Tensor;

/** T5's encoder: position biases, activations, last hidden state, and the embeddings that the policy takes. */
final class T5EncoderCheck implements FixtureCheck {
    @Override
    public String kind() {
        return "t5_encoder";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        T5Encoder encoder = T5Encoder.load(T5Config.of(fixture.config()), fixture.weights("w."), DType.F32);
        Tensor ids = fixture.input("in.input_ids").to(DType.I64);
        TokenBatch tokens = new TokenBatch(ids, fixture.input("in.attention_mask"));
        T5Activations.visit(encoder, tokens, (name, value) -> results.put("act." + name, value));
        results.put("act.position_bias_by_offset", byOffset(encoder.positionBias((int) ids.size(1))));
        results.put("last_hidden_state", encoder.forward(tokens));
        results.put("post.embedding", encoder.embed(rows(tokens), (int) ids.size(1)));
    }

    /** (1, h, S, S) as (h, 2S - 1): the first key for queries from the last to the first, then the first query. */
    private static Tensor byOffset(Tensor bias) {
        Tensor table = bias.squeeze(0);
        long[] backwards = LongStream.iterate(table.size(1) - 1, i -> i - 1).limit(table.size(1)).toArray();
        Tensor behind = table.select(2, 0).indexSelect(1, backwards);
        return Tensor.cat(1, behind, table.select(1, 0).narrow(1, 1, table.size(2) - 1));
    }

    /** The ids that are not masked. */
    private static List<int[]> rows(TokenBatch tokens) {
        List<int[]> rows = new ArrayList<>();
        for (int b = 0; b < tokens.inputIds().size(0); b++) {
            int length = (int) tokens.attentionMask().select(0, b).sum().item();
            long[] ids = tokens.inputIds().select(0, b).narrow(0, 0, length).toLongArray();
            rows.add(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
        }
        return rows;
    }
}
