package org.cosmosj.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The fields of a JSON object, read with messages that say which file and key is wrong. A key without a default must
 * exist; keys that nobody asks for are left alone, since checkpoints and fixtures carry fields of other programs.
 */
public final class JsonFields {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final String where;
    private final JsonNode node;

    private JsonFields(String where, JsonNode node) {
        this.where = where;
        this.node = node;
    }

    /**
     * Parses a JSON object.
     *
     * @param where what it is, for messages; such as {@code config of dit.safetensors}
     * @param json the text
     * @return its fields
     * @throws IllegalArgumentException if the text is no JSON object
     */
    public static JsonFields parse(String where, String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (!node.isObject()) {
                throw new IllegalArgumentException(where + ": expected a JSON object, got " + excerpt(json));
            }
            return new JsonFields(where, node);
        } catch (JsonProcessingException e) {
            // Texts beyond the parser's limits, such as too deep ones, come without a location.
            String place = e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset();
            throw new IllegalArgumentException(
                    where + ": not valid JSON" + place + " (" + e.getOriginalMessage() + "): "
                            + excerpt(json),
                    e);
        }
    }

    private static String excerpt(String json) {
        return json.length() <= 60 ? "'" + json + "'" : "'" + json.substring(0, 60) + "...'";
    }

    /**
     * Whether a key exists and is not null.
     *
     * @param key the key
     * @return true if it does
     */
    public boolean has(String key) {
        return node.hasNonNull(key);
    }

    /**
     * All keys, in the order of the text.
     *
     * @return the keys
     */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /**
     * An integer.
     *
     * @param key the key
     * @return its value
     * @throws IllegalArgumentException if it is missing or no integer of 32 bits
     */
    public int integer(String key) {
        return read(key, "an integer", node -> node.isIntegralNumber() && node.canConvertToInt(), JsonNode::intValue);
    }

    /**
     * A 64-bit integer.
     *
     * @param key the key
     * @return its value
     * @throws IllegalArgumentException if it is missing or no integer of 64 bits
     */
    public long longInteger(String key) {
        return read(key, "an integer", node -> node.isIntegralNumber() && node.canConvertToLong(),
                JsonNode::longValue);
    }

    /**
     * A number.
     *
     * @param key the key
     * @return its value
     * @throws IllegalArgumentException if it is missing or no number
     */
    public double number(String key) {
        return read(key, "a number", JsonNode::isNumber, JsonNode::doubleValue);
    }

    /**
     * A number with a default.
     *
     * @param key the key
     * @param absent what stands for a missing key
     * @return its value
     * @throws IllegalArgumentException if it is no number
     */
    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    /**
     * A truth value.
     *
     * @param key the key
     * @return its value
     * @throws IllegalArgumentException if it is missing or neither true nor false
     */
    public boolean flag(String key) {
        return read(key, "true or false", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    /**
     * A text.
     *
     * @param key the key
     * @return its value
     * @throws IllegalArgumentException if it is missing or no text
     */
    public String text(String key) {
        return read(key, "a text", JsonNode::isTextual, JsonNode::textValue);
    }

    /**
     * A text with a default.
     *
     * @param key the key
     * @param absent what stands for a missing key
     * @return its value
     * @throws IllegalArgumentException if it is no text
     */
    public String text(String key, String absent) {
        return has(key) ? text(key) : absent;
    }

    /**
     * A nested object.
     *
     * @param key the key
     * @return its fields
     * @throws IllegalArgumentException if it is missing or no object
     */
    public JsonFields object(String key) {
        return new JsonFields(where + ", " + key, read(key, "an object", JsonNode::isObject, Function.identity()));
    }

    /**
     * Refuses a setting that this version does not have, so that it is never ignored.
     *
     * @param key the key; it may be missing
     * @param only the one value there is
     * @throws IllegalArgumentException if the key has another value
     */
    public void expect(String key, Object only) {
        if (has(key) && !equal(node.get(key), MAPPER.valueToTree(only))) {
            throw new IllegalArgumentException(where + ": " + key + " is " + node.get(key)
                    + "; this version has only " + only);
        }
    }

    /** Numbers are equal by value, so that 0 equals 0.0, in lists as well. */
    private static boolean equal(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.doubleValue() == b.doubleValue();
        }
        if (!a.isArray() || !b.isArray() || a.size() != b.size()) {
            return a.equals(b);
        }
        return IntStream.range(0, a.size()).allMatch(i -> equal(a.get(i), b.get(i)));
    }

    /**
     * These fields and, where they lack some, those of an enclosing object that hold for its parts as well.
     *
     * @param outer the enclosing object
     * @param keys what may stand in either
     * @return the joined fields
     * @throws IllegalArgumentException if a key has two values
     */
    public JsonFields inheriting(JsonFields outer, String... keys) {
        ObjectNode joined = node.deepCopy();
        for (String key : keys) {
            if (outer.has(key)) {
                JsonNode value = outer.node.get(key);
                if (has(key) && !equal(node.get(key), value)) {
                    throw new IllegalArgumentException(where + ": " + key + " is " + node.get(key) + ", but " + value
                            + " in " + outer.where + "; give it once");
                }
                joined.set(key, value);
            }
        }
        return new JsonFields(where, joined);
    }

    /**
     * A list of objects.
     *
     * @param key the key
     * @return the fields of each
     * @throws IllegalArgumentException if it is missing or another type
     */
    public List<JsonFields> objects(String key) {
        return list(key, "objects", JsonNode::isObject).stream().map(node -> new JsonFields(where + ", " + key, node))
                .toList();
    }

    /**
     * A list of lists of integers.
     *
     * @param key the key
     * @return the values of each
     * @throws IllegalArgumentException if it is missing or another type
     */
    public List<long[]> integerRows(String key) {
        return list(key, "lists of integers", JsonFields::holdsIntegers).stream()
                .map(row -> StreamSupport.stream(row.spliterator(), false).mapToLong(JsonNode::longValue).toArray())
                .toList();
    }

    private static boolean holdsIntegers(JsonNode row) {
        return row.isArray() && StreamSupport.stream(row.spliterator(), false).allMatch(JsonNode::isIntegralNumber);
    }

    /**
     * A list of integers.
     *
     * @param key the key
     * @return the values
     * @throws IllegalArgumentException if it is missing or another type
     */
    public long[] integers(String key) {
        return list(key, "integers", JsonNode::isIntegralNumber).stream().mapToLong(JsonNode::longValue).toArray();
    }

    /**
     * A list of numbers.
     *
     * @param key the key
     * @return the values
     * @throws IllegalArgumentException if it is missing or another type
     */
    public double[] numbers(String key) {
        return list(key, "numbers", JsonNode::isNumber).stream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    /**
     * A list of truth values.
     *
     * @param key the key
     * @return the values
     * @throws IllegalArgumentException if it is missing or another type
     */
    public List<Boolean> flags(String key) {
        return list(key, "truth values", JsonNode::isBoolean).stream().map(JsonNode::booleanValue).toList();
    }

    /**
     * A list of texts.
     *
     * @param key the key
     * @return the values
     * @throws IllegalArgumentException if it is missing or another type
     */
    public List<String> texts(String key) {
        return list(key, "texts", JsonNode::isTextual).stream().map(JsonNode::textValue).toList();
    }

    private List<JsonNode> list(String key, String kind, Function<JsonNode, Boolean> accepts) {
        JsonNode array = read(key, "a list of " + kind, JsonNode::isArray, Function.identity());
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : array) {
            if (!accepts.apply(item)) {
                throw new IllegalArgumentException(where + ": " + key + " holds " + item + ", expected " + kind);
            }
            items.add(item);
        }
        return items;
    }

    private <V> V read(String key, String kind, Function<JsonNode, Boolean> accepts, Function<JsonNode, V> convert) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(where + ": " + key + " is missing, expected " + kind);
        }
        if (!accepts.apply(value)) {
            throw new IllegalArgumentException(where + ": " + key + " is " + value + ", expected " + kind);
        }
        return convert.apply(value);
    }

    @Override
    public String toString() {
        return where + " " + node;
    }
}
