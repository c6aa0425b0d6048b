package org.cosmosj.libero.app;

import java.util.stream.Collectors;

/** Writes an error as the one line that a person needs. */
final class ErrorLine {
    private ErrorLine() {}

    /** {@code command: message}, with the line breaks of {@code message} removed. */
    static String of(String command, String message) {
        return command + ": " + message.lines().map(String::strip).collect(Collectors.joining(" "));
    }

    /** {@code command: message}; an exception whose message was not written for people is named as well. */
    static String of(String command, Throwable e) {
        if (e.getMessage() != null && isSelfExplaining(e)) {
            return of(command, e.getMessage());
        }
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        return of(command, e.getClass().getSimpleName() + message + " (--stacktrace shows where)");
    }

    /** The project's own exceptions, and the two that its argument and state checks throw. */
    private static boolean isSelfExplaining(Throwable e) {
        return e.getClass().getPackageName().startsWith("org.cosmosj.")
                || e.getClass() == IllegalArgumentException.class
                || e.getClass() == IllegalStateException.class;
    }
}
