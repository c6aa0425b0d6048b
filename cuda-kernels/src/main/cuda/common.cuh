// What all kernels share: indices, sums of a fixed order, strided axes.
//
// Everything is compiled without contraction (-fmad=false) and without approximate instructions: a product is fused
// with a sum only where the source says fma. All arithmetic is therefore IEEE's, and a kernel returns the same bits on
// every device. Sums have one order that depends on sizes only.
#pragma once

typedef long long index_t;

// Threads of a block in kernels with one thread for each element: enough warps to hide memory latency at any register
// count that the compiler chooses below 128, and small enough to fill the last wave evenly.
#define ELEMENT_THREADS 256

// Position of this thread among all threads of a one-dimensional launch.
__device__ __forceinline__ index_t global_index() {
    return (index_t)blockIdx.x * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ float fused(float a, float b, float c) {
    return __fmaf_rn(a, b, c);
}

__device__ __forceinline__ double fused(double a, double b, double c) {
    return __fma_rn(a, b, c);
}

__device__ __forceinline__ float root(float x) {
    return __fsqrt_rn(x);
}

__device__ __forceinline__ double root(double x) {
    return __dsqrt_rn(x);
}

// ---------------------------------------------------------------------------------------------------- reductions
// An operation with its neutral element. NaN wins in max and min, unlike in the hardware's own.
struct Sum {
    template <class T>
    static __device__ __forceinline__ T neutral() { return T(0); }
    template <class T>
    static __device__ __forceinline__ T join(T a, T b) { return a + b; }
};

struct Max {
    template <class T>
    static __device__ __forceinline__ T neutral() { return T(-1) / T(0); }
    template <class T>
    static __device__ __forceinline__ T join(T a, T b) { return a > b || a != a ? a : b; }
};

struct Min {
    template <class T>
    static __device__ __forceinline__ T neutral() { return T(1) / T(0); }
    template <class T>
    static __device__ __forceinline__ T join(T a, T b) { return a < b || a != a ? a : b; }
};

// The values of the 32 lanes joined by a butterfly: every lane has the same bits. All lanes must call.
template <class Op, class T>
__device__ __forceinline__ T join_warp(T value) {
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
        value = Op::join(value, __shfl_xor_sync(0xffffffffu, value, distance));
    }
    return value;
}

// The values of all threads of a block of WARPS warps, joined within warps and then in the order of warps; every
// thread has the result. All threads must call. `partial` is one shared slot for each warp, which the kernel uses for
// nothing else: a second barrier, before the slots could be used again, would cost more than they do.
template <class Op, int WARPS, class T>
__device__ __forceinline__ T join_block(T value, T* partial) {
    value = join_warp<Op>(value);
    if (threadIdx.x % 32 == 0) {
        partial[threadIdx.x / 32] = value;
    }
    __syncthreads();
    T joined = partial[0];
#pragma unroll
    for (int warp = 1; warp < WARPS; warp++) {
        joined = Op::join(joined, partial[warp]);
    }
    return joined;
}

// ---------------------------------------------------------------------------------------------------- strided axes
#define MAX_AXES 8

// One loop nest over two tensors: sizes, and how far each axis steps in them, in elements; outermost axis first.
struct Axes {
    index_t size[MAX_AXES];
    index_t first[MAX_AXES];
    index_t second[MAX_AXES];
    int rank;
};

// Where element `i` of the nest, counted in row-major order, stands in both tensors.
struct Position {
    index_t first;
    index_t second;
};

__device__ __forceinline__ Position position(const Axes& axes, index_t i) {
    Position at = {0, 0};
    // Unrolled, so that the sizes are read from the parameters and not from a copy in local memory.
#pragma unroll
    for (int axis = MAX_AXES - 1; axis > 0; axis--) {
        if (axis < axes.rank) {
            index_t rest = i / axes.size[axis];
            index_t here = i - rest * axes.size[axis];
            at.first += here * axes.first[axis];
            at.second += here * axes.second[axis];
            i = rest;
        }
    }
    at.first += i * axes.first[0];
    at.second += i * axes.second[0];
    return at;
}
