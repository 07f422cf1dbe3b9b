// GENERATED from tokenroute/v1|rows|sm_80|threads=512; do not edit
// The scores of a token, score[e] = sum over k of x[k] * rsqrt(mean over k of x[k]^2 + epsilon) * weight[k] * router[e, k], in FP32; of the
// best per_token experts the shares and, in ascending order, a tile of ROWS rows each whose first row is the token. Launch: one block of
// THREADS threads.

constexpr int THREADS = 512;
constexpr int WARPS = THREADS / 32;
constexpr int AT_ONCE = 8;
constexpr int ROWS = 16;
constexpr int MOST_EXPERTS = 1024;

__device__ __forceinline__ float bf16_to_float(unsigned short bits) {
    return __uint_as_float((unsigned)bits << 16);
}

// Rounded to nearest even; a NaN stays a NaN.
__device__ __forceinline__ unsigned short bf16_from_float(float value) {
    unsigned short bits;
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}

// Two values in one word, the first in the low half.
__device__ __forceinline__ unsigned bf16_pair(float first, float second) {
    unsigned pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

__device__ __forceinline__ void load_8(const unsigned short* from, float (&values)[8]) {
    const uint4 words = *(const uint4*)from;
    const unsigned pairs[4] = {words.x, words.y, words.z, words.w};
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[2 * i] = __uint_as_float(pairs[i] << 16);
        values[2 * i + 1] = __uint_as_float(pairs[i] & 0xffff0000u);
    }
}

__device__ __forceinline__ void store_8(unsigned short* to, const float (&values)[8]) {
    *(uint4*)to = make_uint4(
        bf16_pair(values[0], values[1]),
        bf16_pair(values[2], values[3]),
        bf16_pair(values[4], values[5]),
        bf16_pair(values[6], values[7]));
}

__device__ __forceinline__ void load_8(const float* from, float (&values)[8]) {
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        const float4 four = ((const float4*)from)[i];
        values[4 * i] = four.x;
        values[4 * i + 1] = four.y;
        values[4 * i + 2] = four.z;
        values[4 * i + 3] = four.w;
    }
}

__device__ __forceinline__ void store_8(float* to, const float (&values)[8]) {
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        ((float4*)to)[i] = make_float4(values[4 * i], values[4 * i + 1], values[4 * i + 2], values[4 * i + 3]);
    }
}

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

// Begins to bring the line of an address into L2.
__device__ __forceinline__ void prefetch(const void* address) {
    asm volatile("prefetch.global.L2 [%0];" ::"l"(address));
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) tokenroute_rows(
    int columns, int experts, int per_token, const float* x, const unsigned short* weight, float epsilon, const unsigned short* router,
    float* shares, int2* routes, int* tokens, int* permutation) {
    for (int channel = 64 * threadIdx.x; channel < experts * columns; channel += 64 * THREADS) {
        prefetch(router + channel);
        prefetch(weight + channel % columns);
    }
    await_kernels_before();
    __shared__ float scores[MOST_EXPERTS];
    // Of each warp the sums of the experts, and the last that of the squares.
    __shared__ float of_warp[WARPS][AT_ONCE + 1];
    const float* row = x;
    #pragma unroll 1
    for (int first = 0; first < experts; first += AT_ONCE) {
        float sums[AT_ONCE + 1] = {};
        #pragma unroll 1
        for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
            float values[8];
            float factors[8];
            load_8(row + channel, values);
            load_8(weight + channel, factors);
            #pragma unroll
            for (int i = 0; i < 8; ++i) {
                sums[AT_ONCE] += values[i] * values[i];
                values[i] *= factors[i];
            }
            #pragma unroll
            for (int e = 0; e < AT_ONCE; ++e) {
                float choices[8];
                load_8(router + (long long)min(first + e, experts - 1) * columns + channel, choices);
                #pragma unroll
                for (int i = 0; i < 8; ++i) {
                    sums[e] += values[i] * choices[i];
                }
            }
        }
        #pragma unroll
        for (int e = 0; e <= AT_ONCE; ++e) {
            #pragma unroll
            for (int distance = 16; distance > 0; distance /= 2) {
                sums[e] += __shfl_xor_sync(0xffffffffu, sums[e], distance);
            }
        }
        __syncthreads();  // earlier sums may still be read
        if (threadIdx.x % 32 == 0) {
            #pragma unroll
            for (int e = 0; e <= AT_ONCE; ++e) {
                of_warp[threadIdx.x / 32][e] = sums[e];
            }
        }
        __syncthreads();
        const int expert = first + threadIdx.x;
        if (threadIdx.x < AT_ONCE && expert < experts) {
            float score = 0.0f;
            float squares = 0.0f;
            #pragma unroll 4
            for (int warp = 0; warp < WARPS; ++warp) {
                score += of_warp[warp][threadIdx.x];
                squares += of_warp[warp][AT_ONCE];
            }
            scores[expert] = score * __frsqrt_rn(squares / columns + epsilon);
        }
    }
    for (int i = threadIdx.x; i < per_token * ROWS; i += THREADS) {
        tokens[i] = i % ROWS == 0 ? 0 : -1;
    }
    __syncthreads();
    if (threadIdx.x < 32) {
        const Choice choice = choose(scores, experts, per_token);
        if (threadIdx.x < per_token) {
            shares[choice.place] = choice.share;
            routes[choice.place] = make_int2(choice.expert, 1);
            permutation[choice.place] = choice.place * ROWS;
        }
    }
}
