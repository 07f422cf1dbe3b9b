// GENERATED from softmax/v1|spread|sm_90a|threads=1024; do not edit
// p[m, :] = softmax(x[m, :] / temperatures[m]). p may be x.
// Launch: grid (rows * PARTS) in clusters of PARTS blocks, THREADS threads; shared memory for the columns of a block.

constexpr int THREADS = 1024;
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
__device__ __forceinline__ float of_part(const float& own, int part) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    float value;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("ld.shared::cluster.f32 %0, [%1];" : "=f"(value) : "r"(address) : "memory");
    return value;
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) __cluster_dims__(PARTS, 1, 1) softmax_spread(
    int rows, int columns, const float* temperatures, const float* x, float* p) {
    await_kernels_before();
    // The columns of a block: their numbers, then their exponentials. Each thread keeps its own.
    extern __shared__ float kept[];
    // What they come to, for the other blocks.
    __shared__ float own_largest;
    __shared__ float own_sum;
    const int row = blockIdx.x / PARTS;
    const int run = (columns + PARTS - 1) / PARTS;
    const int begin = min(columns, (int)blockIdx.x % PARTS * run);
    const int count = min(columns - begin, run);
    const float* from = x + (long long)row * columns + begin;
    float* to = p + (long long)row * columns + begin;
    const float temperature = temperatures[row];
    float largest = -__int_as_float(0x7f800000);
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
            largest = fmaxf(largest, values[i]);
            if (first + i * THREADS < count) {
                kept[first + i * THREADS] = values[i];
            }
        }
    }
    largest = block_max(largest);
    if (threadIdx.x == 0) {
        own_largest = largest;
    }
    cluster_barrier();
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        largest = fmaxf(largest, of_part(own_largest, part));
    }
    float sum = 0.0f;
    #pragma unroll 4
    for (int i = threadIdx.x; i < count; i += THREADS) {
        const float exponential = expf((kept[i] - largest) / temperature);
        kept[i] = exponential;
        sum += exponential;
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) {
        own_sum = sum;
    }
    cluster_barrier();
    sum = 0.0f;
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        sum += of_part(own_sum, part);
    }
    #pragma unroll 4
    for (int i = threadIdx.x; i < count; i += THREADS) {
        to[i] = kept[i] / sum;
    }
    cluster_barrier();  // no block ends while others read its sum
}
