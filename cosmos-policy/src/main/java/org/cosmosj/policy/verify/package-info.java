/**
 * The command {@code verify}: runs golden fixtures of the reference implementation through this code and compares every
 * tensor. A fixture is a safetensors file whose metadata names its kind, configuration, parameters and tolerances; one
 * {@code FixtureCheck} per kind computes the actual values, and a single comparison judges them all.
 */
package org.cosmosj.policy.verify;
