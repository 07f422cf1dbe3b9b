// GENERATED from sampling/v1|spread|sm_90a|threads=1024; do not edit
// One token from each row of probabilities: the smallest set of most likely tokens whose sum reaches the row's top_p, then the token at the
// row's uniform number within that set, in order of id. top_p 0 takes the most likely token, lowest id on a tie. A row without a
// probability above 0, as logits that are not finite leave it, gets -1.
// Launch: grid (rows * PARTS) in clusters of PARTS blocks, THREADS threads; shared memory for the probabilities of a block.
//
// Without sorting: the least probability in the set, the threshold, is found by halving the range of its bits, which order as
// non-negative numbers do. Of the tokens that tie at the threshold those with the lowest ids are in the set. Sums are FP64, so
// that neither the vocabulary's size nor the order of adding decides what is in.

constexpr int THREADS = 1024;
constexpr int WARPS = THREADS / 32;
constexpr int PARTS = 8;

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

__device__ __forceinline__ void cluster_barrier() {
    asm volatile("barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;" ::: "memory");
}

// What another block of the cluster has where `own` is.
__device__ __forceinline__ unsigned long long of_part(const unsigned long long& own, int part) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    unsigned long long value;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("ld.shared::cluster.u64 %0, [%1];" : "=l"(value) : "r"(address) : "memory");
    return value;
}

// What another block of the cluster has where `own` is.
__device__ __forceinline__ double of_part(const double& own, int part) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    double value;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("ld.shared::cluster.f64 %0, [%1];" : "=d"(value) : "r"(address) : "memory");
    return value;
}

// What another block of the cluster has where `own` is.
__device__ __forceinline__ int of_part(const int& own, int part) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    int value;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("ld.shared::cluster.s32 %0, [%1];" : "=r"(value) : "r"(address) : "memory");
    return value;
}

// What a block says to the others. Sums come by turns, so that one barrier suffices for each.
struct Said {
    unsigned long long likeliest;
    double sums[2];
    int ties;
};

// The probabilities of a block, and the place of its next sum.
struct Share {
    const float* kept;
    int count;
    Said& said;
    int turn;

    // The sum over all blocks of one number of each; `before` is that of the blocks in front.
    __device__ __forceinline__ double together(double sum, double& before) {
        double& own = said.sums[turn];
        turn ^= 1;
        if (threadIdx.x == 0) {
            own = sum;
        }
        cluster_barrier();
        double all = 0.0;
        #pragma unroll
        for (int part = 0; part < PARTS; ++part) {
            before = part == blockIdx.x % PARTS ? all : before;
            all += of_part(own, part);
        }
        return all;
    }

    // The sum of the probabilities that are at least `least`.
    __device__ __forceinline__ double sum_from(float least) {
        double sum = 0.0;
        #pragma unroll 8
        for (int i = threadIdx.x; i < count; i += THREADS) {
            sum += kept[i] >= least ? kept[i] : 0.0f;
        }
        double before;
        return together(block_sum(sum), before);
    }

    // The largest probability such that all from it on together reach top_p; the least one if even all of them do not.
    __device__ __forceinline__ float threshold_of(float top_p, float largest) {
        unsigned low = 0;
        unsigned high = __float_as_uint(largest);
        while (low < high) {
            const unsigned middle = low + (high - low + 1) / 2;
            if (sum_from(__uint_as_float(middle)) >= top_p) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return __uint_as_float(low);
    }
};

// What threads in front of this one have together, and with it; and all of the block.
template <class Value>
struct Scan {
    Value before;
    Value until;
    Value all;

