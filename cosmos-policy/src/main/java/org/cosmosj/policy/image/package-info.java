/**
 * Pictures of 8-bit values and what the reference does to them before the tokenizer sees them: resizing and cropping,
 * value for value. Knows nothing of policies.
 */
package org.cosmosj.policy.image;
