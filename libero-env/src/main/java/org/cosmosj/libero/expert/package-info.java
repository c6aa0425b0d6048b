/**
 * Scripted experts for LIBERO's scenes on MuJoCo: they read the true state, take things at rims and middles, pull and
 * push drawers and turn knobs, and choose what to do from the statements of the goal.
 *
 * <p>How many start states they solve, on LIBERO's scenes and on this project's own, stands in the module's README.
 */
package org.cosmosj.libero.expert;
