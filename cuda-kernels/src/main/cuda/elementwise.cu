// Functions of one and two elements, scaling, and the gated residual with its gradients.
#include "functions.cuh"

// Launch: one thread for each element in blocks of 256, no shared memory. Each thread reads and writes one element, so
// that a warp's accesses are whole 32-byte sectors; all of these kernels wait for memory only.
// `out` may be `x` itself (and `dx` may be `dy`), hence no __restrict__.
#define UNARY_F32(name, value, derivative)                                                                            \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    unary_##name##_f32(const float* x_, float* out, index_t n) {                                                      \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        float x = x_[i];                                                                                              \
        out[i] = value;                                                                                               \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    unary_backward_##name##_f32(const float* x_, const float* dy, float* dx, index_t n) {                             \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        [[maybe_unused]] float x = x_[i];                                                                             \
        float g = dy[i];                                                                                              \
        dx[i] = derivative;                                                                                           \
    }

UNARY_F32(neg, -x, -g)
UNARY_F32(abs, fabsf(x), g * (x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x))
UNARY_F32(square, x * x, g * (x * 2.0f))
// Divided twice, because the square may leave the range.
UNARY_F32(reciprocal, 1.0f / x, -(g / x / x))
UNARY_F32(sqrt, root(x), g * 0.5f / root(x))
UNARY_F32(exp, exponential(x), g * exponential(x))
UNARY_F32(log, logarithm(x), g / x)
UNARY_F32(sin, sine(x), g * cosine(x))
UNARY_F32(cos, cosine(x), -(g * sine(x)))
UNARY_F32(tanh, hyperbolic_tangent(x), g * hyperbolic_tangent_derivative(x))
UNARY_F32(sigmoid, sigmoid(x), g * sigmoid_derivative(x))
UNARY_F32(relu, x > 0.0f || x != x ? x : 0.0f, g * (x > 0.0f ? 1.0f : 0.0f))
UNARY_F32(silu, x * sigmoid(x), g * silu_derivative(x))
UNARY_F32(gelu, gelu(x), g * gelu_derivative(x))

// The order of ElementwiseKernels.Unary.
enum Unary { NEG, ABS, SQUARE, RECIPROCAL, SQRT, EXP, LOG, SIN, COS, TANH, SIGMOID, RELU, SILU, GELU };

static __device__ double value_of(int f, double x) {
    switch (f) {
        case NEG: return -x;
        case ABS: return fabs(x);
        case SQUARE: return x * x;
        case RECIPROCAL: return 1.0 / x;
        case SQRT: return root(x);
        case EXP: return exponential(x);
        case LOG: return logarithm(x);
        case SIN: return sine(x);
        case COS: return cosine(x);
        case TANH: return hyperbolic_tangent(x);
        case SIGMOID: return sigmoid(x);
        case RELU: return x > 0.0 || x != x ? x : 0.0;
        case SILU: return x * sigmoid(x);
        default: return gelu(x);
    }
}

static __device__ double derivative_of(int f, double x) {
    switch (f) {
        case NEG: return -1.0;
        case ABS: return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;
        case SQUARE: return 2.0 * x;
        case RECIPROCAL: return -1.0 / (x * x);
        case SQRT: return 0.5 / root(x);
        case EXP: return exponential(x);
        case LOG: return 1.0 / x;
        case SIN: return cosine(x);
        case COS: return -sine(x);
        case TANH: return hyperbolic_tangent_derivative(x);
        case SIGMOID: return sigmoid_derivative(x);
        case RELU: return x > 0.0 ? 1.0 : 0.0;
        case SILU: return silu_derivative(x);
        default: return gelu_derivative(x);
    }
}

// F64 serves checks only, so one kernel holds all functions. Launch as in F32.
extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)
unary_f64(int f, const double* x, double* out, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    out[i] = value_of(f, x[i]);
}

extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)
unary_backward_f64(int f, const double* x, const double* dy, double* dx, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    dx[i] = dy[i] * derivative_of(f, x[i]);
}

// out[i] = f(a, b) of the elements that broadcasting puts there. Launch: one thread for each element of the result in
// blocks of 256, no shared memory. The host merges axes first, so most calls have one or two of them.
#define BINARY(name, T, suffix, value)                                                                                \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    binary_##name##_##suffix(const T* a_, const T* b_, T* out, const __grid_constant__ Axes axes, index_t n) {        \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        Position at = position(axes, i);                                                                              \
        T a = a_[at.first];                                                                                           \
        T b = b_[at.second];                                                                                          \
        out[i] = value;                                                                                               \
    }

#define BINARY_ALL(T, suffix)                                                                                         \
    BINARY(add, T, suffix, a + b)                                                                                     \
    BINARY(sub, T, suffix, a - b)                                                                                     \
    BINARY(mul, T, suffix, a * b)                                                                                     \
    BINARY(div, T, suffix, a / b)                                                                                     \
    BINARY(max, T, suffix, Max::join(a, b))                                                                        \
    BINARY(min, T, suffix, Min::join(a, b))

BINARY_ALL(float, f32)
BINARY_ALL(double, f64)

// out = x scale + shift, rounded twice as by two ops. Launch: one thread for each element in blocks of 256, no shared
// memory.
template <class T>
__device__ __forceinline__ void affine(const T* x, T scale, T shift, T* out, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    out[i] = x[i] * scale + shift;
}

// y += alpha x, fused. Launch as affine.
template <class T>
__device__ __forceinline__ void axpy(T alpha, const T* x, T* y, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    y[i] = fused(alpha, x[i], y[i]);
}

// out[g,p,c] = x[g,p,c] + gate[g,c] y[g,p,c]. Launch: one thread for each element in blocks of 256, no shared memory;
// the gate of a group is read once for each of its rows and stays in the cache.
template <class T>
__device__ __forceinline__ void gated_residual(const T* x, const T* gate, const T* y, T* out, index_t rows, index_t d,
        index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    index_t row = i / d;
    T g = gate[row / rows * d + (i - row * d)];
    out[i] = fused(g, y[i], x[i]);
}

// dy[g,p,c] = dout[g,p,c] gate[g,c]; the gradient of the gate is a sum over columns, in reduce.cu. Launch as forward.
template <class T>
__device__ __forceinline__ void gated_residual_backward(const T* dout, const T* gate, T* dy, index_t rows, index_t d,
        index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    index_t row = i / d;
    dy[i] = dout[i] * gate[row / rows * d + (i - row * d)];
}

#define SCALING(T, suffix)                                                                                            \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    affine_##suffix(const T* x, T scale, T shift, T* out, index_t n) {                                                \
        affine(x, scale, shift, out, n);                                                                              \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    axpy_##suffix(T alpha, const T* x, T* y, index_t n) {                                                             \
        axpy(alpha, x, y, n);                                                                                         \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    gated_residual_##suffix(const T* x, const T* gate, const T* y, T* out, index_t rows, index_t d, index_t n) {      \
        gated_residual(x, gate, y, out, rows, d, n);                                                                  \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    gated_residual_backward_##suffix(const T* dout, const T* gate, T* dy, index_t rows, index_t d, index_t n) {       \
        gated_residual_backward(dout, gate, dy, rows, d, n);                                                          \
    }

SCALING(float, f32)
SCALING(double, f64)
