package org.cosmosj.policy.verify;

import java.util.List;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.text.SentencePieceModel;
import org.cosmosj.policy.text.T5Tokenizer;
import org.cosmosj.policy.text.TokenBatch;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;

/** T5's tokenizer: the pieces of a sentencepiece model, and the ids of texts. */
final class T5TokenizerCheck implements FixtureCheck {
    @Override
    public String kind() {
        return "t5_tokenizer";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        JsonFields config = fixture.config();
        SentencePieceModel model = SentencePieceModel.open(fixture.siblingFile(config.text("model_file")));
        T5Tokenizer tokenizer = new T5Tokenizer(model, config.integer("pad_id"), config.integer("eos_id"),
                config.integer("extra_ids"));
        if (model.unknownId() != config.integer("unk_id") || model.size() != config.integer("vocab_pieces")) {
            throw new IllegalArgumentException(fixture + ": the model has " + model.size() + " pieces and "
                    + model.unknownId() + " for unknown ones, config says " + config.integer("vocab_pieces") + " and "
                    + config.integer("unk_id"));
        }
        List<String> texts = config.texts("strings");
        List<int[]> ids = texts.stream().map(tokenizer::encode).toList();
        int longest = (int) fixture.expected("ids").shape().size(1);
        results.put("ids", TokenBatch.padded(ids, longest, tokenizer.padId()).inputIds().to(DType.F32));
        results.put("lengths", ids.stream().mapToDouble(row -> row.length).toArray());
        TokenBatch padded = tokenizer.encode(texts, config.integer("max_length"));
        results.put("padded.ids", padded.inputIds().to(DType.F32));
        results.put("padded.attention_mask", padded.attentionMask());
        results.put("extra_ids", numbers(tokenizer.extraIds(), tokenizer::extraId));
        results.put("pieces.score", numbers(model.size(), model::score));
        results.put("pieces.type", numbers(model.size(), id -> model.type(id).ordinal() + 1));
    }

    /** A number for each index. */
    private interface Numbering {
        float of(int index);
    }

    private static float[] numbers(int count, Numbering numbering) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = numbering.of(i);
        }
        return numbers;
    }
}
