package org.cosmosj.tensor.conformance;

import java.util.function.Consumer;
import org.cosmosj.tensor.Device;

/**
 * One thing a backend must do.
 *
 * @param family kernel family, for grouping
 * @param name a sentence
 * @param body throws AssertionError if the device does not do it
 */
public record Check(String family, String name, Consumer<Device> body) {}
