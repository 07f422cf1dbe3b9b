// GENERATED from expertroute/v1|rows|sm_80|threads=256; do not edit
// The experts of up to ROWS tokens: their shares; of each tile of ROWS rows the expert and how many rows hold tokens, the token of each
// row, and the rows of each token. Launch: one block of THREADS threads.
//
// A warp chooses for a token at a time. No expert has more tokens than a tile has rows, so that its tile is the one after those of
// the lower experts in use.

constexpr int THREADS = 256;
constexpr int ROWS = 16;
constexpr int MOST_PER_TOKEN = 32;

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

extern "C" __global__ void __launch_bounds__(THREADS) expertroute_rows(
    int rows, int experts, int per_token, int tiles, const float* scores, float* shares, int2* routes, int* tokens, int* permutation) {
    await_kernels_before();
    __shared__ int chosen[ROWS * MOST_PER_TOKEN];
    // Whether a choice is the first of its expert.
    __shared__ bool first[ROWS * MOST_PER_TOKEN];
    #pragma unroll 1
    for (int i = threadIdx.x; i < tiles * ROWS; i += THREADS) {
        tokens[i] = -1;
        if (i % ROWS == 0) {
            routes[i / ROWS] = make_int2(-1, 0);
        }
    }
    #pragma unroll 1
    for (int row = threadIdx.x / 32; row < rows; row += THREADS / 32) {
        const Choice choice = choose(scores + row * experts, experts, per_token);
        if (threadIdx.x % 32 < per_token) {
            chosen[row * per_token + choice.place] = choice.expert;
            shares[row * per_token + choice.place] = choice.share;
        }
    }
    __syncthreads();
    const int choices = rows * per_token;
    #pragma unroll 1
    for (int i = threadIdx.x; i < choices; i += THREADS) {
        bool own = true;
        #pragma unroll 1
        for (int other = 0; other < i; ++other) {
            own = own && chosen[other] != chosen[i];
        }
        first[i] = own;
    }
    __syncthreads();
    #pragma unroll 1
    for (int i = threadIdx.x; i < choices; i += THREADS) {
        const int expert = chosen[i];
        int tile = 0;
        int place = 0;
        int count = 0;
        #pragma unroll 1
        for (int other = 0; other < choices; ++other) {
            tile += first[other] && chosen[other] < expert;
            place += chosen[other] == expert && other < i;
            count += chosen[other] == expert;
        }
        const int at = tile * ROWS + place;
        tokens[at] = i / per_token;
        permutation[i] = at;
        if (first[i]) {
            routes[tile] = make_int2(expert, count);
        }
    }
}