    __device__ __forceinline__ explicit Scan(Value value) {
        __shared__ Value of_warps[WARPS + 1];
        const int lane = threadIdx.x % 32;
        #pragma unroll
        for (int distance = 1; distance < 32; distance *= 2) {
            const Value other = __shfl_up_sync(0xffffffffu, value, distance);
            value += lane >= distance ? other : 0;
        }
        const Value left = __shfl_up_sync(0xffffffffu, value, 1);
        if (lane == 31) {
            of_warps[threadIdx.x / 32 + 1] = value;
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            of_warps[0] = 0;
            for (int warp = 1; warp <= WARPS; ++warp) {
                of_warps[warp] += of_warps[warp - 1];
            }
        }
        __syncthreads();
        // The same sums for who ends where the next one begins.
        before = of_warps[threadIdx.x / 32] + (lane > 0 ? left : 0);
        until = of_warps[threadIdx.x / 32] + value;
        all = of_warps[WARPS];
    }
};

// The token of a row in the block's share, which begins with token `first`; -1 if it lies in another.
__device__ __forceinline__ int choose(Share share, int first, float top_p, float uniform, float largest) {
    const float threshold = share.threshold_of(top_p, largest);
    const double above = share.sum_from(__uint_as_float(__float_as_uint(threshold) + 1));
    // Each thread takes a run of consecutive ids, so that order of threads is order of ids.
    const int run = (share.count + THREADS - 1) / THREADS;
    const int begin = min(share.count, (int)threadIdx.x * run);
    const int end = min(share.count, begin + run);
    int ties = 0;
    for (int i = begin; i < end; ++i) {
        ties += share.kept[i] == threshold;
    }
    const Scan<int> tied(ties);
    if (threadIdx.x == 0) {
        share.said.ties = tied.all;
    }
    cluster_barrier();
    int first_tie = tied.before;
    for (int part = 0; part < blockIdx.x % PARTS; ++part) {
        first_tie += of_part(share.said.ties, part);
    }
    // A tie is in the set if those above the threshold and the ties before it do not reach top_p.
    const auto is_in = [&](float value, int tie) {
        return value > threshold || value == threshold && above + (double)tie * threshold < top_p;
    };
    double kept = 0.0;
    int tie = first_tie;
    for (int i = begin; i < end; ++i) {
        const float value = share.kept[i];
        kept += is_in(value, tie) ? value : 0.0f;
        tie += value == threshold;
    }
    const Scan<double> in(kept);
    double before;
    const double target = uniform * share.together(in.all, before);
    double sum = before + in.before;
    if (!(sum <= target && target < before + in.until)) {
        return -1;
    }
    // The token lies in this thread's run; its last kept one, should rounding leave the sum short of the target.
    int chosen = begin;
    tie = first_tie;
    for (int i = begin; i < end && sum <= target; ++i) {
        const float value = share.kept[i];
        if (is_in(value, tie) && value > 0.0f) {
            sum += value;
            chosen = i;
        }
        tie += value == threshold;
    }
    return first + chosen;
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) __cluster_dims__(PARTS, 1, 1) sampling_spread(
    int rows, int columns, const float* top_ps, const float* uniform, const float* p, int* token) {
    await_kernels_before();
    extern __shared__ float kept[];
    __shared__ Said said;
    const int row = blockIdx.x / PARTS;
    const int run = (columns + PARTS - 1) / PARTS;
    const int begin = min(columns, (int)blockIdx.x % PARTS * run);
    const int count = min(columns - begin, run);
    const float* from = p + (long long)row * columns + begin;
    unsigned long long best = 0;
    // So many are under way together.
    constexpr int BATCH = 16;
    #pragma unroll 1
    for (int first = threadIdx.x; first < count; first += BATCH * THREADS) {
        float values[BATCH];
        #pragma unroll
        for (int i = 0; i < BATCH; ++i) {
            values[i] = from[min(first + i * THREADS, count - 1)];
        }
        #pragma unroll
        for (int i = 0; i < BATCH; ++i) {
            const int at = first + i * THREADS;
            if (at < count) {
                // 0 for what is no probability, such as NaN, so that it is never drawn.
                const float value = values[i] > 0.0f ? values[i] : 0.0f;
                kept[at] = value;
                // Probability above, inverted id below: the largest key has the lowest id among equals.
                const unsigned long long key =
                    (unsigned long long)__float_as_uint(value) << 32 | (0xffffffffu - (unsigned)(begin + at));
                best = best < key ? key : best;
            }
        }
    }
    best = block_max(best);
    if (threadIdx.x == 0) {
        said.likeliest = best;
    }
    cluster_barrier();
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        const unsigned long long other = of_part(said.likeliest, part);
        best = best < other ? other : best;
    }
    const float largest = __uint_as_float((unsigned)(best >> 32));
    if (blockIdx.x % PARTS == 0 && threadIdx.x == 0) {
        token[row] = largest > 0.0f ? (int)(0xffffffffu - (unsigned)best) : -1;
    }
    const float top_p = top_ps[row];
    if (top_p > 0.0f && largest > 0.0f) {
        const int chosen = choose({kept, count, said, 0}, begin, top_p, uniform[row], largest);
        if (chosen >= 0) {
            token[row] = chosen;
        }
    }
    cluster_barrier();  // no block ends while others read what it says
}
