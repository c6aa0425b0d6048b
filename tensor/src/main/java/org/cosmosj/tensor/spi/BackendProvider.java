package org.cosmosj.tensor.spi;

import java.util.Optional;
import org.cosmosj.tensor.Device;

/** Finds one family of devices; implementations are listed in {@code META-INF/services}. */
public interface BackendProvider {
    /**
     * The family this provider serves.
     *
     * @return the device kind
     */
    Device.Kind kind();

    /**
     * Why this family cannot be used here. Never throws.
     *
     * @return one line with the reason and the cure, or empty if it can be used
     */
    Optional<String> unavailableReason();

    /**
     * What is there, for a person who asks whether it will be used; called only where {@link #unavailableReason} is
     * empty.
     *
     * @return one line for each device
     */
    default String description() {
        return kind() + " devices";
    }

    /**
     * Opens a device; called once per device and process.
     *
     * @param device a device of this kind
     * @return its backend
     * @throws IllegalArgumentException if there is no such device
     */
    Backend open(Device device);
}
