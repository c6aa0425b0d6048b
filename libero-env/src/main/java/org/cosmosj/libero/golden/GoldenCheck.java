package org.cosmosj.libero.golden;

import java.nio.file.Path;

/** Checks one kind of golden file. Everything it needs to know about a task comes from the file and the context. */
public interface GoldenCheck {

    /**
     * Whether this check is for a file.
     *
     * @param file the file; its name decides
     * @return true for exactly the files of this kind
     */
    boolean covers(Path file);

    /**
     * Checks a file; every comparison is one line of the results.
     *
     * @param file    what to check against
     * @param context scenes and MuJoCo
     * @param results takes the outcome of every comparison
     * @throws Exception what keeps the file from being checked; counts as one failure with its message
     */
    void run(Path file, GoldenContext context, GoldenResults results) throws Exception;
}
