package org.cosmosj.tensor.pickle;

/** Names from untrusted files, fit for one line of a terminal. */
final class PickleNames {
    private static final int LONGEST = 100;

    private PickleNames() {}

    static String printable(String module, String name) {
        String joined = module + "." + name;
        StringBuilder text = new StringBuilder();
        joined.codePoints().limit(LONGEST)
                .forEach(c -> text.appendCodePoint(Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c));
        return joined.length() > LONGEST ? text + ".." : text.toString();
    }
}
