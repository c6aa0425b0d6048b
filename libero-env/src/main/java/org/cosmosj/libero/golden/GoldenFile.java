package org.cosmosj.libero.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;

/** A golden safetensors file in memory: numbers by name as float64 (U8 as 0..255), shapes, and metadata. */
public final class GoldenFile {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path path;
    private final Map<String, double[]> values = new LinkedHashMap<>();
    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final Map<String, String> metadata;

    private GoldenFile(Path path, Map<String, String> metadata) {
        this.path = path;
        this.metadata = metadata;
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @return its contents
     * @throws CheckpointException if it is not a readable safetensors file
     */
    public static GoldenFile read(Path path) throws CheckpointException {
        try (Scope _ = Scope.open(Device.cpu(), "golden " + path); Safetensors file = Safetensors.open(path)) {
            GoldenFile golden = new GoldenFile(path, Map.copyOf(file.metadata()));
            for (String key : new TreeSet<>(file.keys())) {
                long[] shape = file.shape(key).toArray();
                int[] dims = new int[shape.length];
                for (int i = 0; i < dims.length; i++) {
                    dims[i] = Math.toIntExact(shape[i]);
                }
                golden.shapes.put(key, dims);
                golden.values.put(key, doubles(file.tensor(key)));
            }
            return golden;
        }
    }

    private static double[] doubles(Tensor tensor) {
        return tensor.dtype() == DType.F64 ? tensor.toDoubleArray() : tensor.to(DType.F64).toDoubleArray();
    }

    /**
     * The file.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /**
     * All names.
     *
     * @return sorted
     */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * Whether there is a tensor of a name.
     *
     * @param name the name
     * @return true if there is
     */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * All numbers of a tensor.
     *
     * @param name the name
     * @return row-major; not to be modified
     * @throws IllegalArgumentException if there is none of that name
     */
    public double[] get(String name) {
        double[] found = values.get(name);
        if (found == null) {
            throw new IllegalArgumentException(path + ": no tensor '" + name + "'; it holds " + names());
        }
        return found;
    }

    /**
     * One row of a tensor.
     *
     * @param name the name
     * @param row  index along the first axis
     * @return its numbers, a new array
     */
    public double[] row(String name, int row) {
        double[] all = get(name);
        int width = all.length / Math.max(1, shape(name)[0]);
        return Arrays.copyOfRange(all, row * width, (row + 1) * width);
    }

    /**
     * A tensor's shape.
     *
     * @param name the name
     * @return its axes; a new array
     */
    public int[] shape(String name) {
        get(name);
        return shapes.get(name).clone();
    }

    /**
     * Whether there is a metadata text.
     *
     * @param key the key
     * @return true if there is
     */
    public boolean hasMeta(String key) {
        return metadata.containsKey(key);
    }

    /**
     * A metadata text.
     *
     * @param key the key
     * @return the text
     * @throws IllegalArgumentException if there is none
     */
    public String meta(String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException(path + ": no metadata '" + key + "' among "
                    + new TreeSet<>(metadata.keySet()));
        }
        return text;
    }

    /**
     * Largest difference to other numbers.
     *
     * @param name   the name
     * @param row    index along the first axis
     * @param actual numbers of that row
     * @return the largest absolute difference; NaN if a count differs or a number is NaN
     */
    public double distance(String name, int row, double[] actual) {
        return distance(row(name, row), actual);
    }

    /**
     * Largest difference of two arrays.
     *
     * @param expected numbers
     * @param actual   numbers
     * @return the largest absolute difference; NaN if the counts differ or a difference is NaN
     */
    public static double distance(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            return Double.NaN;
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - actual[i])); // Math.max keeps NaN
        }
        return worst;
    }

    /**
     * A metadata text that is JSON.
     *
     * @param key the key
     * @return the parsed value
     * @throws IllegalArgumentException if there is none or it is not JSON
     */
    public JsonNode json(String key) {
        try {
            return JSON.readTree(meta(key));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(path + ": metadata '" + key + "' is not JSON: "
                    + e.getOriginalMessage(), e);
        }
    }

    /**
     * A metadata list of lists of words, such as {@code predicates}.
     *
     * @param key the key
     * @return the lists
     */
    public List<List<String>> words(String key) {
        List<List<String>> lists = new ArrayList<>();
        for (JsonNode inner : json(key)) {
            List<String> words = new ArrayList<>();
            inner.forEach(word -> words.add(word.asText()));
            lists.add(words);
        }
        return lists;
    }
}
