// Elementary functions in F64. exp, log, sin, cos and tanh follow fdlibm 5.3 (Sun Microsystems, 1993, freely
// distributable): its reduction, coefficients and order of operations, because Java's StrictMath is defined to return
// its bits and normal numbers must be the CPU's on every device. F64 serves checks and random numbers.
#pragma once
#include "common.cuh"

__device__ __forceinline__ int high_word(double x) {
    return __double2hiint(x);
}

__device__ __forceinline__ double with_high_word(double x, int high) {
    return __hiloint2double(high, __double2loint(x));
}

__device__ __forceinline__ double exponential(double x) {
    const double ln2_high = 6.93147180369123816490e-01;
    const double ln2_low = 1.90821492927058770002e-10;
    if (x != x) {
        return x;
    }
    if (x > 7.09782712893383973096e+02) {
        return __hiloint2double(0x7ff00000, 0);
    }
    if (x < -7.45133219101941108420e+02) {
        return 0.0;
    }
    int size = high_word(x) & 0x7fffffff;
    int k = 0;
    double high = 0.0;
    double low = 0.0;
    if (size > 0x3fd62e42) {
        if (size < 0x3FF0A2B2) {
            k = x < 0.0 ? -1 : 1;
        } else {
            k = (int)(1.44269504088896338700e+00 * x + (x < 0.0 ? -0.5 : 0.5));
        }
        double t = (double)k;
        high = x - t * ln2_high;
        low = t * ln2_low;
        x = high - low;
    } else if (size < 0x3e300000) {
        return 1.0 + x;
    }
    double t = x * x;
    double c = 1.66666666666666019037e-01
            + t * (-2.77777777770155933842e-03
                    + t * (6.61375632143793436117e-05
                            + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)));
    c = x - t * c;
    if (k == 0) {
        return 1.0 - ((x * c) / (c - 2.0) - x);
    }
    double y = 1.0 - ((low - (x * c) / (2.0 - c)) - high);
    if (k >= -1021) {
        // 2^1024 is no double: its factor 2 comes last.
        return k == 1024 ? y * 2.0 * 0x1p1023 : with_high_word(y, high_word(y) + (k << 20));
    }
    return with_high_word(y, high_word(y) + ((k + 1000) << 20)) * 0x1p-1000;
}

__device__ __forceinline__ double logarithm(double x) {
    const double ln2_high = 6.93147180369123816490e-01;
    const double ln2_low = 1.90821492927058770002e-10;
    if (x == 0.0) {
        return __hiloint2double(0xfff00000, 0);
    }
    if (x < 0.0) {
        return __hiloint2double(0x7ff80000, 0);
    }
    int k = 0;
    if (high_word(x) < 0x00100000) {
        k = -54;
        x *= 0x1p54;
    }
    if (high_word(x) >= 0x7ff00000) {
        return x + x;
    }
    int high = high_word(x);
    k += (high >> 20) - 1023;
    high &= 0x000fffff;
    int above = (high + 0x95f64) & 0x100000;
    x = with_high_word(x, high | (above ^ 0x3ff00000));
    k += above >> 20;
    double f = x - 1.0;
    double dk = (double)k;
    if ((0x000fffff & (2 + high)) < 3) {
        if (f == 0.0) {
            return k == 0 ? 0.0 : dk * ln2_high + dk * ln2_low;
        }
        double r = f * f * (0.5 - 0.33333333333333333 * f);
        return k == 0 ? f - r : dk * ln2_high - ((r - dk * ln2_low) - f);
    }
    double s = f / (2.0 + f);
    double z = s * s;
    double w = z * z;
    double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double t2 = z * (6.666666666666735130e-01
            + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    double r = t2 + t1;
    if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
        double half_square = 0.5 * f * f;
        return k == 0 ? f - (half_square - s * (half_square + r))
                : dk * ln2_high - ((half_square - (s * (half_square + r) + dk * ln2_low)) - f);
    }
    return k == 0 ? f - s * (f - r) : dk * ln2_high - ((s * (f - r) - dk * ln2_low) - f);
}

