/**
 * The command line: finds the subcommands that the modules contribute and turns their outcome into an exit code and at
 * most one line of error.
 */
package org.cosmosj.libero.app;
