package org.cosmosj.tensor.pickle;

import java.util.List;
import java.util.Map;

/**
 * The arguments of a call in a pickle, with checks whose messages say which one is wrong.
 *
 * @param callee what is called, for messages
 * @param values the arguments, may contain null
 */
public record PickleArguments(String callee, List<Object> values) {
    /**
     * Number of arguments.
     *
     * @return the count
     */
    public int size() {
        return values.size();
    }

    /**
     * One argument.
     *
     * @param index position, from 0
     * @return its value
     * @throws IllegalArgumentException if there are fewer
     */
    public Object get(int index) {
        if (index >= values.size()) {
            throw new IllegalArgumentException(callee + " takes at least " + (index + 1) + " arguments, got "
                    + values.size());
        }
        return values.get(index);
    }

    /**
     * An integer.
     *
     * @param index position, from 0
     * @return its value
     * @throws IllegalArgumentException if it is no integer of 64 bits
     */
    public long integer(int index) {
        return as(index, Long.class, "an integer");
    }

    /**
     * A string.
     *
     * @param index position, from 0
     * @return its value
     * @throws IllegalArgumentException if it is no string
     */
    public String string(int index) {
        return as(index, String.class, "a string");
    }

    /**
     * A list or tuple.
     *
     * @param index position, from 0
     * @return its elements
     * @throws IllegalArgumentException if it is none
     */
    public List<?> list(int index) {
        return as(index, List.class, "a list or tuple");
    }

    /**
     * A dict.
     *
     * @param index position, from 0
     * @return its entries
     * @throws IllegalArgumentException if it is none
     */
    public Map<?, ?> map(int index) {
        return as(index, Map.class, "a dict");
    }

    /**
     * Bytes.
     *
     * @param index position, from 0
     * @return them
     * @throws IllegalArgumentException if it is something else
     */
    public PickleBytes bytes(int index) {
        return as(index, PickleBytes.class, "bytes");
    }

    /**
     * A tuple of integers, such as the sizes of a tensor.
     *
     * @param index position, from 0
     * @return its elements
     * @throws IllegalArgumentException if it is something else
     */
    public long[] integers(int index) {
        return integers(list(index), callee + " argument " + index);
    }

    /**
     * The integers of a list.
     *
     * @param list what should hold nothing else
     * @param what it is, for messages
     * @return its elements
     * @throws IllegalArgumentException if an element is no integer of 64 bits
     */
    public static long[] integers(List<?> list, String what) {
        long[] integers = new long[list.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(list.get(i) instanceof Long value)) {
                throw new IllegalArgumentException(what + " holds " + typeOf(list.get(i)) + ", expected integers");
            }
            integers[i] = value;
        }
        return integers;
    }

    /**
     * An argument of a given Java type.
     *
     * @param <T> the type
     * @param index position, from 0
     * @param type the type
     * @param expected its name in messages
     * @return the argument
     * @throws IllegalArgumentException if it is of another type
     */
    public <T> T as(int index, Class<T> type, String expected) {
        Object value = get(index);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(callee + " argument " + index + " is " + typeOf(value) + ", expected "
                    + expected);
        }
        return type.cast(value);
    }

    /**
     * The Python-like name of a value's type, for messages; never its contents, which may be endless.
     *
     * @param value any value of a pickle
     * @return such as {@code a dict}
     */
    public static String typeOf(Object value) {
        return switch (value) {
            case null -> "None";
            case String _,PickleText _ -> "a string";
            case Boolean _ -> "a bool";
            case Double _ -> "a float";
            case Number _ -> "an integer";
            case PickleBytes _ -> "bytes";
            case List<?> _ -> "a list or tuple";
            case Map<?, ?> _ -> "a dict";
            case PickleObject object -> "a " + object.className();
            case PickleTypes.Name name -> "the name " + name;
            default -> "a " + value.getClass().getSimpleName();
        };
    }
}
