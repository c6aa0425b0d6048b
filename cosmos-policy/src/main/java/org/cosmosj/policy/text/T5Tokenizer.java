package org.cosmosj.policy.text;

import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.CheckpointException;

/**
 * T5's way with a sentencepiece model: {@code </s>} ends every text, {@code <pad>} fills the rest, and marks
 * {@code <extra_id_i>} that no text can spell follow the model's pieces. Source:
 * {@code huggingface/transformers, tokenization_t5.py}.
 *
 * @param model cuts texts into pieces
 * @param padId id of {@code <pad>}
 * @param eosId id of {@code </s>}
 * @param extraIds number of extra marks
 */
public record T5Tokenizer(SentencePieceModel model, int padId, int eosId, int extraIds) {
    private static final int T5_EXTRA_IDS = 100;

    /** Checks ids. */
    public T5Tokenizer {
        if (padId < 0 || padId >= model.size() || eosId < 0 || eosId >= model.size() || extraIds < 0) {
            throw new IllegalArgumentException("T5 tokenizer: pad " + padId + " and eos " + eosId
                    + " must be ids of the model's " + model.size() + " pieces, and the number of extra ids "
                    + extraIds + " at least 0");
        }
    }

    /**
     * Finds the marks that every T5 model has.
     *
     * @param model T5's sentencepiece model
     * @return a tokenizer with 100 extra marks
     * @throws CheckpointException if {@code <pad>} or {@code </s>} is missing
     */
    public static T5Tokenizer of(SentencePieceModel model) throws CheckpointException {
        return new T5Tokenizer(model, mark(model, "<pad>"), mark(model, "</s>"), T5_EXTRA_IDS);
    }

    private static int mark(SentencePieceModel model, String name) throws CheckpointException {
        return model.id(name).orElseThrow(() -> new CheckpointException("T5 tokenizer: none of the model's "
                + model.size() + " pieces is " + name + "; give T5's own spiece.model"));
    }

    /**
     * Ids of pieces and marks lie below this.
     *
     * @return their number
     */
    public int size() {
        return model.size() + extraIds;
    }

    /**
     * The id of {@code <extra_id_i>}; the last one comes first.
     *
     * @param index i
     * @return its id
     */
    public int extraId(int index) {
        if (index < 0 || index >= extraIds) {
            throw new IllegalArgumentException("T5 tokenizer: <extra_id_" + index + "> is none of " + extraIds);
        }
        return size() - 1 - index;
    }

    /**
     * Tokenizes a text.
     *
     * @param text any text
     * @return ids, the last of them eos
     */
    public int[] encode(String text) {
        int[] ids = model.encode(text);
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = eosId;
        return ended;
    }

    /**
     * Tokenizes a text and drops what does not fit.
     *
     * @param text any text
     * @param maxLength most ids, at least 1
     * @return at most that many ids, the last of them eos
     */
    public int[] encode(String text, int maxLength) {
        if (maxLength < 1) {
            throw new IllegalArgumentException("T5 tokenizer: maxLength " + maxLength + " leaves no room for </s>");
        }
        int[] ids = encode(text);
        if (ids.length > maxLength) {
            ids = Arrays.copyOf(ids, maxLength);
            ids[maxLength - 1] = eosId;
        }
        return ids;
    }

    /**
     * Tokenizes texts to one length.
     *
     * @param texts B texts
     * @param length S, at least 1
     * @return the batch
     */
    public TokenBatch encode(List<String> texts, int length) {
        return TokenBatch.padded(texts.stream().map(text -> encode(text, length)).toList(), length, padId);
    }
}
