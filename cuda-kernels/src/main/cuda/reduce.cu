// Sums and extremes over one axis, sums over columns that gradients need, and the weighted squared error.
//
// In F32 an axis is cut into chunks of a fixed length; a block reduces one chunk, and the chunks' results are reduced
// again by the same kernels until one is left. The order therefore depends on the length of the axis only. Terms of F32
// are added in F64 within a chunk: these kernels wait for memory even where F64 is slow, and sums that cancel keep
// their digits. F64 serves checks: one thread adds all terms of a result in order, which gives the CPU's bits.
#include "common.cuh"

#define ROW_THREADS 256
// Elements of a row in one chunk: 16 for each thread.
#define ROW_CHUNK 4096
#define COLUMN_WIDTH 32
#define COLUMN_LANES 8
// Rows of a column in one chunk: 32 for each thread.
#define COLUMN_CHUNK 256

// Terms of sums over x[a, r, b].
template <class T>
struct Identity {
    const T* x;
    __device__ __forceinline__ T term(index_t i, index_t row, index_t column) const { return x[i]; }
};

template <class T>
struct Squared {
    const T* x;
    __device__ __forceinline__ T term(index_t i, index_t row, index_t column) const { return x[i] * x[i]; }
};

template <class T>
struct Product {
    const T* x;
    const T* y;
    __device__ __forceinline__ T term(index_t i, index_t row, index_t column) const { return x[i] * y[i]; }
};

// dout (x - mean) rstd, with one mean and one rstd for each row; no mean means 0.
template <class T>
struct Normalized {
    const T* dout;
    const T* x;
    const T* mean;
    const T* rstd;
    __device__ __forceinline__ T term(index_t i, index_t row, index_t column) const {
        T centered = mean == nullptr ? x[i] : x[i] - mean[row];
        return dout[i] * (centered * rstd[row]);
    }
};

// What terms are joined in.
template <class Op, class T>
struct Accumulator {
    typedef T type;
};

template <>
struct Accumulator<Sum, float> {
    typedef double type;
};

// out[a, chunk] over rows x[a, 0 .. length). Launch: one block of 256 threads for each chunk of each row, so that a
// single long row still fills the device; 8 shared slots join the warps. Neighbouring threads read neighbouring
// elements.
template <class Op, class T, class Term>
__device__ __forceinline__ void reduce_rows(Term terms, T* out, index_t length, index_t chunks) {
    typedef typename Accumulator<Op, T>::type Value;
    __shared__ Value partial[ROW_THREADS / 32];
    index_t row = blockIdx.x / chunks;
    index_t start = (blockIdx.x - row * chunks) * ROW_CHUNK;
    index_t end = min(start + ROW_CHUNK, length);
    Value value = Op::template neutral<Value>();
    for (index_t i = start + threadIdx.x; i < end; i += ROW_THREADS) {
        value = Op::join(value, (Value)terms.term(row * length + i, row, 0));
    }
    value = join_block<Op, ROW_THREADS / 32>(value, partial);
    if (threadIdx.x == 0) {
        out[blockIdx.x] = (T)value;
    }
}

// out[a, chunk, b] over columns x[a, 0 .. length, b]. Launch: blocks of 32 columns by 8 lanes, one for each tile of
// columns of each chunk of each a; a warp reads 32 neighbouring columns of one row. 8 x 32 shared values join the
// lanes; the first lane adds them in order.
template <class Op, class T, class Term>
__device__ __forceinline__ void reduce_columns(Term terms, T* out, index_t length, index_t width, index_t chunks) {
    typedef typename Accumulator<Op, T>::type Value;
    __shared__ Value partial[COLUMN_LANES][COLUMN_WIDTH];
    index_t tiles = (width + COLUMN_WIDTH - 1) / COLUMN_WIDTH;
    index_t slice = blockIdx.x / tiles;
    index_t column = (blockIdx.x - slice * tiles) * COLUMN_WIDTH + threadIdx.x;
    index_t a = slice / chunks;
    index_t start = (slice - a * chunks) * COLUMN_CHUNK;
    index_t end = min(start + COLUMN_CHUNK, length);
    Value value = Op::template neutral<Value>();
    if (column < width) {
        for (index_t r = start + threadIdx.y; r < end; r += COLUMN_LANES) {
            index_t row = a * length + r;
            value = Op::join(value, (Value)terms.term(row * width + column, row, column));
        }
    }
    partial[threadIdx.y][threadIdx.x] = value;
    __syncthreads();
    if (threadIdx.y == 0 && column < width) {
#pragma unroll
        for (int lane = 1; lane < COLUMN_LANES; lane++) {
            value = Op::join(value, partial[lane][threadIdx.x]);
        }
        out[slice * width + column] = (T)value;
    }
}

// out[a, b] over r of x[a, r, b] in order of r. Launch: one thread for each result in blocks of 256, no shared memory.
template <class Op, class T, class Term>
__device__ __forceinline__ void reduce_in_order(Term terms, T* out, index_t length, index_t width, index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    index_t a = i / width;
    index_t column = i - a * width;
    T value = Op::template neutral<T>();
    for (index_t r = 0; r < length; r++) {
        index_t row = a * length + r;
        value = Op::join(value, terms.term(row * width + column, row, column));
    }
    out[i] = value;
}

