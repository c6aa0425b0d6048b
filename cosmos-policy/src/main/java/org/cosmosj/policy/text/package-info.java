/**
 * Text for the policy: the tokenizer and the encoder of T5, and the caches of instruction embeddings that take their
 * place at run time. Axes: {@code B} instructions, {@code S} tokens, {@code D} model width, {@code h} heads, {@code d}
 * head width.
 */
package org.cosmosj.policy.text;
