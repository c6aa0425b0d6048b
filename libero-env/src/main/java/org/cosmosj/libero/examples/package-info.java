/**
 * Programs to read and to copy from: each does one thing a user of the library wants to do, with public types only.
 */
package org.cosmosj.libero.examples;
