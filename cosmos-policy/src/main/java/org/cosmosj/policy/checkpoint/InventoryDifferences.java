package org.cosmosj.policy.checkpoint;

import java.util.List;

/**
 * How a checkpoint differs from an inventory.
 *
 * @param inventory its name
 * @param missing keys and shapes that the checkpoint lacks
 * @param unexpected what it holds and the model has not
 * @param misshapen keys with two shapes
 * @param ignored keys that the reference leaves out too; no difference
 */
public record InventoryDifferences(String inventory, List<String> missing, List<String> unexpected,
        List<String> misshapen, List<String> ignored) {
    private static final int SHOWN = 10;

    /**
     * Whether a model can be built.
     *
     * @return true if nothing but ignored keys differs
     */
    public boolean isEmpty() {
        return missing.isEmpty() && unexpected.isEmpty() && misshapen.isEmpty();
    }

    @Override
    public String toString() {
        return "expected " + inventory + ": " + part("missing", missing) + "; " + part("unexpected", unexpected) + "; "
                + part("misshapen", misshapen);
    }

    private static String part(String what, List<String> keys) {
        String list = String.join(", ", keys.subList(0, Math.min(SHOWN, keys.size())));
        return keys.size() + " " + what + (keys.isEmpty() ? "" : " (" + list + (keys.size() > SHOWN ? ", ..)" : ")"));
    }
}
