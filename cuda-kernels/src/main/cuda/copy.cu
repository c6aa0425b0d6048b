// Copies, casts, fills, gathers and random numbers.
#include "functions.cuh"

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

// BF16 of an F32, nearest even; a NaN keeps its upper bits and stays one.
__device__ __forceinline__ u16 bf16_bits(float value) {
    u32 bits = __float_as_uint(value);
    if (value != value) {
        return (u16)(bits >> 16 | 0x40);
    }
    return (u16)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

__device__ __forceinline__ u16 f16_bits(float value) {
    u16 bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}

__device__ __forceinline__ float from_f16(u16 bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}

// Elements of equal size, moved without looking at them, between any strides. Launch: one thread for each element in
// blocks of 256, no shared memory. The host merges axes, and copies what is dense on both sides without a kernel.
#define COPY(T, bytes)                                                                                                \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    copy_##bytes(const T* x, T* out, const __grid_constant__ Axes axes, index_t n) {                                  \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        Position at = position(axes, i);                                                                              \
        out[at.second] = x[at.first];                                                                                 \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    fill_##bytes(T value, T* out, const __grid_constant__ Axes axes, index_t n) {                                     \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        out[position(axes, i).second] = value;                                                                        \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    gather_##bytes(const T* x, const index_t* index, T* out, index_t count, index_t rows, index_t width, index_t n) { \
        index_t at = global_index();                                                                                  \
        if (at >= n) {                                                                                                \
            return;                                                                                                   \
        }                                                                                                             \
        index_t row = at / width;                                                                                     \
        index_t a = row / count;                                                                                      \
        out[at] = x[(a * rows + index[row - a * count]) * width + (at - row * width)];                                \
    }

COPY(u8, 1)
COPY(u16, 2)
COPY(u32, 4)
COPY(u64, 8)

// The casts that models do all the time. Launch as copies.
#define CAST(name, From, To, value)                                                                                   \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    cast_##name(const From* x_, To* out, const __grid_constant__ Axes axes, index_t n) {                              \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        Position at = position(axes, i);                                                                              \
        From x = x_[at.first];                                                                                        \
        out[at.second] = value;                                                                                       \
    }

CAST(f32_bf16, float, u16, bf16_bits(x))
CAST(bf16_f32, u16, float, __uint_as_float((u32)x << 16))
CAST(f32_f64, float, double, (double)x)
CAST(f64_f32, double, float, (float)x)

// The order of DType.
enum Type { F64, F32, BF16, F16, I64, I32, U8, BOOL };

__device__ __forceinline__ double element(int type, const void* x, index_t i) {
    switch (type) {
        case F64: return ((const double*)x)[i];
        case F32: return (double)((const float*)x)[i];
        case BF16: return (double)__uint_as_float((u32)((const u16*)x)[i] << 16);
        case F16: return (double)from_f16(((const u16*)x)[i]);
        case I64: return (double)((const index_t*)x)[i];
        case I32: return (double)((const int*)x)[i];
        case U8: return (double)((const u8*)x)[i];
        default: return ((const u8*)x)[i] == 0 ? 0.0 : 1.0;
    }
}

// To an integer as Java casts: towards zero, NaN to 0, beyond the range to its ends.
__device__ __forceinline__ void put(int type, void* out, index_t i, double value) {
    double number = value != value ? 0.0 : value;
    switch (type) {
        case F64: ((double*)out)[i] = value; break;
        case F32: ((float*)out)[i] = (float)value; break;
        case BF16: ((u16*)out)[i] = bf16_bits((float)value); break;
        case F16: ((u16*)out)[i] = f16_bits((float)value); break;
        case I64: ((index_t*)out)[i] = (index_t)number; break;
        case I32: ((int*)out)[i] = (int)number; break;
        case U8: ((u8*)out)[i] = (u8)(int)number; break;
        default: ((u8*)out)[i] = value == 0.0 ? 0 : 1; break;
    }
}

// Every other pair of types by way of F64, which holds each of them (of I64 the first 53 bits, as on the CPU). Launch
// as copies. The branches are the same for all threads.
extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)
cast_any(int from, int to, const void* x, void* out, const __grid_constant__ Axes axes, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    Position at = position(axes, i);
    put(to, out, at.second, element(from, x, at.first));
}

// dx[a, index[i], b] += dout[a, i, b] in order of i. Launch: one thread for each (a, b) in blocks of 256, no shared
// memory; a thread walks through i by itself, so that rows named twice are added in order and without atomics.
#define SCATTER_ADD(T, suffix)                                                                                        \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    scatter_add_##suffix(const T* dout, const index_t* index, T* dx, index_t count, index_t rows, index_t width,      \
            index_t n) {                                                                                              \
        index_t at = global_index();                                                                                  \
        if (at >= n) {                                                                                                \
            return;                                                                                                   \
        }                                                                                                             \
        index_t a = at / width;                                                                                       \
        index_t b = at - a * width;                                                                                   \
        for (index_t i = 0; i < count; i++) {                                                                         \
            dx[(a * rows + index[i]) * width + b] += dout[(a * count + i) * width + b];                               \
        }                                                                                                             \
    }

SCATTER_ADD(float, f32)
SCATTER_ADD(double, f64)

// Standard normal numbers: Philox 4x32-10 of (key, stream, position), then Box-Muller in F64, with the CPU's bits.
// Launch: one thread for each number in blocks of 256, no shared memory.
__device__ __forceinline__ double normal_at(u64 key, u64 stream, index_t position) {
    u32 c0 = (u32)position;
    u32 c1 = (u32)((u64)position >> 32);
    u32 c2 = (u32)stream;
    u32 c3 = (u32)(stream >> 32);
    u32 k0 = (u32)key;
    u32 k1 = (u32)(key >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++) {
        u64 p0 = (u64)0xD2511F53u * c0;
        u64 p1 = (u64)0xCD9E8D57u * c2;
        c0 = (u32)(p1 >> 32) ^ c1 ^ k0;
        c1 = (u32)p1;
        c2 = (u32)(p0 >> 32) ^ c3 ^ k1;
        c3 = (u32)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    u64 first = (u64)c1 << 32 | c0;
    u64 second = (u64)c3 << 32 | c2;
    double u1 = (double)((index_t)(first >> 11) + 1) * 0x1p-53;
    double u2 = (double)(index_t)(second >> 11) * 0x1p-53;
    return root(-2.0 * logarithm(u1)) * cosine(2.0 * 3.14159265358979323846 * u2);
}

extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)
normal_f32(u64 key, u64 stream, float* out, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    out[i] = (float)normal_at(key, stream, i);
}

extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)
normal_f64(u64 key, u64 stream, double* out, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    out[i] = normal_at(key, stream, i);
}