// An angle as n pi/2 + high + low with |high| <= pi/4.
struct Angle {
    int quarter;
    double high;
    double low;
};

// Up to 2^19 pi/2 the three parts of pi/2 leave nothing; larger angles lose digits, which no model uses.
__device__ __forceinline__ Angle reduced(double x) {
    const double part1 = 1.57079632673412561417e+00;
    const double rest1 = 6.07710050650619224932e-11;
    const double part2 = 6.07710050630396597660e-11;
    const double rest2 = 2.02226624879595063154e-21;
    const double part3 = 2.02226624871116645580e-21;
    const double rest3 = 8.47842766036889956997e-32;
    int size = high_word(x) & 0x7fffffff;
    if (size <= 0x3fe921fb) {
        return Angle{0, x, 0.0};
    }
    double a = fabs(x);
    int n = size < 0x4002d97c ? 1 : (int)(a * 6.36619772367581382433e-01 + 0.5);
    double fn = (double)n;
    double r = a - fn * part1;
    double w = fn * rest1;
    double high = r - w;
    // The high word of n pi/2 tells that the angle lies close to it and its first digits cancel.
    bool near = n >= 32 || size == high_word(fn * 1.57079632679489661923);
    if (near && (n == 1 || (size >> 20) - ((high_word(high) >> 20) & 0x7ff) > 16)) {
        double t = r;
        w = fn * part2;
        r = t - w;
        w = fn * rest2 - ((t - r) - w);
        high = r - w;
        if (n != 1 && (size >> 20) - ((high_word(high) >> 20) & 0x7ff) > 49) {
            t = r;
            w = fn * part3;
            r = t - w;
            w = fn * rest3 - ((t - r) - w);
            high = r - w;
        }
    }
    double low = (r - high) - w;
    return x < 0.0 ? Angle{-n, -high, -low} : Angle{n, high, low};
}

