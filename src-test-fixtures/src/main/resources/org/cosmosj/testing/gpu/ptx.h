// The instructions of PTX as C++ on registers, for translated kernels. Names of functions are those of the PTX ISA.
#pragma once
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include "emulator.h"

#define INLINE static inline __attribute__((always_inline))

// A register read as type T: its bits if T is as large, its low part if T is smaller.
template <class T, class R>
INLINE T as(R reg) {
    if constexpr (sizeof(T) == sizeof(R)) {
        T value;
        memcpy(&value, &reg, sizeof value);
        return value;
    } else {
        static_assert(std::is_integral_v<T> && std::is_integral_v<R> && sizeof(T) < sizeof(R));
        return (T)reg;
    }
}

// A value put into a register: its bits, or extended by its sign (or zeros) if the register is larger.
template <class R, class T>
INLINE void put(R& reg, T value) {
    if constexpr (sizeof(T) == sizeof(R)) {
        memcpy(&reg, &value, sizeof value);
    } else {
        static_assert(std::is_integral_v<T> && std::is_integral_v<R> && sizeof(T) < sizeof(R));
        reg = (R)value;
    }
}

INLINE float f32_bits(uint32_t bits) {
    return as<float>(bits);
}

INLINE double f64_bits(uint64_t bits) {
    return as<double>(bits);
}

template <class T>
using Unsigned = std::make_unsigned_t<T>;

// Integer arithmetic wraps.
template <class T>
INLINE T add(T a, T b) {
    return (T)((Unsigned<T>)a + (Unsigned<T>)b);
}

template <class T>
INLINE T sub(T a, T b) {
    return (T)((Unsigned<T>)a - (Unsigned<T>)b);
}

template <class T>
INLINE T mul_lo(T a, T b) {
    return (T)((Unsigned<T>)a * (Unsigned<T>)b);
}

template <class Wide, class T>
INLINE Wide mul_wide(T a, T b) {
    return (Wide)a * (Wide)b;
}

template <class T>
INLINE T neg(T a) {
    return (T)(0 - (Unsigned<T>)a);
}

// Dividing by zero gives an unspecified value on a device, which no kernel can want.
template <class T>
INLINE T div(T a, T b, const Site* site) {
    if (b == 0) {
        emu_illegal("integer division by zero", site);
    }
    return std::is_signed_v<T> && b == (T)-1 ? neg(a) : (T)(a / b);
}

template <class T>
INLINE T rem(T a, T b, const Site* site) {
    if (b == 0) {
        emu_illegal("integer remainder by zero", site);
    }
    return std::is_signed_v<T> && b == (T)-1 ? T(0) : (T)(a % b);
}

// Shifts by the width or more leave zeros or signs.
template <class T>
INLINE T shl(T a, uint32_t n) {
    return n >= sizeof(T) * 8 ? T(0) : (T)((Unsigned<T>)a << n);
}

template <class T>
INLINE T shr(T a, uint32_t n) {
    uint32_t last = sizeof(T) * 8 - 1;
    return n > last ? (T)(std::is_signed_v<T> ? a >> last : 0) : (T)(a >> n);
}

INLINE float fma_rn(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}

INLINE double fma_rn(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

template <class T>
INLINE bool unordered(T a, T b) {
    return a != a || b != b;
}

// Towards zero, clamped to the range. NaN becomes 0, or the smallest number if either side is 64 bits wide.
template <class I, class F>
INLINE I cvt_rzi(F value) {
    if (value != value) {
        return sizeof(F) == 8 || sizeof(I) == 8 ? std::numeric_limits<I>::min() : I(0);
    }
    // The limits as floats: the largest integer rounds up to a power of two, which is out of range.
    F low = (F)std::numeric_limits<I>::min();
    F high = -(F)std::numeric_limits<std::make_signed_t<I>>::min() * (std::is_signed_v<I> ? F(1) : F(2));
    return value <= low ? std::numeric_limits<I>::min() : value >= high ? std::numeric_limits<I>::max() : (I)value;
}

INLINE uint16_t cvt_rn_f16(float value) {
    return as<uint16_t>((_Float16)value);
}

INLINE float cvt_f32_from_f16(uint16_t bits) {
    return (float)as<_Float16>(bits);
}

template <class T>
INLINE T load(uint64_t address, Space space, const Site* site) {
    T value;
    memcpy(&value, emu_access(address, sizeof(T), space, READ, site), sizeof(T));
    return value;
}

template <class T>
INLINE void store(uint64_t address, T value, Space space, const Site* site) {
    memcpy(emu_access(address, sizeof(T), space, WRITE, site), &value, sizeof(T));
}

template <class T>
INLINE T parameter(const uint8_t* const* parameters, uint32_t which, uint32_t offset) {
    T value;
    memcpy(&value, parameters[which] + offset, sizeof(T));
    return value;
}

// shfl.sync.bfly: lane XOR b within the segment that c describes (bits 8-12 its mask, bits 0-4 the clamp); a lane whose
// partner lies outside keeps its own value and gets a false predicate.
INLINE bool shfl_bfly(uint32_t& result, uint32_t a, uint32_t b, uint32_t c, uint32_t mask, const Site* site) {
    uint32_t lane = emu_thread->lane;
    uint32_t segment = c >> 8 & 31;
    uint32_t last = (lane & segment) | (c & 31 & ~segment);
    uint32_t partner = lane ^ (b & 31);
    bool inside = partner <= last;
    result = emu_exchange(mask, a, inside ? partner : lane, site);
    return inside;
}
