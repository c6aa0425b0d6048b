// Layer norm with modulation, RMS norms, softmax and rotary embedding, forward and backward.
#include "functions.cuh"

// A row of a layer norm or softmax is one block's work: 8 warps hold enough loads in flight for rows of some thousand
// numbers. A row of an RMS norm is one warp's: heads have 64 or 128 numbers, and a warp needs no barrier.
#define ROW_THREADS 256
#define ROW_WARPS (ROW_THREADS / 32)
#define SMALLEST_NORM 1e-12

// out[r,:] = (x[r,:] - mean) rstd (1 + scale[r / rows,:]) + shift[r / rows,:], scale and shift may be null. Launch: one
// block of 256 threads for each row; 16 shared slots join the warps. The row is read three times and stays in the cache.
template <class T>
__device__ __forceinline__ void layer_norm(const T* x, const T* shift, const T* scale, T eps, T* out, T* mean_out,
        T* rstd_out, index_t rows, index_t d) {
    __shared__ T partial[2][ROW_WARPS];
    index_t row = blockIdx.x;
    const T* from = x + row * d;
    T sum = T(0);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        sum += from[i];
    }
    T mean = join_block<Sum, ROW_WARPS>(sum, partial[0]) / (T)d;
    sum = T(0);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        T centered = from[i] - mean;
        sum = fused(centered, centered, sum);
    }
    T variance = join_block<Sum, ROW_WARPS>(sum, partial[1]) / (T)d;
    T rstd = T(1) / root(variance + eps);
    if (threadIdx.x == 0) {
        mean_out[row] = mean;
        rstd_out[row] = rstd;
    }
    index_t group = row / rows * d;
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        T normal = (from[i] - mean) * rstd;
        out[row * d + i] = scale == nullptr ? normal : fused(normal, T(1) + scale[group + i], shift[group + i]);
    }
}

// dx = rstd (e - mean(e) - n mean(e n)), n the normalised x and e = dout (1 + scale). Launch as forward. The gradients
// of shift and scale are sums over columns, in reduce.cu.
template <class T>
__device__ __forceinline__ void layer_norm_backward(const T* dout, const T* x, const T* scale, const T* means,
        const T* rstds, T* dx, index_t rows, index_t d) {
    __shared__ T partial[2][ROW_WARPS];
    index_t row = blockIdx.x;
    index_t group = row / rows * d;
    T mean = means[row];
    T rstd = rstds[row];
    T sum = T(0);
    T dot = T(0);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        T e = dout[row * d + i] * (scale == nullptr ? T(1) : T(1) + scale[group + i]);
        sum += e;
        dot = fused(e, (x[row * d + i] - mean) * rstd, dot);
    }
    T mean_e = join_block<Sum, ROW_WARPS>(sum, partial[0]) / (T)d;
    T mean_en = join_block<Sum, ROW_WARPS>(dot, partial[1]) / (T)d;
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        T e = dout[row * d + i] * (scale == nullptr ? T(1) : T(1) + scale[group + i]);
        T normal = (x[row * d + i] - mean) * rstd;
        dx[row * d + i] = rstd * (e - mean_e - normal * mean_en);
    }
}

// out[r,:] = x[r,:] rstd gain. Launch: one warp for each row, 8 rows in a block, no shared memory.
template <class T>
__device__ __forceinline__ void rms_norm(const T* x, const T* gain, T eps, T* out, T* rstd_out, index_t rows,
        index_t d) {
    index_t row = (index_t)blockIdx.x * ROW_WARPS + threadIdx.x / 32;
    if (row >= rows) {
        return;
    }
    int lane = threadIdx.x % 32;
    T sum = T(0);
    for (index_t i = lane; i < d; i += 32) {
        sum = fused(x[row * d + i], x[row * d + i], sum);
    }
    T rstd = T(1) / root(join_warp<Sum>(sum) / (T)d + eps);
    if (lane == 0) {
        rstd_out[row] = rstd;
    }
    for (index_t i = lane; i < d; i += 32) {
        out[row * d + i] = x[row * d + i] * rstd * gain[i];
    }
}

// dx = rstd (e - n mean(e n)), n = x rstd and e = dout gain. Launch as forward; the gradient of gain is a sum over
// columns, in reduce.cu.
template <class T>
__device__ __forceinline__ void rms_norm_backward(const T* dout, const T* x, const T* gain, const T* rstds, T* dx,
        index_t rows, index_t d) {
    index_t row = (index_t)blockIdx.x * ROW_WARPS + threadIdx.x / 32;
    if (row >= rows) {
        return;
    }
    int lane = threadIdx.x % 32;
    T rstd = rstds[row];
    T dot = T(0);
    for (index_t i = lane; i < d; i += 32) {
        dot = fused(dout[row * d + i] * gain[i], x[row * d + i] * rstd, dot);
    }
    T mean_en = join_warp<Sum>(dot) / (T)d;
    for (index_t i = lane; i < d; i += 32) {
        T e = dout[row * d + i] * gain[i];
        dx[row * d + i] = rstd * (e - x[row * d + i] * rstd * mean_en);
    }
}

