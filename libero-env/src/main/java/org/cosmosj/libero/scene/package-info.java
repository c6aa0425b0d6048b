/**
 * LIBERO's scenes: what a task's scene consists of, how its things are placed, and what can be asked of it. What
 * compiles and simulates a scene stands in another package; here it is known by interfaces only.
 */
package org.cosmosj.libero.scene;
