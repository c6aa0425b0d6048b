package org.cosmosj.tensor;

/** What a mistyped key may have meant, for messages. */
final class NearestKey {
    private NearestKey() {}

    /** Such as {@code ; the nearest is 'blocks.0.weight'}; empty if no key starts alike. */
    static String of(String key, Iterable<String> keys) {
        String best = null;
        int longest = 0;
        for (String candidate : keys) {
            int common = 0;
            while (common < Math.min(key.length(), candidate.length())
                    && key.charAt(common) == candidate.charAt(common)) {
                common++;
            }
            if (common > longest) {
                longest = common;
                best = candidate;
            }
        }
        return best == null ? "" : "; the nearest is '" + best + "'";
    }
}
