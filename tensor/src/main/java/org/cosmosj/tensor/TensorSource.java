package org.cosmosj.tensor;

import java.util.Set;

/** Named tensors that a model can be built from, such as an open checkpoint. */
public interface TensorSource {
    /**
     * All names.
     *
     * @return the keys
     */
    Set<String> keys();

    /**
     * Whether a name exists.
     *
     * @param key the name
     * @return true if {@link #tensor} will find it
     */
    boolean contains(String key);

    /**
     * One tensor, in the current scope; it may be read-only mapped memory.
     *
     * @param key its name
     * @return the tensor
     * @throws IllegalArgumentException if there is none of that name
     */
    Tensor tensor(String key);

    /**
     * What this source is, for messages.
     *
     * @return for example the file name
     */
    String describe();

    /**
     * The tensors whose name starts with a prefix, under the rest of their names; such as the network {@code net.} in a
     * checkpoint of network and tokenizer.
     *
     * @param prefix what their names start with, including its final dot
     * @return a view of this source
     */
    default TensorSource under(String prefix) {
        return new PrefixedSource(this, prefix);
    }
}
