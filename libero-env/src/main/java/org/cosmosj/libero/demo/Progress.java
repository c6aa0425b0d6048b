package org.cosmosj.libero.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Progress of long work with the time that remains: a line that redraws itself on a terminal, a line every ten seconds
 * elsewhere.
 */
public final class Progress {
    private static final int BAR = 30;
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long LOG_NANOS = 10_000_000_000L;

    private final PrintWriter out;
    private final long interval;
    private final boolean redraws;
    private String stage = "";
    private long started;
    private long shown;

    /** Where lines go. */
    public enum Style {
        /** A terminal, which can redraw a line. */
        TERMINAL,
        /** A file or a pipe. */
        LOG
    }

    /**
     * Makes a progress printer.
     *
     * @param out where to
     * @param style whether lines can be redrawn
     */
    public Progress(PrintWriter out, Style style) {
        this.out = out;
        this.redraws = style == Style.TERMINAL;
        this.interval = redraws ? TERMINAL_NANOS : LOG_NANOS;
    }

    /**
     * Starts a stage.
     *
     * @param name what is done
     */
    public synchronized void begin(String name) {
        stage = name;
        started = System.nanoTime();
        shown = started;
    }

    /**
     * Shows how far the stage is, if it is time to.
     *
     * @param done units done
     * @param total units in all
     * @param note such as the present loss, or empty
     */
    public synchronized void show(long done, long total, String note) {
        long now = System.nanoTime();
        if (now - shown < interval || total <= 0) {
            return;
        }
        shown = now;
        double share = (double) done / total;
        double left = done == 0 ? Double.NaN : (now - started) / 1e9 * (1 - share) / share;
        int filled = (int) Math.round(BAR * share);
        String line = String.format(Locale.ROOT, "%-22s [%s%s] %3.0f %%  %s left  %s", stage, "#".repeat(filled),
                ".".repeat(BAR - filled), 100 * share, Double.isNaN(left) ? "?" : duration(left), note);
        out.print(redraws ? "\r" + line + "   " : line + System.lineSeparator());
        out.flush();
    }

    /**
     * Ends the stage with one line that stays.
     *
     * @param result what came out
     */
    public synchronized void end(String result) {
        String line = String.format(Locale.ROOT, "%-22s %s  (%s)", stage, result,
                duration((System.nanoTime() - started) / 1e9));
        out.println(redraws ? "\r" + line + " ".repeat(40) : line);
        out.flush();
    }

    /**
     * Prints a line of its own.
     *
     * @param text the line
     */
    public synchronized void say(String text) {
        out.println(text);
        out.flush();
    }

    /** Minutes and seconds. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
