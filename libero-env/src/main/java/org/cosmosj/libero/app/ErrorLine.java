package org.cosmosj.libero.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;

/** Writes an error as the one line that a person needs. */
final class ErrorLine {
    private static final String PROJECT = "org.cosmosj.";

    private ErrorLine() {}

    /** {@code command: message}, with the line breaks of {@code message} removed. */
    static String of(String command, String message) {
        return command + ": " + message.lines().map(String::strip).collect(Collectors.joining(" "));
    }

    /** {@code command: message}; an exception whose message was not written for people is named as well. */
    static String of(String command, Throwable e) {
        if (e instanceof UncheckedIOException && e.getCause().toString().equals(e.getMessage())) {
            return of(command, e.getCause()); // it says nothing of its own
        }
        if (e.getMessage() != null && isSelfExplaining(e)) {
            return of(command, e.getMessage());
        }
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        return of(command, e.getClass().getSimpleName() + message + " (--stacktrace shows where)");
    }

    /** The project's own exceptions, and those of the JDK that it throws with a message of its own. */
    private static boolean isSelfExplaining(Throwable e) {
        Class<?> type = e.getClass();
        return type.getPackageName().startsWith(PROJECT)
                || (type == IllegalArgumentException.class || type == IllegalStateException.class
                        || type == UncheckedIOException.class || type == IOException.class) && isThrownHere(e);
    }

    private static boolean isThrownHere(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith(PROJECT);
    }
}
