// Parameter updates over flat buffers.
#include "common.cuh"

// Launch of all of them: one thread for each parameter in blocks of 256, no shared memory; they wait for memory only.

// The coefficients of one step; decays and corrections come as given and as 1 - given, since both round.
template <class T>
struct AdamStep {
    T learning_rate;
    T beta1;
    T rest1;
    T beta2;
    T rest2;
    T eps;
    T weight_decay;
    T correction1;
    T correction2;
    T gradient_scale;
};

template <class T>
__device__ __forceinline__ T adamw(const T* gradient, T* parameter, T* first, T* second, const AdamStep<T>& step,
        index_t i) {
    T g = gradient[i] * step.gradient_scale;
    T m = fused(step.beta1, first[i], step.rest1 * g);
    T v = fused(step.beta2, second[i], step.rest2 * g * g);
    first[i] = m;
    second[i] = v;
    T p = parameter[i];
    T update = m / step.correction1 / (root(v / step.correction2) + step.eps);
    p = p - step.learning_rate * fused(step.weight_decay, p, update);
    parameter[i] = p;
    return p;
}

#define OPTIMIZERS(T, suffix)                                                                                         \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    adamw_##suffix(const T* gradient, T* parameter, T* first, T* second,                                              \
            const __grid_constant__ AdamStep<T> step, index_t n) {                                                    \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        adamw(gradient, parameter, first, second, step, i);                                                           \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    moving_average_##suffix(const T* value, T decay, T rest, T* average, index_t n) {                                 \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        average[i] = fused(decay, average[i], rest * value[i]);                                                       \
    }                                                                                                                 \
    extern "C" __global__ void __launch_bounds__(ELEMENT_THREADS)                                                     \
    zero_non_finite_##suffix(T* gradient, index_t n) {                                                                \
        index_t i = global_index();                                                                                   \
        if (i >= n) {                                                                                                 \
            return;                                                                                                   \
        }                                                                                                             \
        T g = gradient[i];                                                                                            \
        gradient[i] = g - g == T(0) ? g : T(0);                                                                       \
    }

OPTIMIZERS(float, f32)
OPTIMIZERS(double, f64)
