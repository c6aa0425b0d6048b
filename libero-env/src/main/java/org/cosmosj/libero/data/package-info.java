/**
 * Demonstrations: recording, LIBERO's HDF5 files, and baselines that replay them.
 */
package org.cosmosj.libero.data;
