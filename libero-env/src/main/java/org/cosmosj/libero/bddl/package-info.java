/**
 * LIBERO's task language: BDDL files, and the truth of their predicates in a scene.
 *
 * <p>Source: libero/libero/envs/bddl_utils.py, predicates/base_predicates.py, object_states/base_object_states.py.
 */
package org.cosmosj.libero.bddl;
