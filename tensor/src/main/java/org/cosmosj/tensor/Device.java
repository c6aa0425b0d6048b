package org.cosmosj.tensor;

import java.util.Locale;

/**
 * Where a tensor lives and its ops run. There is no default device: name one when opening a {@link Scope}.
 *
 * @param kind the backend family
 * @param index ordinal among devices of that kind, at least 0
 */
public record Device(Kind kind, int index) {
    /** The families of devices. */
    public enum Kind {
        /** The host's processor, always present. */
        CPU,
        /** An NVIDIA GPU through cosmosj-cuda-kernels. */
        CUDA,
        /** A device that only tests provide: its memory is not reachable from the host. */
        TEST
    }

    /** Checks the index. */
    public Device {
        if (index < 0) {
            throw new IllegalArgumentException("device: index " + index + " is negative; the first device is 0");
        }
    }

    /**
     * The host's processor.
     *
     * @return the CPU device
     */
    public static Device cpu() {
        return new Device(Kind.CPU, 0);
    }

    /**
     * An NVIDIA GPU.
     *
     * @param index ordinal as the driver counts
     * @return the CUDA device
     */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /**
     * Parses {@code cpu}, {@code cuda} or {@code cuda:1}.
     *
     * @param text the device's name
     * @return the device
     * @throws IllegalArgumentException if the text names no device
     */
    public static Device parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
        try {
            Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
            return new Device(kind, parts.length == 2 ? Integer.parseInt(parts[1]) : 0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("device: '" + text + "' is not a device; use cpu, cuda or cuda:INDEX",
                    e);
        }
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + index;
    }
}
