package org.cosmosj.tensor.spi;

import java.util.concurrent.Callable;

/**
 * One subcommand of the command line. A module contributes its own by naming the class in
 * {@code META-INF/services/org.cosmosj.tensor.spi.Command}; the command line finds it with
 * {@link java.util.ServiceLoader} and reads its name, options and help from the annotations of the command-line
 * library. This module does not depend on that library, hence a marker.
 *
 * <p>Every command is constructed whenever the command line starts, so a constructor must do nothing. {@link #call()}
 * returns the exit code: 0 when it did what was asked, 1 when a check or a run failed. Wrong usage is 2 and is reported
 * by the command line itself; a command whose own checks find wrong usage throws the library's parameter exception. Any
 * other exception ends the command with exit code 1 and its message on one line, so messages name what was expected and
 * the cure.
 */
public interface Command extends Callable<Integer> {}
