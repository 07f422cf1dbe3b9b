// GENERATED from expertorder/v1|rows|sm_80|threads=256; do not edit
// The padded order of the tokens of all experts: of each tile of ROWS rows the expert and how many rows hold tokens, the token of
// each row, and the rows of each token. Launch: one block of THREADS threads for each expert.
//
// Each block counts all experts, to know where its own begins; then each warp takes a run of choices, which keeps the order.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int ROWS = 128;
constexpr int MOST_EXPERTS = 1024;

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) expertorder_rows(
    int rows, int experts, int per_token, int tiles, const int* chosen, int2* routes, int* tokens, int* permutation) {
    await_kernels_before();
    __shared__ int counts[MOST_EXPERTS];
    __shared__ int of_warp[WARPS];
    __shared__ int tiles_before;
    const int expert = blockIdx.x;
    const int warp = threadIdx.x / 32;
    const int lane = threadIdx.x % 32;
    for (int i = threadIdx.x; i < experts; i += THREADS) {
        counts[i] = 0;
    }
    if (threadIdx.x == 0) {
        tiles_before = 0;
    }
    __syncthreads();
    const int choices = rows * per_token;
    const int run = (choices + 32 * WARPS - 1) / (32 * WARPS) * 32;
    const int begin = min(choices, warp * run);
    const int end = min(choices, begin + run);
    int mine = 0;
    #pragma unroll 4
    for (int i = begin + lane; i < end; i += 32) {
        const int choice = chosen[i];
        atomicAdd(&counts[choice], 1);
        mine += choice == expert;
    }
    #pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
        mine += __shfl_xor_sync(0xffffffffu, mine, distance);
    }
    if (lane == 0) {
        of_warp[warp] = mine;
    }
    __syncthreads();
    for (int i = threadIdx.x; i < experts; i += THREADS) {
        const int needed = (counts[i] + ROWS - 1) / ROWS;
        if (i < expert) {
            atomicAdd(&tiles_before, needed);
        }
    }
    __syncthreads();
    const int first = tiles_before * ROWS;
    int row = first;
    for (int i = 0; i < warp; ++i) {
        row += of_warp[i];
    }
    for (int i = begin; i < end; i += 32) {
        const bool own = i + lane < end && chosen[i + lane] == expert;
        const unsigned owners = __ballot_sync(0xffffffffu, own);
        if (own) {
            const int at = row + __popc(owners & ((1u << lane) - 1));
            tokens[at] = (i + lane) / per_token;
            permutation[i + lane] = at;
        }
        row += __popc(owners);
    }
    // The padding, and behind the last expert the tiles that are not needed.
    const int needed = (counts[expert] + ROWS - 1) / ROWS;
    const int last = expert == experts - 1 ? tiles : tiles_before + needed;
    for (int i = first + counts[expert] + threadIdx.x; i < last * ROWS; i += THREADS) {
        tokens[i] = -1;
    }
    for (int i = tiles_before + threadIdx.x; i < last; i += THREADS) {
        const int left = counts[expert] - (i - tiles_before) * ROWS;
        routes[i] = left > 0 ? make_int2(expert, min(ROWS, left)) : make_int2(-1, 0);
    }
}
