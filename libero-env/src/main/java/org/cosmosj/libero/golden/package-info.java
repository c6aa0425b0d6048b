/**
 * Checks of this implementation against golden numbers of the Python reference: {@code ./cosmosj libero verify}. Every
 * file of a golden folder is covered by a {@link org.cosmosj.libero.golden.GoldenCheck}, chosen by the file's name.
 */
package org.cosmosj.libero.golden;