template <class T>
__device__ __forceinline__ T channel_length(const T* x, index_t base, index_t channels, index_t positions) {
    T squares = T(0);
    for (index_t c = 0; c < channels; c++) {
        squares = fused(x[base + c * positions], x[base + c * positions], squares);
    }
    T length = root(squares);
    return length < T(SMALLEST_NORM) ? T(SMALLEST_NORM) : length;
}

// out[n,c,s] = x[n,c,s] / max(|x[n,:,s]|, 1e-12) sqrt(C) gain[c], then SiLU if `silu`. Launch: one thread for each
// position (n, s) in blocks of 256, no shared memory: neighbouring threads read neighbouring positions of a channel, so
// accesses are whole sectors without a transpose.
template <class T>
__device__ __forceinline__ void channel_norm(const T* x, const T* gain, int silu, T* out, index_t channels,
        index_t positions, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    index_t sample = i / positions;
    index_t base = sample * channels * positions + (i - sample * positions);
    T factor = root((T)channels) / channel_length(x, base, channels, positions);
    for (index_t c = 0; c < channels; c++) {
        T y = x[base + c * positions] * factor * gain[c];
        out[base + c * positions] = silu != 0 ? y * sigmoid(y) : y;
    }
}

// dx, and the factor sqrt(C) / |x[n,:,s]| of each position for channel_norm_gain. Launch as forward.
template <class T>
__device__ __forceinline__ void channel_norm_backward(const T* dout, const T* x, const T* gain, int silu, T* dx,
        T* factors, index_t channels, index_t positions, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    index_t sample = i / positions;
    index_t base = sample * channels * positions + (i - sample * positions);
    T length = channel_length(x, base, channels, positions);
    T factor = root((T)channels) / length;
    factors[i] = factor;
    T dot = T(0);
    // Not unrolled: each turn already has an exponential and a division to overlap, and more turns would spill.
#pragma unroll 1
    for (index_t c = 0; c < channels; c++) {
        T normal = x[base + c * positions] * factor;
        T slope = silu != 0 ? silu_derivative(normal * gain[c]) : T(1);
        dot = fused(dout[base + c * positions] * slope * gain[c], normal, dot);
    }
    // Below the smallest norm the divisor is a constant, so only the direct term remains.
    T projected = length > T(SMALLEST_NORM) ? dot / (T)channels : T(0);
#pragma unroll 1
    for (index_t c = 0; c < channels; c++) {
        T normal = x[base + c * positions] * factor;
        T slope = silu != 0 ? silu_derivative(normal * gain[c]) : T(1);
        T e = dout[base + c * positions] * slope * gain[c];
        dx[base + c * positions] = factor * (e - normal * projected);
    }
}

// terms[c, i] = what position i adds to the gradient of gain[c]; reduce_rows sums them. Launch: one thread for each of
// C n terms in blocks of 256, no shared memory.
template <class T>
__device__ __forceinline__ void channel_norm_gain(const T* dout, const T* x, const T* gain, int silu, const T* factors,
        T* terms, index_t channels, index_t positions, index_t n) {
    index_t at = global_index();
    if (at >= channels * n) {
        return;
    }
    index_t c = at / n;
    index_t i = at - c * n;
    index_t sample = i / positions;
    index_t element = (sample * channels + c) * positions + (i - sample * positions);
    T normal = x[element] * factors[i];
    T slope = silu != 0 ? silu_derivative(normal * gain[c]) : T(1);
    terms[at] = dout[element] * slope * normal;
}

// Softmax over rows of d. Launch: one block of 256 threads for each row; 16 shared slots join the warps. The
// exponentials are computed twice instead of being kept.
template <class T>
__device__ __forceinline__ void softmax(const T* x, T* out, index_t d) {
    __shared__ T partial[2][ROW_WARPS];
    const T* from = x + (index_t)blockIdx.x * d;
    T* to = out + (index_t)blockIdx.x * d;
    T largest = Max::neutral<T>();
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        largest = Max::join(largest, from[i]);
    }
    largest = join_block<Max, ROW_WARPS>(largest, partial[0]);
    T sum = T(0);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        sum += exponential(from[i] - largest);
    }
    sum = join_block<Sum, ROW_WARPS>(sum, partial[1]);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        to[i] = exponential(from[i] - largest) / sum;
    }
}

