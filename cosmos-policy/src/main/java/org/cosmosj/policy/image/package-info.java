/**
 * Pictures of 8-bit values and what the reference does to them before the tokenizer sees them: JPEG, resizing and
 * cropping as Pillow and torchvision do, and the augmentation of training samples. All but JPEG equals the reference
 * value for value; JPEG is left to the JDK's codec, which wraps libjpeg as Pillow does. Knows nothing of policies.
 */
package org.cosmosj.policy.image;
