/**
 * Scripted experts for LIBERO's scenes on MuJoCo: they read the true state, take things at rims and middles, pull and
 * push drawers and turn knobs, and choose what to do from the statements of the goal.
 *
 * <p>Successes on real libero_spatial scenes with MuJoCo 2.2.2, start states 0 to 9 of each task, 220 steps: see the
 * module's README.
 */
package org.cosmosj.libero.expert;
