/**
 * One query of a full-size policy from files: {@code ./cosmosj query}, and the files that it reads.
 */
package org.cosmosj.policy.query;
