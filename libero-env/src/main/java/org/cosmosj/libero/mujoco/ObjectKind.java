package org.cosmosj.libero.mujoco;

/** Kinds of named things in a model. */
public enum ObjectKind {
    /** Rigid bodies; 0 is the world. */
    BODY("mjOBJ_BODY", "nbody"),
    /** Joints. */
    JOINT("mjOBJ_JOINT", "njnt"),
    /** Collision and visual shapes. */
    GEOM("mjOBJ_GEOM", "ngeom"),
    /** Marked places. */
    SITE("mjOBJ_SITE", "nsite"),
    /** Cameras. */
    CAMERA("mjOBJ_CAMERA", "ncam"),
    /** Lights. */
    LIGHT("mjOBJ_LIGHT", "nlight"),
    /** Meshes. */
    MESH("mjOBJ_MESH", "nmesh"),
    /** Textures. */
    TEXTURE("mjOBJ_TEXTURE", "ntex"),
    /** Materials. */
    MATERIAL("mjOBJ_MATERIAL", "nmat"),
    /** Equality constraints. */
    EQUALITY("mjOBJ_EQUALITY", "neq"),
    /** Tendons. */
    TENDON("mjOBJ_TENDON", "ntendon"),
    /** Actuators. */
    ACTUATOR("mjOBJ_ACTUATOR", "nu"),
    /** Sensors. */
    SENSOR("mjOBJ_SENSOR", "nsensor");

    /** The enum constant in MuJoCo's headers; its value differs between versions. */
    final String constant;
    /** The size of mjModel that counts them. */
    final String size;

    ObjectKind(String constant, String size) {
        this.constant = constant;
        this.size = size;
    }
}
