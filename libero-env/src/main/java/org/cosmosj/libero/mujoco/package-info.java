/**
 * MuJoCo's C library through {@link java.lang.foreign}: no JNI, no generated code, no Python. Struct offsets come from
 * the C headers beside the library, so one build drives MuJoCo 2.2.2 (Debian) and every release whose headers it can
 * read. A library that lacks a function or whose version is unknown is refused, never guessed at.
 */
package org.cosmosj.libero.mujoco;
