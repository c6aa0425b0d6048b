/**
 * The embedded tabletop: a Panda-like arm, a parallel gripper and a few objects under quasi-static physics.
 *
 * <p>It shares LIBERO's task language, predicates, observation names and episode protocol, but it is <b>not
 * LIBERO</b>: success rates measured here are not LIBERO numbers.
 *
 * <p>Quasi-static: there are no velocities. A motion is carried out in small steps; a step that would make two solid
 * things intersect pushes what can be pushed, or does not happen. What is let go falls straight down onto its support.
 * No state with an intersection is ever accepted, so objects cannot pass through each other, the table or the fingers.
 */
package org.cosmosj.libero.tabletop;
