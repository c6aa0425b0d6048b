/**
 * A software renderer without dependencies: meshes, pinhole cameras, a z-buffer rasteriser, and PNG and GIF files.
 *
 * <p>Pictures are upright everywhere: row 0 is the top row. LIBERO's raw observations are bottom-up; who reads those
 * flips them first.
 */
package org.cosmosj.libero.render;
