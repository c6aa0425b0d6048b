package org.cosmosj.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.MatmulPrecision;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;

/**
 * Where a model's constructors get their parameters: {@link #at} descends one level of the checkpoint path, so a
 * layer's fields spell its keys, and {@link #parameter} reads a key from a checkpoint or starts it from its
 * initializer. Parameters belong to the scope that is innermost while the model is built.
 *
 * <pre>{@code
 * Weights weights = Weights.random(Rng.seeded(1), DType.F32);
 * Linear query = new Linear(weights.at("q_proj"), 64, 64);   // registers q_proj.weight
 * }</pre>
 */
public final class Weights {
    private final Root root;
    private final String path;

    private Weights(Root root, String path) {
        this.root = root;
        this.path = path;
    }

    private enum Placement {
        COPIED, IN_PLACE
    }

    private record Root(Map<String, Parameter> parameters, DType dtype, Rng rng, TensorSource source,
            Placement placement, MatmulPrecision matmulPrecision) {}

    /**
     * Fresh parameters. Each draws from a stream keyed by its name, so the order of construction does not matter.
     *
     * @param rng the seed's stream; not advanced
     * @param dtype F32 or F64, or BF16, whose parameters are frozen
     * @return the root of the path
     */
    public static Weights random(Rng rng, DType dtype) {
        return new Weights(new Root(new LinkedHashMap<>(), dtype, rng, null, Placement.COPIED,
                MatmulPrecision.F32), "");
    }

    /**
     * Parameters of a checkpoint, converted to {@code dtype}.
     *
     * @param source the checkpoint; may be closed once the model is built
     * @param dtype F32 or F64, or BF16, whose parameters are frozen
     * @return the root of the path
     */
    public static Weights of(TensorSource source, DType dtype) {
        return new Weights(new Root(new LinkedHashMap<>(), dtype, null, source, Placement.COPIED,
                MatmulPrecision.F32), "");
    }

    /**
     * Parameters of a checkpoint whose matrices and kernels stay where they are, such as in the mapped memory of a
     * file: a model of gigabytes opens at once and takes no memory of its own. F32 products read BF16 matrices as they
     * are, convolutions kernels of {@code dtype}; what cannot be read as it is, and everything that is neither
     * {@link #matrix} nor {@link #kernel}, is converted. Parameters left in place cannot be trained.
     *
     * @param source the checkpoint; may be closed once the model is built
     * @param dtype F32, F64 or BF16, the type of the model's inputs
     * @return the root of the path
     */
    public static Weights inPlace(TensorSource source, DType dtype) {
        return new Weights(new Root(new LinkedHashMap<>(), dtype, null, source, Placement.IN_PLACE,
                MatmulPrecision.F32), "");
    }

    /**
     * The same weights for layers that multiply otherwise.
     *
     * @param precision of the linear layers that are built from the result; F32 unless set
     * @return weights that register their parameters with these
     */
    public Weights multiplying(MatmulPrecision precision) {
        return new Weights(new Root(root.parameters, root.dtype, root.rng, root.source, root.placement, precision),
                path);
    }

    /**
     * How linear layers multiply.
     *
     * @return the precision of their products
     */
    public MatmulPrecision matmulPrecision() {
        return root.matmulPrecision;
    }

    /**
     * Descends one level.
     *
     * @param name path component
     * @return weights whose keys start with {@code name.}
     */
    public Weights at(String name) {
        return new Weights(root, path + name + ".");
    }

    /**
     * Descends to an element of a list.
     *
     * @param index position in the list
     * @return weights whose keys start with {@code index.}
     */
    public Weights at(int index) {
        return at(Integer.toString(index));
    }

    /**
     * The key prefix without its final dot, for messages.
     *
     * @return such as {@code blocks.3.mlp}
     */
    public String path() {
        return path.isEmpty() ? path : path.substring(0, path.length() - 1);
    }

    /**
     * Element type of all parameters but BF16 matrices left in place.
     *
     * @return F32, F64 or BF16
     */
    public DType dtype() {
        return root.dtype;
    }

    /**
     * Creates and registers one parameter.
     *
     * @param name last component of its key
     * @param shape its shape
     * @param initializer starting value when there is no checkpoint
     * @return the parameter
     * @throws ShapeException if the checkpoint holds another shape
     * @throws IllegalArgumentException if the checkpoint lacks the key or the key is registered twice
     */
    public Parameter parameter(String name, Shape shape, Initializer initializer) {
        String key = path + name;
        return register(key, root.source == null ? create(key, shape, initializer) : converted(key, shape));
    }

