package org.cosmosj.tensor;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * The part of a source whose names start with a prefix, which is cut off.
 *
 * @param source where the tensors are
 * @param prefix start of their names there
 */
record PrefixedSource(TensorSource source, String prefix) implements TensorSource {
    @Override
    public Set<String> keys() {
        return source.keys().stream().filter(key -> key.startsWith(prefix)).map(key -> key.substring(prefix.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean contains(String key) {
        return source.contains(prefix + key);
    }

    @Override
    public Tensor tensor(String key) {
        return source.tensor(prefix + key);
    }

    @Override
    public String describe() {
        return source.describe() + " (" + prefix + "*)";
    }
}
