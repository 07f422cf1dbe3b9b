// GENERATED from softmax/v1|rows|sm_80|threads=1024; do not edit
// p[m, :] = softmax(x[m, :] / temperatures[m]). Launch: one block of THREADS threads for each row. p may be x.

constexpr int THREADS = 1024;

// Combines one value of each thread into one that all threads get; always in the same order, so that sums repeat exactly.
template <class Value, class Combine>
__device__ __forceinline__ Value block_reduce(Value value, Combine combine) {
    __shared__ Value of_warp[THREADS / 32];
    #pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
        value = combine(value, __shfl_xor_sync(0xffffffffu, value, distance));
    }
    __syncthreads();  // an earlier reduction may still be read
    if (threadIdx.x % 32 == 0) {
        of_warp[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = of_warp[0];
    #pragma unroll
    for (int warp = 1; warp < THREADS / 32; ++warp) {
        value = combine(value, of_warp[warp]);
    }
    return value;
}

template <class Value>
__device__ __forceinline__ Value block_sum(Value value) {
    return block_reduce(value, [](Value a, Value b) { return a + b; });
}

template <class Value>
__device__ __forceinline__ Value block_max(Value value) {
    return block_reduce(value, [](Value a, Value b) { return a < b ? b : a; });
}

extern "C" __global__ void __launch_bounds__(THREADS) softmax_rows(
    int rows, int columns, const float* temperatures, const float* x, float* p) {
    const float* from = x + (long long)blockIdx.x * columns;
    float* to = p + (long long)blockIdx.x * columns;
    const float temperature = temperatures[blockIdx.x];
    float largest = -__int_as_float(0x7f800000);
    #pragma unroll 8
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        largest = fmaxf(largest, from[i]);
    }
    largest = block_max(largest);
    float sum = 0.0f;
    #pragma unroll 8
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        sum += expf((from[i] - largest) / temperature);
    }
    sum = block_sum(sum);
    // Loads of a batch come before its stores: p may be x, and the compiler must think so.
    constexpr int BATCH = 4;
    for (int first = threadIdx.x; first < columns; first += BATCH * THREADS) {
        float values[BATCH];
        #pragma unroll
        for (int i = 0; i < BATCH; ++i) {
            const int at = first + i * THREADS;
            values[i] = at < columns ? from[at] : largest;
        }
        #pragma unroll
        for (int i = 0; i < BATCH; ++i) {
            const int at = first + i * THREADS;
            if (at < columns) {
                to[at] = expf((values[i] - largest) / temperature) / sum;
            }
        }
    }
}