    /**
     * Creates and registers the weight of a {@link Functional#linear linear} product, which {@link #inPlace} leaves as
     * it is stored if products can read it.
     *
     * @param name last component of its key
     * @param shape (out, in)
     * @param initializer starting value when there is no checkpoint
     * @return the parameter; read-only if it stayed in place, a copy of the same dtype if it was not stored row by row
     * @throws ShapeException if the checkpoint holds another shape
     * @throws IllegalArgumentException if the checkpoint lacks the key or the key is registered twice
     */
    public Parameter matrix(String name, Shape shape, Initializer initializer) {
        return stored(name, shape, initializer,
                dtype -> dtype == root.dtype || dtype == DType.BF16 && root.dtype == DType.F32);
    }

    /**
     * Creates and registers the weight of a {@link Functional#conv3d convolution}, which {@link #inPlace} leaves as it
     * is stored if it has the model's dtype.
     *
     * @param name last component of its key
     * @param shape (O, C, kT, kH, kW), or (O, C, kH, kW)
     * @param initializer starting value when there is no checkpoint
     * @return the parameter; read-only if it stayed in place
     * @throws ShapeException if the checkpoint holds another shape
     * @throws IllegalArgumentException if the checkpoint lacks the key or the key is registered twice
     */
    public Parameter kernel(String name, Shape shape, Initializer initializer) {
        return stored(name, shape, initializer, dtype -> dtype == root.dtype);
    }

    /** A parameter that stays in place if its stored dtype can be read. */
    private Parameter stored(String name, Shape shape, Initializer initializer, Predicate<DType> readable) {
        if (root.placement == Placement.COPIED) {
            return parameter(name, shape, initializer);
        }
        String key = path + name;
        Tensor stored = find(key, shape);
        return register(key, readable.test(stored.dtype()) ? stored.contiguous() : converted(key, shape));
    }

    private Parameter register(String key, Tensor value) {
        Parameter parameter = new Parameter(key, value);
        if (root.parameters.put(key, parameter) != null) {
            throw new IllegalArgumentException("weights: key " + key + " is registered twice");
        }
        return parameter;
    }

    private Tensor create(String key, Shape shape, Initializer initializer) {
        return initializer.create(root.rng.stream(streamOf(key)), root.dtype, shape);
    }

    private Tensor find(String key, Shape shape) {
        TensorSource source = root.source;
        if (!source.contains(key)) {
            throw new IllegalArgumentException("weights: " + source.describe() + " has no tensor " + key + " of shape "
                    + shape + "; it holds " + source.keys().size() + " tensors" + nearest(key));
        }
        Tensor stored = source.tensor(key);
        if (!stored.shape().equals(shape)) {
            throw new ShapeException("weights: " + key + " in " + source.describe() + " has shape " + stored.shape()
                    + ", the model takes " + shape + "; check the model's configuration");
        }
        return stored;
    }

    private Tensor converted(String key, Shape shape) {
        try (Scope scope = Scope.inner(key)) {
            Tensor stored = find(key, shape);
            return scope.promote(stored.dtype() == root.dtype ? stored.copy() : stored.to(root.dtype));
        }
    }

    /**
     * Keys of the checkpoint under this path that no parameter was made from so far; what a strict loader refuses.
     *
     * @return full keys in alphabetical order; none for fresh parameters
     */
    public List<String> unusedKeys() {
        return root.source == null
                ? List.of()
                : root.source.keys().stream().filter(key -> key.startsWith(path) && !root.parameters.containsKey(key))
                        .sorted().toList();
    }

    /**
     * Where the parameters come from, for messages.
     *
     * @return such as the name of a file
     */
    public String describe() {
        return root.source == null ? "fresh parameters" : root.source.describe();
    }

    private String nearest(String key) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        return root.source.keys().stream().filter(other -> other.endsWith(last)).findFirst()
                .map(other -> ", for example " + other).orElse("");
    }

    /** FNV-1a, so that a name's stream never depends on the JVM's string hash. */
    private static long streamOf(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /**
     * All parameters registered so far under this path, in order of registration.
     *
     * @return an unmodifiable list
     */
    public List<Parameter> parameters() {
        List<Parameter> found = new ArrayList<>();
        root.parameters.forEach((key, parameter) -> {
            if (key.startsWith(path)) {
                found.add(parameter);
            }
        });
        return Collections.unmodifiableList(found);
    }
}
