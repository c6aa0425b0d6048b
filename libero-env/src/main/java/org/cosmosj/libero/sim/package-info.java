/**
 * LIBERO itself, in this process: real scenes on MuJoCo with robosuite's robot, controller and observation times, and
 * LIBERO's predicates, behind the same {@link org.cosmosj.libero.RobotEnvironment} as the embedded tabletop.
 */
package org.cosmosj.libero.sim;
