/**
 * The CUDA backend: kernels written in CUDA C++ and shipped as PTX, loaded and launched through the driver API. Nothing
 * here is called by name: the backend registers itself as a provider, and a machine without a usable device gets one
 * line that says why. Every kernel is held to the CPU backend by the same conformance suite, on an emulated GPU; no
 * kernel has run on real hardware yet.
 */
package org.cosmosj.cuda;
