package org.cosmosj.policy.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * The limit of all tensors whose name starts with a prefix, unless an earlier rule matches.
 *
 * @param prefix start of the name; empty matches all
 * @param measure what is limited
 * @param limit largest distance that passes
 */
record ToleranceRule(String prefix, Measure measure, double limit) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    ToleranceRule {
        if (!(limit >= 0) || measure == Measure.EXACT && limit != 0) {
            throw new IllegalArgumentException("tolerance: limit " + limit + " of '" + prefix + "' (" + measure
                    + ") must be at least 0, and 0 for exact");
        }
    }

    /** Reads {@code [["in.", "skip", 0], ["", "max_rel", 1e-05]]}. */
    static List<ToleranceRule> parse(String where, String json) {
        List<ToleranceRule> rules = new ArrayList<>();
        try {
            JsonNode list = MAPPER.readTree(json);
            for (JsonNode item : list) {
                if (item.size() != 3 || !item.get(0).isTextual() || !item.get(1).isTextual()
                        || !item.get(2).isNumber()) {
                    throw new IllegalArgumentException(where + ": tolerance " + item
                            + " is not [name prefix, measure, limit]");
                }
                rules.add(new ToleranceRule(item.get(0).textValue(), Measure.parse(item.get(1).textValue()),
                        item.get(2).doubleValue()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(where + ": tolerance is not valid JSON: " + e.getOriginalMessage(), e);
        }
        return List.copyOf(rules);
    }
}
