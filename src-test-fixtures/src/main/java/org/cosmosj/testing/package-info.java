/**
 * What the tests of all modules share: golden data with its provenance, plain-array comparisons that fail on NaN,
 * finite differences, and the awkward sizes that every kernel is tried on. It speaks {@code float[]} and
 * {@code long[]} shapes and knows no tensor, so that the tensor module can use it as well.
 */
package org.cosmosj.testing;