__device__ __forceinline__ double near_sine(double x, double low) {
    int size = high_word(x) & 0x7fffffff;
    if (size < 0x3e400000) {
        return x;
    }
    double z = x * x;
    double v = z * x;
    double r = 8.33333333332248946124e-03
            + z * (-1.98412698298579493134e-04
                    + z * (2.75573137070700676789e-06
                            + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    return x - ((z * (0.5 * low - v * r) - low) - v * -1.66666666666666324348e-01);
}

__device__ __forceinline__ double near_cosine(double x, double low) {
    int size = high_word(x) & 0x7fffffff;
    if (size < 0x3e400000) {
        return 1.0;
    }
    double z = x * x;
    double r = z * (4.16666666666666019037e-02
            + z * (-1.38888888888741095749e-03
                    + z * (2.48015872894767294178e-05
                            + z * (-2.75573143513906633035e-07
                                    + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    if (size < 0x3FD33333) {
        return 1.0 - (0.5 * z - (z * r - x * low));
    }
    double quarter = size > 0x3fe90000 ? 0.28125 : __hiloint2double(size - 0x00200000, 0);
    double half = 0.5 * z - quarter;
    return (1.0 - quarter) - (half - (z * r - x * low));
}

__device__ __forceinline__ double wave(double x, int quarter) {
    if ((high_word(x) & 0x7fffffff) >= 0x7ff00000) {
        return x - x;
    }
    Angle angle = reduced(x);
    int quadrant = angle.quarter + quarter;
    double size = (quadrant & 1) != 0 ? near_cosine(angle.high, angle.low) : near_sine(angle.high, angle.low);
    return (quadrant & 2) != 0 ? -size : size;
}

__device__ __forceinline__ double sine(double x) {
    return wave(x, 0);
}

__device__ __forceinline__ double cosine(double x) {
    return wave(x, 1);
}

__device__ __forceinline__ double sigmoid(double x) {
    return 1.0 / (1.0 + exponential(-x));
}

__device__ __forceinline__ double sigmoid_derivative(double x) {
    double s = sigmoid(x);
    return s * (1.0 - s);
}

__device__ __forceinline__ double silu_derivative(double x) {
    double s = sigmoid(x);
    return s * (1.0 + x * (1.0 - s));
}

// e^x - 1 for |x| below 44.
__device__ __forceinline__ double exponential_minus_one(double x) {
    const double ln2_high = 6.93147180369123816490e-01;
    const double ln2_low = 1.90821492927058770002e-10;
    int size = high_word(x) & 0x7fffffff;
    int k = 0;
    double c = 0.0;
    if (size > 0x3fd62e42) {
        if (size < 0x3FF0A2B2) {
            k = x < 0.0 ? -1 : 1;
        } else {
            k = (int)(1.44269504088896338700e+00 * x + (x < 0.0 ? -0.5 : 0.5));
        }
        double high = x - (double)k * ln2_high;
        double low = (double)k * ln2_low;
        x = high - low;
        c = (high - x) - low;
    } else if (size < 0x3c900000) {
        return x;
    }
    double half = 0.5 * x;
    double square = x * half;
    double r = 1.0
            + square * (-3.33333333333331316428e-02
                    + square * (1.58730158725481460165e-03
                            + square * (-7.93650757867487942473e-05
                                    + square * (4.00821782732936239552e-06 + square * -2.01099218183624371326e-07))));
    double t = 3.0 - r * half;
    double e = square * ((r - t) / (6.0 - x * t));
    if (k == 0) {
        return x - (x * e - square);
    }
    e = (x * (e - c) - c) - square;
    if (k == -1) {
        return 0.5 * (x - e) - 0.5;
    }
    if (k == 1) {
        return x < -0.25 ? -2.0 * (e - (x + 0.5)) : 1.0 + 2.0 * (x - e);
    }
    double y;
    if (k <= -2 || k > 56) {
        y = 1.0 - (e - x);
        return with_high_word(y, high_word(y) + (k << 20)) - 1.0;
    }
    if (k < 20) {
        y = __hiloint2double(0x3ff00000 - (0x200000 >> k), 0) - (e - x);
    } else {
        y = (x - (e + __hiloint2double((0x3ff - k) << 20, 0))) + 1.0;
    }
    return with_high_word(y, high_word(y) + (k << 20));
}

__device__ __forceinline__ double hyperbolic_tangent(double x) {
    int size = high_word(x) & 0x7fffffff;
    if (x != x) {
        return x;
    }
    double z = 1.0;
    if (size < 0x3c800000) {
        return x * (1.0 + x);
    }
    if (size < 0x40360000) {
        double a = fabs(x);
        double t = exponential_minus_one(size >= 0x3ff00000 ? 2.0 * a : -2.0 * a);
        z = size >= 0x3ff00000 ? 1.0 - 2.0 / (t + 2.0) : -t / (t + 2.0);
    }
    return x < 0.0 ? -z : z;
}

__device__ __forceinline__ double hyperbolic_tangent_derivative(double x) {
    double t = hyperbolic_tangent(x);
    return 1.0 - t * t;
}

// Complementary error function of z >= 0: Maclaurin series of erf below 1.5, Lentz's continued fraction above.
__device__ __forceinline__ double error_tail(double z) {
    if (z < 1.5) {
        double term = z;
        double sum = z;
        for (int n = 1; n < 100 && fabs(term) > 1e-18 * fabs(sum); n++) {
            term = term * (-z * z / (double)n);
            sum += term / (double)(2 * n + 1);
        }
        return 1.0 - 1.12837916709551257390 * sum;
    }
    double value = z;
    for (int n = 100; n >= 1; n--) {
        value = z + (double)n / 2.0 / value;
    }
    return z > 27.0 ? 0.0 : exponential(-z * z) / (1.77245385090551602730 * value);
}

// The normal distribution function.
__device__ __forceinline__ double phi(double x) {
    if (x != x) {
        return x;
    }
    double tail = 0.5 * error_tail(fabs(x) * 0.7071067811865476);
    return x < 0.0 ? tail : 1.0 - tail;
}

__device__ __forceinline__ double gelu(double x) {
    return x * phi(x);
}

__device__ __forceinline__ double gelu_derivative(double x) {
    return phi(x) + x * 0.3989422804014327 * exponential(-0.5 * x * x);
}
