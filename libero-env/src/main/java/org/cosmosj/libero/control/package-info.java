/**
 * LIBERO's controller and timing in plain Java on arrays: robosuite 1.4's operational space controller, its gripper
 * and the moments at which it samples observations, equal to the reference to the last bits that its linear algebra
 * leaves. Nothing here knows MuJoCo.
 */
package org.cosmosj.libero.control;
