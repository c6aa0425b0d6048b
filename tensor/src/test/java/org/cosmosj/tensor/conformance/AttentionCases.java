package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/** Self and cross attention, also on heads that are strides of a wider tensor. */
final class AttentionCases {
    private AttentionCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        // B, L, S, h, d, e
        cases.add(attention(1, 1, 1, 1, 1, 1));
        cases.add(attention(2, 7, 13, 3, 8, 8));
        cases.add(attention(1, 13, 7, 2, 5, 3));
        cases.add(attention(1, 64, 64, 1, 16, 16));
        cases.add(attention(1, 17, 207, 1, 32, 32));
        cases.add(attention(1, 130, 67, 2, 16, 16));
        cases.add(attention(2, 1, 33, 1, 64, 64));
        // One key has weight 1 whatever the query says: dOut v and dOut out cancel, in F32 but for their last bits.
        cases.add(attention(1, 33, 1, 2, 4, 4).cancellingTerms(1));
        cases.add(attention(1, 9, 10, 1, 128, 128));
        cases.add(attention(1, 0, 5, 2, 4, 4));
        cases.add(attention(0, 3, 5, 2, 4, 4));
        cases.add(named("attention with large logits").uniform(-6, 6, 1, 9, 1, 16).uniform(-6, 6, 1, 13, 1, 16)
                .input(1, 13, 1, 16).summing(300).computes(in -> Functional.attention(in[0], in[1], in[2], 0.25)));
        cases.add(named("attention on heads of one tensor").input(2, 9, 3 * 2 * 8).summing(18).computes(in -> {
            Tensor[] qkv = in[0].chunk(3, -1);
            return Functional.attention(heads(qkv[0]), heads(qkv[1]), heads(qkv[2]), 0.35);
        }));
        return cases;
    }

    private static Tensor heads(Tensor x) {
        return x.reshape(2, 9, 2, 8);
    }

    private static OpCase attention(long b, long l, long s, long h, long d, long e) {
        return named("attention of B" + b + " L" + l + " S" + s + " h" + h + " d" + d + " e" + e).input(b, l, h, d)
                .input(b, s, h, d).input(b, s, h, e).summing(Math.max(Math.max(l, s), d))
                .computes(in -> Functional.attention(in[0], in[1], in[2], 1 / Math.sqrt(d)));
    }
}