#define KERNEL(threads) extern "C" __global__ void __launch_bounds__(threads)
#define COLUMN_THREADS (COLUMN_WIDTH * COLUMN_LANES)

#define REDUCE(name, Op, Term)                                                                                        \
    KERNEL(ROW_THREADS) reduce_rows_##name##_f32(const float* x, float* out, index_t length, index_t chunks) {        \
        reduce_rows<Op>(Term<float>{x}, out, length, chunks);                                                         \
    }                                                                                                                 \
    KERNEL(COLUMN_THREADS) reduce_columns_##name##_f32(const float* x, float* out, index_t length, index_t width,     \
            index_t chunks) {                                                                                         \
        reduce_columns<Op>(Term<float>{x}, out, length, width, chunks);                                               \
    }                                                                                                                 \
    KERNEL(ELEMENT_THREADS) reduce_in_order_##name##_f64(const double* x, double* out, index_t length, index_t width, \
            index_t n) {                                                                                              \
        reduce_in_order<Op>(Term<double>{x}, out, length, width, n);                                                  \
    }

REDUCE(sum, Sum, Identity)
REDUCE(sum_of_squares, Sum, Squared)
REDUCE(max, Max, Identity)
REDUCE(min, Min, Identity)

// dgate[g, c] and the like. Launch as reduce_columns, in F64 as reduce_in_order.
KERNEL(COLUMN_THREADS) sum_products_f32(const float* x, const float* y, float* out, index_t length, index_t width,
        index_t chunks) {
    reduce_columns<Sum>(Product<float>{x, y}, out, length, width, chunks);
}

KERNEL(ELEMENT_THREADS) sum_products_f64(const double* x, const double* y, double* out, index_t length, index_t width,
        index_t n) {
    reduce_in_order<Sum>(Product<double>{x, y}, out, length, width, n);
}

KERNEL(COLUMN_THREADS) sum_normalized_f32(const float* dout, const float* x, const float* mean, const float* rstd,
        float* out, index_t length, index_t width, index_t chunks) {
    reduce_columns<Sum>(Normalized<float>{dout, x, mean, rstd}, out, length, width, chunks);
}

KERNEL(ELEMENT_THREADS) sum_normalized_f64(const double* dout, const double* x, const double* mean,
        const double* rstd, double* out, index_t length, index_t width, index_t n) {
    reduce_in_order<Sum>(Normalized<double>{dout, x, mean, rstd}, out, length, width, n);
}

// out = sum over rows of weight[sample, frame] (p - t)^2 in (B, C, T, S), as one row of B C T S terms.
template <class T>
struct WeightedError {
    const T* p;
    const T* t;
    const T* weight;
    index_t frames;
    index_t frame_size;
    index_t sample_size;
    __device__ __forceinline__ T weight_at(index_t i) const {
        return weight[i / sample_size * frames + i / frame_size % frames];
    }
    __device__ __forceinline__ T term(index_t i, index_t row, index_t column) const {
        T error = p[i] - t[i];
        return weight_at(i) * error * error;
    }
};

// The sum without its scale. Launch as reduce_rows, in F64 as reduce_in_order.
KERNEL(ROW_THREADS) weighted_squared_error_f32(const float* p, const float* t, const float* weight, float* out,
        index_t frames, index_t frame_size, index_t sample_size, index_t length, index_t chunks) {
    reduce_rows<Sum>(WeightedError<float>{p, t, weight, frames, frame_size, sample_size}, out, length, chunks);
}

KERNEL(ELEMENT_THREADS) weighted_squared_error_f64(const double* p, const double* t, const double* weight, double* out,
        index_t frames, index_t frame_size, index_t sample_size, index_t length, index_t width, index_t n) {
    reduce_in_order<Sum>(WeightedError<double>{p, t, weight, frames, frame_size, sample_size}, out, length, width, n);
}

// dp = 2 scale dout weight (p - t). Launch: one thread for each element in blocks of 256, no shared memory. `dout` is a
// number in device memory, so that the host need not wait for it.
template <class T>
__device__ __forceinline__ void weighted_squared_error_backward(const T* dout, WeightedError<T> terms, T scale, T* dp,
        index_t n) {
    index_t i = global_index();
    if (i >= n) {
        return;
    }
    dp[i] = T(2) * scale * dout[0] * terms.weight_at(i) * (terms.p[i] - terms.t[i]);
}

KERNEL(ELEMENT_THREADS) weighted_squared_error_backward_f32(const float* dout, const float* p, const float* t,
        const float* weight, float scale, float* dp, index_t frames, index_t frame_size, index_t sample_size,
        index_t n) {
    weighted_squared_error_backward(dout, WeightedError<float>{p, t, weight, frames, frame_size, sample_size}, scale,
            dp, n);
}

KERNEL(ELEMENT_THREADS) weighted_squared_error_backward_f64(const double* dout, const double* p, const double* t,
        const double* weight, double scale, double* dp, index_t frames, index_t frame_size, index_t sample_size,
        index_t n) {
    weighted_squared_error_backward(dout, WeightedError<double>{p, t, weight, frames, frame_size, sample_size}, scale,
            dp, n);
}
