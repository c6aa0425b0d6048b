// Elementary functions in F32 as polynomials of add, multiply and fma, with the coefficients of the CPU backend's
// vector kernels and errors like theirs: at most some units in the last place.
#pragma once
#include "common.cuh"
#include "reference_functions.cuh"

// 1.5 * 2^23: adding it rounds to an integer that stands in the low mantissa bits.
#define ROUNDER 12582912.0f
#define LN_2_HIGH_F32 0.693359375f
#define LN_2_LOW_F32 -2.12194440e-4f

// 2^n for rounded = ROUNDER + 127 + n.
__device__ __forceinline__ float power_of_two(float rounded) {
    return __uint_as_float(__float_as_uint(rounded) << 23);
}

__device__ __forceinline__ float exponential(float x) {
    float clamped = x > 89.0f ? 89.0f : x;
    clamped = clamped < -104.0f ? -104.0f : clamped;
    float n = fused(clamped, 1.44269504088896341f, ROUNDER) - ROUNDER;
    float r = fused(n, -LN_2_HIGH_F32, clamped);
    r = fused(n, -LN_2_LOW_F32, r);
    float p = fused(r, 1.9875691500e-4f, 1.3981999507e-3f);
    p = fused(p, r, 8.3334519073e-3f);
    p = fused(p, r, 4.1665795894e-2f);
    p = fused(p, r, 1.6666665459e-1f);
    p = fused(p, r, 5.0000001201e-1f);
    p = fused(p, r * r, r) + 1.0f;
    float half = n * 0.5f + (ROUNDER + 127.0f);
    float rest = n - (half - (ROUNDER + 127.0f)) + (ROUNDER + 127.0f);
    return p * power_of_two(half) * power_of_two(rest);
}

__device__ __forceinline__ float logarithm(float x) {
    bool tiny = x < 1.17549435e-38f;
    int bits = __float_as_int(tiny ? x * 16777216.0f : x);
    int n = (bits - 0x3F3504F3) >> 23;
    float f = __int_as_float(bits - (int)((unsigned)n << 23)) - 1.0f;
    float e = __int_as_float(n + 0x4B400000) - ROUNDER;
    e = tiny ? e - 24.0f : e;
    float p = fused(f, 0x1.147334p-4f, -0x1.de01d8p-4f);
    p = fused(p, f, 0x1.e6c00ap-4f);
    p = fused(p, f, -0x1.fc28cap-4f);
    p = fused(p, f, 0x1.233ba2p-3f);
    p = fused(p, f, -0x1.555c44p-3f);
    p = fused(p, f, 0x1.99a476p-3f);
    p = fused(p, f, -0x1.000006p-2f);
    p = fused(p, f, 0x1.555548p-2f);
    float square = f * f;
    float small = square * f * p;
    small = fused(e, LN_2_LOW_F32, small);
    small = fused(square, -0.5f, small);
    float result = fused(e, LN_2_HIGH_F32, small + f);
    result = x < 0.0f ? __int_as_float(0x7fc00000) : result;
    result = x == 0.0f ? __int_as_float(0xff800000) : result;
    return x < __int_as_float(0x7f800000) ? result : x;
}

__device__ __forceinline__ float sigmoid(float x) {
    float z = exponential(-fabsf(x));
    return (x < 0.0f ? z : 1.0f) / (z + 1.0f);
}

__device__ __forceinline__ float sigmoid_derivative(float x) {
    float z = exponential(-fabsf(x));
    float inverse = 1.0f / (z + 1.0f);
    return z * inverse * inverse;
}

__device__ __forceinline__ float silu_derivative(float x) {
    float z = exponential(-fabsf(x));
    float inverse = 1.0f / (z + 1.0f);
    float other = z * inverse;
    float s = x < 0.0f ? other : inverse;
    float complement = x < 0.0f ? inverse : other;
    return fused(x * complement, s, s);
}

__device__ __forceinline__ float hyperbolic_tangent(float x) {
    float a = fabsf(x);
    float s = x * x;
    float p = fused(s, 0x1.1a2814p-9f, -0x1.0c5ed0p-7f);
    p = fused(p, s, 0x1.63a550p-6f);
    p = fused(p, s, -0x1.b9f188p-5f);
    p = fused(p, s, 0x1.11107ap-3f);
    p = fused(p, s, -0x1.555554p-2f);
    float near = fused(s * p, x, x);
    float far = 1.0f - 2.0f / (exponential(a + a) + 1.0f);
    far = x < 0.0f ? -far : far;
    return a <= 0.625f ? near : far;
}

