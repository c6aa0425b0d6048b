package org.cosmosj.libero.mujoco;

/**
 * What a version of MuJoCo changes compared with {@value MujocoLibrary#PAPER_VERSION}, with which the paper's numbers
 * were made. Measured are 2.2.2 and 3.14.0, against each other: 3.3.2 lies between them.
 *
 * @param text one line for people
 */
public record VersionDifference(String text) {

    private static final int PAPER = 332;
    private static final int DEBIAN = 222;
    private static final int GOLDEN = 3014000;

    /**
     * The difference of a version.
     *
     * @param version as {@link MujocoLibrary#version} counts
     * @return what is known of it
     */
    public static VersionDifference of(int version) {
        String paper = " instead of the paper's " + MujocoLibrary.PAPER_VERSION + ": ";
        String cure = "take " + MujocoLibrary.PAPER_VERSION + " for numbers to publish";
        return new VersionDifference(MujocoLibrary.name(version) + switch (version) {
            case PAPER -> " is the paper's version: numbers can be compared directly";
            case DEBIAN -> paper + "until contact the robot moves as under 3.14.0 within 1e-7 rad; things settle up to"
                    + " 1.4 mm differently, and the bowl of libero_spatial task 5 does not stay on its ramekin; "
                    + cure;
            case GOLDEN -> paper + "equal to the Python reference on 3.14.0 to the last bits until contact; success"
                    + " rates may differ from the paper's by what contacts decide; " + cure;
            default -> paper + "not measured; './cosmosj libero verify' compares it with golden numbers; " + cure;
        });
    }
}
