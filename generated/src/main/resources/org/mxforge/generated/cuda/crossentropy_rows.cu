// GENERATED from crossentropy/v1|rows|sm_80|threads=256; do not edit
// state[m] = {largest of the logits so far, sum of exp(logit - largest) so far, logits[m, targets[m]]}, of which
// log(sum) + largest - state[m][2] is the loss once all parts were added. Launch: one block of THREADS threads for each row.

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
    int rows, int columns, int first, const float* logits, const int* targets, float* state) {
    const float* row = logits + (long long)blockIdx.x * columns;
    float* own = state + 3 * blockIdx.x;
    const float before = first == 0 ? -__int_as_float(0x7f800000) : own[0];
    float largest = before;
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
        own[0] = largest;
        own[1] = first == 0 ? sum : own[1] * expf(before - largest) + sum;
        const int target = targets[blockIdx.x] - first;
        if (target >= 0 && target < columns) {
            own[2] = row[target];
        }
    }
}
