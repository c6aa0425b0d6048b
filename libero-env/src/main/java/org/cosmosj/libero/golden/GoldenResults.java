package org.cosmosj.libero.golden;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints a line per comparison and counts them. */
public final class GoldenResults {

    private final PrintWriter out;
    private String file = "";
    private int passed;
    private int failed;

    /**
     * Creates an empty count.
     *
     * @param out takes the lines
     */
    public GoldenResults(PrintWriter out) {
        this.out = out;
    }

    /** What follows belongs to a file. */
    void begin(String name) {
        file = name;
    }

    /**
     * Judges a difference; NaN fails.
     *
     * @param what  what was compared
     * @param error largest difference
     * @param limit largest that passes
     */
    public void within(String what, double error, double limit) {
        check(what, error <= limit, String.format(Locale.ROOT, "largest difference %.2e, limit %.2e", error, limit));
    }

    /**
     * Judges a comparison.
     *
     * @param what   what was compared
     * @param holds  whether it agrees
     * @param detail what was seen and what was expected
     */
    public void check(String what, boolean holds, String detail) {
        out.println((holds ? "ok    " : "FAIL  ") + file + ": " + what + ": " + detail);
        passed += holds ? 1 : 0;
        failed += holds ? 0 : 1;
    }

    /**
     * Says what was not compared, and why; counts as neither.
     *
     * @param what   what
     * @param reason why, and what would make it be compared
     */
    public void skip(String what, String reason) {
        out.println("skip  " + file + ": " + what + ": " + reason);
    }

    /**
     * Comparisons that agreed.
     *
     * @return their number
     */
    public int passed() {
        return passed;
    }

    /**
     * Comparisons that did not.
     *
     * @return their number
     */
    public int failed() {
        return failed;
    }

    @Override
    public String toString() {
        return passed + " passed, " + failed + " failed";
    }
}
