/**
 * The CUDA backend: kernels written in CUDA C++ and shipped as PTX, loaded and launched through the driver API, with
 * cuBLAS and cuDNN as accelerators that are probed for and never required. Nothing here is called by name: the
 * backend registers itself as a provider, and a machine without a usable device gets one line that says why. Every
 * kernel is held to the CPU backend by the same conformance suite.
 */
package org.cosmosj.cuda;
