package org.cosmosj.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a latent frame holds. Source: spec 04 section 1. */
public enum FrameRole {
    /** Nothing: a black picture. */
    BLANK(null),
    /** The robot's joint state now. */
    CURRENT_PROPRIO(null),
    /** What {@link Camera#WRIST} sees now. */
    CURRENT_WRIST(Camera.WRIST),
    /** What {@link Camera#WRIST2} sees now. */
    CURRENT_WRIST2(Camera.WRIST2),
    /** What {@link Camera#PRIMARY} sees now. */
    CURRENT_PRIMARY(Camera.PRIMARY),
    /** What {@link Camera#SECONDARY} sees now. */
    CURRENT_SECONDARY(Camera.SECONDARY),
    /** The action chunk. */
    ACTION(null),
    /** The joint state after the chunk. */
    FUTURE_PROPRIO(null),
    /** What {@link Camera#WRIST} sees after the chunk. */
    FUTURE_WRIST(Camera.WRIST),
    /** What {@link Camera#WRIST2} sees after the chunk. */
    FUTURE_WRIST2(Camera.WRIST2),
    /** What {@link Camera#PRIMARY} sees after the chunk. */
    FUTURE_PRIMARY(Camera.PRIMARY),
    /** What {@link Camera#SECONDARY} sees after the chunk. */
    FUTURE_SECONDARY(Camera.SECONDARY),
    /** The value of the state after the chunk. */
    VALUE(null);

    private static final String CURRENT = "CURRENT_";
    private static final String FUTURE = "FUTURE_";
    /** Other names of the reference for a camera, after {@code current_} or {@code future_}. */
    private static final List<List<String>> CAMERA_NAMES = List.of(
            List.of("wrist", "wrist_image", "left_wrist", "left_wrist_image", "wrist_left"),
            List.of("wrist2", "wrist_image2", "right_wrist", "right_wrist_image", "wrist_right"),
            List.of("primary", "image", "primary_image"), List.of("secondary", "image2", "secondary_image"));

    private final Camera camera;

    FrameRole(Camera camera) {
        this.camera = camera;
    }

    /**
     * The camera whose picture the frame holds.
     *
     * @return the camera, or empty if the frame holds no picture
     */
    public Optional<Camera> camera() {
        return Optional.ofNullable(camera);
    }

    /**
     * Whether the frame describes the state before the chunk.
     *
     * @return true for current proprio and current pictures
     */
    public boolean isCurrent() {
        return name().startsWith(CURRENT);
    }

    /**
     * Whether the frame describes the state after the chunk.
     *
     * @return true for future proprio and future pictures
     */
    public boolean isFuture() {
        return name().startsWith(FUTURE);
    }

    /**
     * The same thing before the chunk.
     *
     * @return the current role of a future one
     * @throws IllegalStateException if this is no future role
     */
    public FrameRole current() {
        if (!isFuture()) {
            throw new IllegalStateException("frame role " + this + " is no future role and has no current counterpart");
        }
        return valueOf(CURRENT + name().substring(FUTURE.length()));
    }

    /**
     * The frame of a camera's picture now.
     *
     * @param camera the camera
     * @return its current role
     */
    public static FrameRole current(Camera camera) {
        return valueOf(CURRENT + camera);
    }

    /**
     * The frame of a camera's picture after the chunk.
     *
     * @param camera the camera
     * @return its future role
     */
    public static FrameRole future(Camera camera) {
        return valueOf(FUTURE + camera);
    }

    /**
     * Finds a role by a name of the reference: {@code action}, {@code current_wrist}, {@code future_image2_latent_idx}.
     *
     * @param key the name
     * @return the role
     * @throws IllegalArgumentException if no role has that name
     */
    public static FrameRole parse(String key) {
        String name = key.endsWith("_latent_idx") ? key.substring(0, key.length() - "_latent_idx".length()) : key;
        int split = name.indexOf('_') + 1;
        for (Camera camera : Camera.values()) {
            if (CAMERA_NAMES.get(camera.ordinal()).contains(name.substring(split))) {
                name = name.substring(0, split) + camera.name();
                break;
            }
        }
        String constant = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(role -> role.name().equals(constant)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("frame role: '" + key + "' is unknown; expected one of "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)
                        + " or the reference's _latent_idx names"));
    }
}
