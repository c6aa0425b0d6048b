/**
 * What other modules plug into this one: device backends and subcommands of the command line, both found by
 * {@link java.util.ServiceLoader}.
 */
package org.cosmosj.tensor.spi;
