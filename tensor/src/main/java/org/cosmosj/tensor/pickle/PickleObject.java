package org.cosmosj.tensor.pickle;

import java.util.List;
import java.util.Map;

/**
 * An instance of an allowed class as plain data: what its constructor was given and what its fields were set to. Two
 * instances are equal only if they are the same one.
 */
public final class PickleObject implements PickleState {
    private final String className;
    private final List<Object> arguments;
    private Object state;

    PickleObject(String className, List<Object> arguments) {
        this.className = className;
        this.arguments = arguments;
    }

    /**
     * Its class.
     *
     * @return module and name, joined by a dot
     */
    public String className() {
        return className;
    }

    /**
     * What the constructor was given.
     *
     * @return unmodifiable, may contain null
     */
    public List<Object> arguments() {
        return arguments;
    }

    /**
     * What was restored after construction.
     *
     * @return the state, or null if there was none
     */
    public Object state() {
        return state;
    }

    /**
     * A field of a state that is a map of fields.
     *
     * @param name the field
     * @return its value, or null if there is no such field
     */
    public Object field(String name) {
        return state instanceof Map<?, ?> fields ? fields.get(name) : null;
    }

    @Override
    public void restore(Object fields) {
        state = fields;
    }

    @Override
    public String toString() {
        return className;
    }
}
