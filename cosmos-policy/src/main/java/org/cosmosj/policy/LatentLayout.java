package org.cosmosj.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which latent frame holds what. Layouts are data: no other code infers a frame from a number of frames or a suite's
 * name. Source: spec 04 section 1.
 *
 * @param name the suite, for messages and files
 * @param roles what each latent frame holds, in order; T entries
 * @param conditioningFrames how many leading frames a policy query is given
 */
public record LatentLayout(String name, List<FrameRole> roles, int conditioningFrames) {
    /** LIBERO: a wrist camera and a third-person camera. */
    public static final LatentLayout LIBERO = of("libero", Camera.WRIST, Camera.PRIMARY);
    /** RoboCasa: a wrist camera and two third-person cameras, left and right. */
    public static final LatentLayout ROBOCASA = of("robocasa", Camera.WRIST, Camera.PRIMARY, Camera.SECONDARY);
    /** ALOHA: two wrist cameras, left and right, and a third-person camera. */
    public static final LatentLayout ALOHA = of("aloha", Camera.WRIST, Camera.WRIST2, Camera.PRIMARY);

    /** Checks the order and the number of conditioning frames. */
    public LatentLayout {
        roles = List.copyOf(roles);
        Set<FrameRole> seen = EnumSet.noneOf(FrameRole.class);
        for (FrameRole role : roles) {
            if (role != FrameRole.BLANK && !seen.add(role)) {
                throw new IllegalArgumentException("layout " + name + ": role " + role + " appears twice in " + roles);
            }
        }
        boolean framed = roles.size() > 2 && roles.getFirst() == FrameRole.BLANK && roles.getLast() == FrameRole.VALUE;
        if (!framed || !seen.contains(FrameRole.ACTION)) {
            throw new IllegalArgumentException(
                    "layout " + name + ": " + roles + " must start with BLANK, hold ACTION and"
                            + " end with VALUE");
        }
        if (conditioningFrames < 1 || conditioningFrames >= roles.size()) {
            throw new IllegalArgumentException("layout " + name + ": " + conditioningFrames + " conditioning frames of "
                    + roles.size() + "; at least the last frame must be generated");
        }
    }

    /**
     * The order all released policies use: blank, current proprio and pictures, action, future proprio and pictures,
     * value; everything before the action is given to the policy.
     *
     * @param name the suite
     * @param cameras in order of their frames
     * @return the layout
     */
    public static LatentLayout of(String name, Camera... cameras) {
        List<FrameRole> roles = new ArrayList<>(List.of(FrameRole.BLANK, FrameRole.CURRENT_PROPRIO));
        List.of(cameras).forEach(camera -> roles.add(FrameRole.current(camera)));
        int given = roles.size();
        roles.add(FrameRole.ACTION);
        roles.add(FrameRole.FUTURE_PROPRIO);
        List.of(cameras).forEach(camera -> roles.add(FrameRole.future(camera)));
        roles.add(FrameRole.VALUE);
        return new LatentLayout(name, roles, given);
    }

    /**
     * Reads {@code layout}, {@code state_t}, {@code num_conditional_frames} and {@code latent_indices}; an index of -1
     * means that the suite has no such frame, a frame without a role is blank. If no current frame is named, as in the
     * reference's queries, the current frames stand from frame 1 in the order of the future ones.
     *
     * @param fields the configuration
     * @return the layout
     * @throws IllegalArgumentException if indices contradict each other or lie outside the sequence
     */
    public static LatentLayout of(JsonFields fields) {
        String name = fields.text("layout");
        int frames = fields.integer("state_t");
        List<FrameRole> roles = new ArrayList<>(Collections.nCopies(frames, FrameRole.BLANK));
        JsonFields indices = fields.object("latent_indices");
        for (String key : indices.keys()) {
            FrameRole role = FrameRole.parse(key);
            int index = indices.integer(key);
            if (index == -1) {
                continue;
            }
            if (index < 0 || index >= frames || roles.get(index) != FrameRole.BLANK && roles.get(index) != role) {
                throw new IllegalArgumentException(
                        "layout " + name + ": " + key + " is frame " + index + " of " + frames
                                + (index < 0 || index >= frames ? "" : ", which holds " + roles.get(index)));
            }
            roles.set(index, role);
        }
        if (roles.stream().noneMatch(FrameRole::isCurrent)) {
            present(roles);
        }
        LatentLayout layout = new LatentLayout(name, roles, fields.integer("num_conditional_frames"));
        fields.expect("num_wrist_images", layout.count(Camera.WRIST, Camera.WRIST2));
        fields.expect("num_third_person_images", layout.count(Camera.PRIMARY, Camera.SECONDARY));
        return layout;
    }

    private long count(Camera... some) {
        return Stream.of(some).filter(cameras()::contains).count();
    }

    /** The present in the order of the future, from frame 1: what the reference's queries take for granted. */
    private static void present(List<FrameRole> roles) {
        List<FrameRole> futures = roles.stream().filter(FrameRole::isFuture).toList();
        for (int i = 0; i < futures.size(); i++) {
            if (roles.get(1 + i) != FrameRole.BLANK) {
                throw new IllegalArgumentException(
                        "layout: no current frames are named, and frame " + (1 + i) + " holds "
                                + roles.get(1 + i) + " where " + futures.get(i).current() + " would stand; name them");
            }
            roles.set(1 + i, futures.get(i).current());
        }
    }

    /**
     * Number of latent frames.
     *
     * @return T
     */
    public int size() {
        return roles.size();
    }

    /**
     * Whether the layout has a frame of this role.
     *
     * @param role the role
     * @return true if it does
     */
    public boolean has(FrameRole role) {
        return roles.contains(role);
    }

    /**
     * The frame of a role.
     *
     * @param role the role
     * @return its index in [0, T)
     * @throws IllegalArgumentException if the layout has none
     */
    public int index(FrameRole role) {
        int index = roles.indexOf(role);
        if (index < 0) {
            throw new IllegalArgumentException("layout " + name + ": no frame holds " + role + "; it has " + roles);
        }
        return index;
    }

    /**
     * The cameras, in order of their current frames.
     *
     * @return the cameras
     */
    public List<Camera> cameras() {
        return roles.stream().filter(FrameRole::isCurrent).flatMap(role -> role.camera().stream()).toList();
    }

    /**
     * Number of leading frames that are given and hold no picture: black in every sequence, so the tokenizer makes the
     * same of them.
     *
     * @return at least 1, for frame 0 is blank
     */
    public int blackFrames() {
        int first = 0;
        while (first < conditioningFrames && roles.get(first).camera().isEmpty()) {
            first++;
        }
        return first;
    }

    /**
     * Number of pixel frames of the sequence: one for the first latent frame, {@code duplicates} for each other.
     *
     * @param duplicates pixel frames per latent frame, the tokenizer's temporal factor
     * @return {@code 1 + duplicates (T - 1)}
     */
    public int pixelFrames(int duplicates) {
        return 1 + duplicates * (size() - 1);
    }
}