__device__ __forceinline__ float hyperbolic_tangent_derivative(float x) {
    float a = fabsf(x);
    float z = exponential(-(a + a));
    float inverse = 2.0f / (z + 1.0f);
    return z * inverse * inverse;
}

// sin(x + quarter pi/2), quarter 0 or 1; the reduction by three parts of pi/2 is exact enough up to 1e5.
__device__ __forceinline__ float wave(float x, int quarter) {
    if (fabsf(x) > 1e5f) {
        return (float)(quarter == 0 ? sine((double)x) : cosine((double)x));
    }
    float t = fused(x, 0x1.45f306p-1f, ROUNDER);
    float n = t - ROUNDER;
    int quadrant = __float_as_int(t) + quarter;
    float r = fused(n, -0x1.921fb6p0f, x);
    r = fused(n, 0x1.777a5cp-25f, r);
    r = fused(n, 0x1.ee59dap-50f, r);
    float s = r * r;
    float odd = fused(s, 0x1.7c2da6p-19f, -0x1.a05956p-13f);
    odd = fused(odd, s, 0x1.111174p-7f);
    odd = fused(odd, s, -0x1.555556p-3f);
    odd = fused(s * odd, r, r);
    float even = fused(s, -0x1.36175ap-22f, 0x1.a071bcp-16f);
    even = fused(even, s, -0x1.6c175ep-10f);
    even = fused(even, s, 0x1.555556p-5f);
    even = fused(even, s, -0.5f);
    even = fused(even, s, 1.0f);
    float size = (quadrant & 1) != 0 ? even : odd;
    return __int_as_float(__float_as_int(size) ^ (quadrant & 2) << 30);
}

__device__ __forceinline__ float sine(float x) {
    return wave(x, 0);
}

__device__ __forceinline__ float cosine(float x) {
    return wave(x, 1);
}

// e^(-x^2/2) with the rounding error of the square put back.
__device__ __forceinline__ float bell(float x) {
    float half = x * 0.5f;
    float square = x * half;
    float error = fused(x, half, -square);
    float e = exponential(-square);
    return fused(-error, e, e);
}

// 1 - Phi(a), given b = e^(-a^2/2): b P(q) / (a + 4), q = (a - 4)/(a + 4).
__device__ __forceinline__ float upper_tail(float a, float b) {
    float r = 1.0f / (a + 4.0f);
    float q = (a - 4.0f) * r;
    float rest = fused(q, -a, fused(q + 1.0f, -4.0f, a));
    q = fused(r, rest, q);
    float p = fused(q, -0x1.078dc0p-13f, 0x1.a4b272p-13f);
    p = fused(p, q, 0x1.9eeb46p-10f);
    p = fused(p, q, -0x1.ce2a3ap-9f);
    p = fused(p, q, -0x1.ede048p-8f);
    p = fused(p, q, 0x1.eedad0p-5f);
    p = fused(p, q, -0x1.7dfed6p-3f);
    p = fused(p, q, 0x1.8c6d84p-2f);
    p = fused(p, q, -0x1.373e3cp-1f);
    p = fused(p, q, 0x1.82b4bcp-1f);
    return b * (p * r);
}

// Beyond 14.5 the tail of the normal distribution is 0 in F32.
__device__ __forceinline__ float size_for_tail(float x) {
    float a = fabsf(x);
    return a > 14.5f ? 14.5f : a;
}

__device__ __forceinline__ float gelu(float x) {
    float a = size_for_tail(x);
    float tail = upper_tail(a, bell(a));
    return x * (x < 0.0f ? tail : 1.0f - tail);
}

__device__ __forceinline__ float gelu_derivative(float x) {
    float a = size_for_tail(x);
    float b = bell(a);
    float tail = upper_tail(a, b);
    float phi = x < 0.0f ? tail : 1.0f - tail;
    return fused(x * 0x1.988454p-2f, b, phi);
}
