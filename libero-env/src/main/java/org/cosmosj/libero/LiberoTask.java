package org.cosmosj.libero;

import org.cosmosj.libero.bddl.BddlProblem;

/**
 * A task of LIBERO and where its files lie inside LIBERO's folder.
 *
 * @param suite the suite that holds it
 * @param index number in the suite, from 0
 * @param name  file name without extension
 */
public record LiberoTask(LiberoSuite suite, int index, String name) {

    /**
     * What the policy is told: the words of the file name. The {@code :language} text differs and is not used.
     *
     * @return words separated by spaces
     */
    public String instruction() {
        return BddlProblem.instruction(name);
    }

    /**
     * The task file.
     *
     * @return path below {@code bddl_files}
     */
    public String bddlFile() {
        return suite.folder() + "/" + name + ".bddl";
    }

    /**
     * The start states.
     *
     * @return path below {@code init_files}
     */
    public String initFile() {
        return suite.folder() + "/" + name + ".pruned_init";
    }

    /**
     * The demonstrations.
     *
     * @return path below the folder of data sets
     */
    public String demonstrationFile() {
        return suite.folder() + "/" + name + "_demo.hdf5";
    }

    @Override
    public String toString() {
        return suite.folder() + "/" + name;
    }
}
