package org.cosmosj.tensor.pickle;

/**
 * Which values may be keys of dicts and elements of sets: those whose hash takes constant time and cannot be made to
 * collide at will, so that no file makes a map slow. Tuples as keys are not among them.
 */
final class PickleKeys {
    private PickleKeys() {}

    static Object check(Object key) {
        if (key instanceof String || key instanceof Long || key instanceof Boolean || key instanceof PickleObject) {
            return key;
        }
        throw new IllegalArgumentException("a key of a dict or an element of a set is " + PickleArguments.typeOf(key)
                + ", expected a string, an integer, a bool or an object");
    }
}
