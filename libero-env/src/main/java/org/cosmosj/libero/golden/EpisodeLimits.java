package org.cosmosj.libero.golden;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How much an episode may differ from its golden file. Until the robot touches something, the version of MuJoCo that
 * made the file gives the same numbers but for rounding in the controller's linear algebra; other versions move the
 * robot the same way and let things settle a little differently. From the first touch on, rounding differences grow a
 * thousandfold within two steps, so poses are compared roughly and success within some steps.
 *
 * @param robot         joint positions of arm and fingers before contact, radians and metres
 * @param objects       joint positions of everything else before contact
 * @param exact         what depends on the arm alone: goals, sensor values
 * @param torque        controls, newton metres
 * @param velocity      joint velocities of the robot
 * @param robotLater    {@code robot} after contact
 * @param objectsLater  {@code objects} after contact
 * @param successSteps  steps between the first successes
 * @param sameVersion   whether the file was made with this version
 */
record EpisodeLimits(double robot, double objects, double exact, double torque, double velocity, double robotLater,
        double objectsLater, int successSteps, boolean sameVersion) {

    private static final String DEBIAN = "2.2.2";
    private static final double SETTLING = 2e-3;

    static EpisodeLimits of(GoldenFile golden, String version) {
        if (version.equals(golden.meta("mujoco_version"))) {
            return new EpisodeLimits(1e-12, 1e-12, 1e-12, 2e-11, 1e-11, 1e-3, 3e-2, 2, true);
        }
        double objects = SETTLING;
        double objectsLater = 0.1;
        if (version.equals(DEBIAN) && golden.hasMeta("mj222")) {
            // where things do not stay as they lie, the file says how far they come
            JsonNode seen = golden.json("mj222");
            objects = Math.max(objects, 1.5 * seen.path("max_abs_dq_all").asDouble());
            objectsLater = Math.max(objectsLater, objects);
        }
        return new EpisodeLimits(1e-7, objects, 1e-6, 1e-3, 1e-4, 2e-2, objectsLater, 2, false);
    }
}