// dx = y (dy - sum(dy y)). Launch as forward.
template <class T>
__device__ __forceinline__ void softmax_backward(const T* dy, const T* y, T* dx, index_t d) {
    __shared__ T partial[ROW_WARPS];
    index_t start = (index_t)blockIdx.x * d;
    T dot = T(0);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        dot = fused(dy[start + i], y[start + i], dot);
    }
    dot = join_block<Sum, ROW_WARPS>(dot, partial);
    for (index_t i = threadIdx.x; i < d; i += ROW_THREADS) {
        dx[start + i] = y[start + i] * (dy[start + i] - dot);
    }
}

// Half-split rotation of (B, L, h, 2 half) by the angles of token L; `sign` -1 turns back. Launch: one thread for each
// pair of numbers in blocks of 256, no shared memory.
template <class T>
__device__ __forceinline__ void rope(const T* x, const T* cos, const T* sin, T sign, T* out, index_t tokens,
        index_t heads, index_t half, index_t n) {
    index_t at = global_index();
    if (at >= n) {
        return;
    }
    index_t row = at / half;
    index_t i = at - row * half;
    index_t token = row / heads % tokens;
    T c = cos[token * half + i];
    T s = sign * sin[token * half + i];
    T a = x[row * 2 * half + i];
    T b = x[row * 2 * half + half + i];
    out[row * 2 * half + i] = fused(a, c, -(b * s));
    out[row * 2 * half + half + i] = fused(b, c, a * s);
}

#define KERNEL(threads) extern "C" __global__ void __launch_bounds__(threads)

#define NORMS(T, suffix)                                                                                              \
    KERNEL(ROW_THREADS) layer_norm_##suffix(const T* x, const T* shift, const T* scale, T eps, T* out, T* mean,       \
            T* rstd, index_t rows, index_t d) {                                                                       \
        layer_norm(x, shift, scale, eps, out, mean, rstd, rows, d);                                                   \
    }                                                                                                                 \
    KERNEL(ROW_THREADS) layer_norm_backward_##suffix(const T* dout, const T* x, const T* scale, const T* mean,        \
            const T* rstd, T* dx, index_t rows, index_t d) {                                                          \
        layer_norm_backward(dout, x, scale, mean, rstd, dx, rows, d);                                                 \
    }                                                                                                                 \
    KERNEL(ROW_THREADS) rms_norm_##suffix(const T* x, const T* gain, T eps, T* out, T* rstd, index_t rows,            \
            index_t d) {                                                                                              \
        rms_norm(x, gain, eps, out, rstd, rows, d);                                                                   \
    }                                                                                                                 \
    KERNEL(ROW_THREADS) rms_norm_backward_##suffix(const T* dout, const T* x, const T* gain, const T* rstd, T* dx,    \
            index_t rows, index_t d) {                                                                                \
        rms_norm_backward(dout, x, gain, rstd, dx, rows, d);                                                          \
    }                                                                                                                 \
    KERNEL(ELEMENT_THREADS) channel_norm_##suffix(const T* x, const T* gain, int silu, T* out, index_t channels,      \
            index_t positions, index_t n) {                                                                           \
        channel_norm(x, gain, silu, out, channels, positions, n);                                                     \
    }                                                                                                                 \
    KERNEL(ELEMENT_THREADS) channel_norm_backward_##suffix(const T* dout, const T* x, const T* gain, int silu, T* dx, \
            T* factors, index_t channels, index_t positions, index_t n) {                                             \
        channel_norm_backward(dout, x, gain, silu, dx, factors, channels, positions, n);                              \
    }                                                                                                                 \
    KERNEL(ELEMENT_THREADS) channel_norm_gain_##suffix(const T* dout, const T* x, const T* gain, int silu,            \
            const T* factors, T* terms, index_t channels, index_t positions, index_t n) {                             \
        channel_norm_gain(dout, x, gain, silu, factors, terms, channels, positions, n);                               \
    }                                                                                                                 \
    KERNEL(ROW_THREADS) softmax_##suffix(const T* x, T* out, index_t d) {                                             \
        softmax(x, out, d);                                                                                           \
    }                                                                                                                 \
    KERNEL(ROW_THREADS) softmax_backward_##suffix(const T* dy, const T* y, T* dx, index_t d) {                        \
        softmax_backward(dy, y, dx, d);                                                                               \
    }                                                                                                                 \
    KERNEL(ELEMENT_THREADS) rope_##suffix(const T* x, const T* cos, const T* sin, T sign, T* out, index_t tokens,     \
            index_t heads, index_t half, index_t n) {                                                                 \
        rope(x, cos, sin, sign, out, tokens, heads, half, n);                                                         \
    }

NORMS(float, f32)
NORMS(double, f64)
