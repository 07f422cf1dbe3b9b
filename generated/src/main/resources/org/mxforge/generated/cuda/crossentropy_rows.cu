// GENERATED from crossentropy/v1|rows|sm_80|threads=256; do not edit
// nll[m] = log(sum over v of exp(logits[m, v])) - logits[m, targets[m]]. Launch: one block of THREADS threads for each row.

constexpr int THREADS = 256;

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

extern "C" __global__ void __launch_bounds__(THREADS) crossentropy_rows(
    int rows, int columns, const float* logits, const int* targets, float* nll) {
    const float* row = logits + (long long)blockIdx.x * columns;
    float largest = -__int_as_float(0x7f800000);
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        largest = fmaxf(largest, row[i]);
    }
    largest = block_max(largest);
    float sum = 0.0f;
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        sum += expf(row[i] - largest);
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        nll[blockIdx.x] = logf(sum) + (largest - row[targets[blockIdx.x]]);
    }
}
