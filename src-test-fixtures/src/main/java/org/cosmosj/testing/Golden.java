package org.cosmosj.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Golden numbers of the reference implementation: a small safetensors file on the class path under {@code /golden/},
 * with its provenance and its table of tolerances ({@code cosmos-policy-golden/1}) in the metadata. The files are part
 * of
 * this project, so this reader trusts them; it reads F32 only.
 */
public final class Golden {
    private static final String FORMAT = "cosmos-policy-golden/1";
    private static final String STRING = "\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"";
    private static final Pattern METADATA = Pattern.compile("\"__metadata__\"\\s*:\\s*\\{((?:\\s*,?\\s*" + STRING
            + "\\s*:\\s*" + STRING + ")*+)\\s*\\}");
    private static final Pattern PAIR = Pattern.compile(STRING + "\\s*:\\s*" + STRING);
    private static final Pattern ENTRY = Pattern.compile(STRING + "\\s*:\\s*\\{\\s*\"dtype\"\\s*:\\s*\"(\\w+)\"\\s*,"
            + "\\s*\"shape\"\\s*:\\s*\\[([\\d,\\s]*)\\]\\s*,"
            + "\\s*\"data_offsets\"\\s*:\\s*\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\]");
    private static final Pattern RULE =
            Pattern.compile("\\[\\s*" + STRING + "\\s*,\\s*\"(\\w+)\"\\s*,\\s*([^\\]\\s]+)\\s*\\]");

    private final String name;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();

    /**
     * One row of the table: the first prefix that matches decides; no tolerance means an input that is not compared.
     */
    private record Rule(String prefix, Tolerance tolerance) {}

    private Golden(String name, byte[] file) {
        this.name = name;
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = Math.toIntExact(bytes.getLong());
        String header = new String(file, Long.BYTES, headerBytes, StandardCharsets.UTF_8);
        readMetadata(header);
        Matcher entries = ENTRY.matcher(header);
        while (entries.find()) {
            read(entries, bytes, Long.BYTES + headerBytes);
        }
    }

    /**
     * Loads a golden file.
     *
     * @param name file name without {@code .safetensors}
     * @return its contents
     * @throws IllegalArgumentException if there is no such resource or it is not a golden file
     */
    public static Golden load(String name) {
        String resource = "/golden/" + name + ".safetensors";
        try (InputStream in = Golden.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("golden: no resource " + resource + " on the class path");
            }
            Golden golden = new Golden(name, in.readAllBytes());
            if (!FORMAT.equals(golden.metadata.get("format"))) {
                throw new IllegalArgumentException("golden " + name + ": format is " + golden.metadata.get("format")
                        + ", expected " + FORMAT);
            }
            return golden;
        } catch (IOException e) {
            throw new UncheckedIOException("golden " + name + ": cannot be read", e);
        }
    }

    /**
     * Names of all tensors.
     *
     * @return an unmodifiable set in the order of the file
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(shapes.keySet());
    }

    /**
     * Values of a tensor.
     *
     * @param tensor its name
     * @return a row-major copy
     * @throws IllegalArgumentException if there is none of that name
     */
    public float[] floats(String tensor) {
        return require(values, tensor).clone();
    }

    /**
     * Sizes of a tensor.
     *
     * @param tensor its name
     * @return a copy
     * @throws IllegalArgumentException if there is none of that name
     */
    public long[] shape(String tensor) {
        return require(shapes, tensor).clone();
    }

    /**
     * An entry of the metadata, such as {@code config}, {@code seed} or {@code produced_by}.
     *
     * @param key its name
     * @return the text
     * @throws IllegalArgumentException if there is none of that name
     */
    public String metadata(String key) {
        return require(metadata, key);
    }

    /**
     * Whether a tensor is an input, which nothing is compared with.
     *
     * @param tensor its name
     * @return true if its rule says {@code skip}
     */
    public boolean isInput(String tensor) {
        return rule(tensor).tolerance() == null;
    }

    /**
     * How close an actual value must be.
     *
     * @param tensor its name
     * @return the tolerance of the first rule whose prefix matches
     * @throws IllegalArgumentException if the tensor is an input or no rule matches
     */
    public Tolerance tolerance(String tensor) {
        Tolerance tolerance = rule(tensor).tolerance();
        if (tolerance == null) {
            throw new IllegalArgumentException("golden " + name + ": '" + tensor + "' is an input");
        }
        return tolerance;
    }

    /**
     * Asserts that computed values equal the golden ones.
     *
     * @param tensor the golden tensor's name
     * @param actual row-major values
     */
    public void assertMatches(String tensor, float[] actual) {
        ArrayAssert.assertThatArray(actual, shape(tensor)).as(name + "." + tensor)
                .isCloseTo(floats(tensor), tolerance(tensor));
    }

    private Rule rule(String tensor) {
        require(shapes, tensor);
        for (Rule rule : rules) {
            if (tensor.startsWith(rule.prefix())) {
                return rule;
            }
        }
        throw new IllegalArgumentException("golden " + name + ": no tolerance for '" + tensor + "'");
    }

    private <V> V require(Map<String, V> map, String key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("golden " + name + ": no '" + key + "' among " + map.keySet());
        }
        return value;
    }

    private void readMetadata(String header) {
        Matcher block = METADATA.matcher(header);
        if (!block.find()) {
            return;
        }
        Matcher pairs = PAIR.matcher(block.group(1));
        while (pairs.find()) {
            metadata.put(unescaped(pairs.group(1)), unescaped(pairs.group(2)));
        }
        Matcher table = RULE.matcher(metadata.getOrDefault("tolerance", ""));
        while (table.find()) {
            boolean input = table.group(2).equals("skip");
            Tolerance tolerance = input
                    ? null
                    : Tolerance
                            .of(Tolerance.Measure.named(table.group(2)), Double.parseDouble(table.group(3)))
                            .matchingNaN();
            rules.add(new Rule(unescaped(table.group(1)), tolerance));
        }
    }

    private void read(Matcher entry, ByteBuffer bytes, int dataStart) {
        String tensor = unescaped(entry.group(1));
        if (!entry.group(2).equals("F32")) {
            throw new IllegalArgumentException("golden " + name + ": '" + tensor + "' is " + entry.group(2)
                    + ", expected F32");
        }
        shapes.put(tensor, entry.group(3).isBlank()
                ? new long[0]
                : Arrays.stream(entry.group(3).split(",")).map(String::strip).mapToLong(Long::parseLong).toArray());
        float[] floats = new float[(Integer.parseInt(entry.group(5)) - Integer.parseInt(entry.group(4))) / Float.BYTES];
        bytes.position(dataStart + Integer.parseInt(entry.group(4)));
        bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        values.put(tensor, floats);
    }

    private static String unescaped(String json) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\') {
                char escaped = json.charAt(++i);
                c = escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
                if (escaped == 'u') {
                    c = (char) Integer.parseInt(json.substring(i + 1, i + 5), 16);
                    i += 4;
                }
            }
            text.append(c);
        }
        return text.toString();
    }
}
