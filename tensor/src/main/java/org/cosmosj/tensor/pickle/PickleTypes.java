package org.cosmosj.tensor.pickle;

import java.util.HashMap;
import java.util.Map;

/**
 * The allow-list of a pickle: the only names it may mention and what each stands for. Immutable; {@code with*} methods
 * make longer lists.
 */
public final class PickleTypes {
    /** Containers and bytes of Python itself, and ordered dicts. */
    public static final PickleTypes BUILTIN = PythonTypes.allow(new PickleTypes(Map.of()));
    /** {@link #BUILTIN} and NumPy arrays, dtypes and scalars of numbers, from any NumPy since 1.0. */
    public static final PickleTypes NUMPY = NumpyTypes.allow(BUILTIN);

    private final Map<String, Name> names;

    private PickleTypes(Map<String, Name> names) {
        this.names = names;
    }

    /**
     * An allowed name; a value on its own, such as a dtype, or something that can be called.
     *
     * @param module Python module
     * @param name name in it
     * @param constructor what a call does, or null if it cannot be called
     * @param value what the name is where it is not called, or null if only the name matters
     */
    public record Name(String module, String name, PickleConstructor constructor, Object value) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /**
     * Allows something that makes values.
     *
     * @param module Python module
     * @param name name in it
     * @param constructor what a call does
     * @return a longer list
     */
    public PickleTypes withConstructor(String module, String name, PickleConstructor constructor) {
        return with(new Name(module, name, constructor, null));
    }

    /**
     * Allows a name that stands for a value.
     *
     * @param module Python module
     * @param name name in it
     * @param value what it stands for
     * @return a longer list
     */
    public PickleTypes withValue(String module, String name, Object value) {
        return with(new Name(module, name, null, value));
    }

    /**
     * Allows a class whose instances become {@link PickleObject}s: kept as data, with no behaviour.
     *
     * @param module Python module
     * @param name name in it
     * @return a longer list
     */
    public PickleTypes withData(String module, String name) {
        String className = module + "." + name;
        return withConstructor(module, name, arguments -> new PickleObject(className, arguments.values()));
    }

    private PickleTypes with(Name name) {
        Map<String, Name> longer = new HashMap<>(names);
        longer.put(name.toString(), name);
        return new PickleTypes(longer);
    }

    /** What a name stands for, or null if it is not allowed. */
    Name find(String module, String name) {
        Name found = names.get(module + "." + name);
        // "a.b" + "c" and "a" + "b.c" are joined alike
        return found != null && found.module().equals(module) ? found : null;
    }
}
