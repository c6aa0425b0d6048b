/**
 * Rigid-body geometry in plain doubles: rotations, poses, oriented boxes and their overlap.
 *
 * <p>Metres, radians, world frame with z up. Transcendental functions are {@link StrictMath}'s, so that an episode has
 * the same bits on every machine.
 */
package org.cosmosj.libero.geometry;
