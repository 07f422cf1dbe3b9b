// GENERATED from expertchoice/v1|rows|sm_80|threads=256; do not edit
// experts[m, :] = the per_token best of scores[m, :], ascending; shares[m, :] = the softmax over their scores.
// Launch: a warp for each row, THREADS / 32 rows a block.

constexpr int THREADS = 256;

// Orders by score, then by lower expert; any NaN is below all scores. Not 0.
__device__ __forceinline__ unsigned long long rank_of(float score, int expert) {
    const unsigned bits = __float_as_uint(score);
    const unsigned ordered = score != score ? 0 : (int)bits < 0 ? ~bits : bits | 0x80000000u;
    return (unsigned long long)ordered << 32 | (0xffffffffu - (unsigned)expert);
}

// What a lane knows of its row: one of the chosen experts, that one's place among them in ascending order, its share.
struct Choice {
    int expert;
    int place;
    float share;
};

// Chooses the per_token best of a row's experts, for a whole warp; lanes beyond these have none.
__device__ __forceinline__ Choice choose(const float* scores, int experts, int per_token) {
    const int lane = threadIdx.x % 32;
    // Lane j keeps the choice of round j: the best below that of the round before.
    unsigned long long last = ~0ull;
    Choice choice = {0, 0, 0.0f};
    for (int round = 0; round < per_token; ++round) {
        unsigned long long best = 0;
        for (int expert = lane; expert < experts; expert += 32) {
            const unsigned long long rank = rank_of(scores[expert], expert);
            if (rank < last && rank > best) {
                best = rank;
            }
        }
        #pragma unroll
        for (int distance = 16; distance > 0; distance /= 2) {
            const unsigned long long other = __shfl_xor_sync(0xffffffffu, best, distance);
            best = other > best ? other : best;
        }
        last = best;
        choice.expert = lane == round ? (int)(0xffffffffu - (unsigned)best) : choice.expert;
    }
    const bool active = lane < per_token;
    const float score = active ? scores[choice.expert] : 0.0f;
    const float largest = __shfl_sync(0xffffffffu, score, 0);
    const double weight = active ? exp((double)score - (double)largest) : 0.0;
    double sum = weight;
    #pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_xor_sync(0xffffffffu, sum, distance);
    }
    choice.share = (float)(weight / sum);
    for (int other = 0; other < per_token; ++other) {
        choice.place += __shfl_sync(0xffffffffu, choice.expert, other) < choice.expert;
    }
    return choice;
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) expertchoice_rows(
    int rows, int experts, int per_token, const float* scores, int* chosen, float* shares) {
    await_kernels_before();
    const int row = blockIdx.x * (THREADS / 32) + threadIdx.x / 32;
    if (row >= rows) {
        return;
    }
    const Choice choice = choose(scores + (long long)row * experts, experts, per_token);
    if (threadIdx.x % 32 < per_token) {
        chosen[(long long)row * per_token + choice.place] = choice.expert;
        shares[(long long)row * per_token + choice.place] = choice.share;
    }
}
