// GENERATED from sampling/v1|rows|sm_80|threads=1024; do not edit
// One token from each row of probabilities: the smallest set of most likely tokens whose sum reaches the row's top_p, then the token at the
// row's uniform number within that set, in order of id. top_p 0 takes the most likely token, lowest id on a tie. A row without a
// probability above 0, as logits that are not finite leave it, gets -1.
// Launch: one block of THREADS threads for each row.
//
// Without sorting: the least probability in the set, the threshold, is found by halving the range of its bits, which order as
// non-negative numbers do. Of the tokens that tie at the threshold those with the lowest ids are in the set. Sums are FP64, so
// that neither the vocabulary's size nor the order of adding decides what is in.

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

// The probability of a token; 0 for what is none, such as NaN, so that it is never drawn.
__device__ __forceinline__ float probability(const float* row, int token) {
    const float p = row[token];
    return p > 0.0f ? p : 0.0f;
}

__device__ __forceinline__ int most_likely(const float* row, int columns) {
    unsigned long long best = 0;
    #pragma unroll 8
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        // Probability above, inverted id below: the largest key has the lowest id among equals.
        const unsigned long long key =
            (unsigned long long)__float_as_uint(probability(row, i)) << 32 | (0xffffffffu - (unsigned)i);
        best = best < key ? key : best;
    }
    return (int)(0xffffffffu - (unsigned)block_max(best));
}

// The sum of the probabilities that are at least `least`.
__device__ __forceinline__ double sum_from(const float* row, int columns, float least) {
    double sum = 0.0;
    #pragma unroll 8
    for (int i = threadIdx.x; i < columns; i += THREADS) {
        const float p = probability(row, i);
        sum += p >= least ? p : 0.0f;
    }
    return block_sum(sum);
}

// The largest probability such that all from it on together reach top_p; the least one if even all of them do not.
__device__ __forceinline__ float threshold_of(const float* row, int columns, float top_p, float largest) {
    unsigned low = 0;
    unsigned high = __float_as_uint(largest);
    while (low < high) {
        const unsigned middle = low + (high - low + 1) / 2;
        if (sum_from(row, columns, __uint_as_float(middle)) >= top_p) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return __uint_as_float(low);
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) sampling_rows(
    int rows, int columns, const float* top_ps, const float* uniform, const float* p, int* token) {
    await_kernels_before();
    __shared__ double kept_before[THREADS + 1];
    __shared__ int ties_before[THREADS + 1];
    const float* row = p + (long long)blockIdx.x * columns;
    const float top_p = top_ps[blockIdx.x];
    const int likely = most_likely(row, columns);
    const float largest = probability(row, likely);
    if (threadIdx.x == 0) {
        token[blockIdx.x] = largest > 0.0f ? likely : -1;
    }
    if (top_p <= 0.0f || largest == 0.0f) {
        return;
    }
    const float threshold = threshold_of(row, columns, top_p, largest);
    const double above = sum_from(row, columns, __uint_as_float(__float_as_uint(threshold) + 1));

    // Each thread takes a run of consecutive ids, so that order of threads is order of ids.
    const int run = (columns + THREADS - 1) / THREADS;
    const int begin = min(columns, (int)threadIdx.x * run);
    const int end = min(columns, begin + run);
    int ties = 0;
    for (int i = begin; i < end; ++i) {
        ties += probability(row, i) == threshold;
    }
    ties_before[threadIdx.x + 1] = ties;
    __syncthreads();
    if (threadIdx.x == 0) {
        ties_before[0] = 0;
        for (int i = 1; i <= THREADS; ++i) {
            ties_before[i] += ties_before[i - 1];
        }
    }
    __syncthreads();
    // A tie is in the set if those above the threshold and the ties before it do not reach top_p.
    double kept = 0.0;
    int tie = ties_before[threadIdx.x];
    for (int i = begin; i < end; ++i) {
        const float value = probability(row, i);
        const bool in = value > threshold || (value == threshold && above + (double)tie * threshold < top_p);
        tie += value == threshold;
        kept += in ? value : 0.0f;
    }
    kept_before[threadIdx.x + 1] = kept;
    __syncthreads();
    if (threadIdx.x == 0) {
        kept_before[0] = 0.0;
        for (int i = 1; i <= THREADS; ++i) {
            kept_before[i] += kept_before[i - 1];
        }
    }
    __syncthreads();
    const double target = (double)uniform[blockIdx.x] * kept_before[THREADS];
    double sum = kept_before[threadIdx.x];
    if (!(sum <= target && target < kept_before[threadIdx.x + 1])) {
        return;
    }
    // The token lies in this thread's run; its last kept one, should rounding leave the sum short of the target.
    int chosen = begin;
    tie = ties_before[threadIdx.x];
    for (int i = begin; i < end && sum <= target; ++i) {
        const float value = probability(row, i);
        const bool in = value > threshold || (value == threshold && above + (double)tie * threshold < top_p);
        tie += value == threshold;
        if (in && value > 0.0f) {
            sum += value;
            chosen = i;
        }
    }
    token[blockIdx.x] = chosen;
}
