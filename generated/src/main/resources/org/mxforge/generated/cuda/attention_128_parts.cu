// GENERATED from attention/v1;head=128|parts|sm_90a|threads=256; do not edit
// out = softmax(q . k / sqrt(HEAD)) . v over positions up to the row's own of the row's sequence, the last window of them, softmax and
// sums in FP32. q and out are [rows][heads][HEAD] BF16, k and v pages of the cache. out may be q. pages has table_length entries for
// each sequence.
// Launch: grid (rows * PARTS, heads) in clusters of PARTS blocks, THREADS threads.
//
// Each block of a cluster looks at a run of the positions; each then brings some channels together.

constexpr int THREADS = 256;
constexpr int HEAD = 128;
constexpr int LANES = 16;
constexpr int PARTS = 8;
constexpr float SCALE = 0.088388346f;

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

// Positions of a page.
constexpr unsigned PAGE = 32;

// Where the page of a position has one key/value head.
__device__ __forceinline__ long long page_place(const int* table, unsigned position, int kv_heads, int kv_head, int head) {
    return ((long long)table[position / PAGE] * kv_heads + kv_head) * PAGE * head;
}

// Where a channel of a row of a page lies from there on; eight from a multiple of 8 on lie together. Heads of whole 64 channels lie as
// tensor cores read them: 64 channels of a page together, a position in 128 bytes, whose pieces of 16 are swapped.
__device__ __forceinline__ unsigned place_in_page(unsigned row, int head, int channel) {
    if (head % 64 != 0) {
        return row * head + channel;
    }
    return (channel / 64 * PAGE + row) * 64 + ((channel / 8 ^ row) % 8) * 8 + channel % 8;
}

__device__ __forceinline__ long long cache_place(
    const int* table, unsigned position, int kv_heads, int kv_head, int head, int channel) {
    return page_place(table, position, kv_heads, kv_head, head) + place_in_page(position % PAGE, head, channel);
}

// What the cache keeps.
typedef unsigned short Cached;

// Where eight channels of a position lie, in pieces of eight channels.
__device__ __forceinline__ unsigned cached_place(const int* table, unsigned position, int kv_heads, int kv_head, int channel) {
    return (unsigned)(cache_place(table, position, kv_heads, kv_head, HEAD, channel) / 8);
}

__device__ __forceinline__ uint4 cached_8(const Cached* cache, unsigned place, int channel) {
    return *(const uint4*)(cache + 8ll * place);
}

constexpr int TEAMS = THREADS / LANES;
// Positions whose keys and values a team has under way at a time.
constexpr int BATCH = 4;

__device__ __forceinline__ void unpack_8(uint4 words, float (&values)[8]) {
    const unsigned pairs[4] = {words.x, words.y, words.z, words.w};
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[2 * i] = __uint_as_float(pairs[i] << 16);
        values[2 * i + 1] = __uint_as_float(pairs[i] & 0xffff0000u);
    }
}

// The keys and values of a sequence and a key/value head.
struct Cache {
    const int* table;
    int kv_heads;
    int kv_head;
    const Cached* k;
    const Cached* v;
};

// A team of LANES lanes takes every TEAMS-th position, eight values of the head in each lane, and keeps its own maximum, sum and
// weighted values; the teams are brought together at the end. Lies in shared memory.
struct Teams {
    float weighted[TEAMS][HEAD];
    float largest[TEAMS];
    float sum[TEAMS];
    float weight[TEAMS];

    // The largest score of all teams; minus infinity if there was no position.
    __device__ __forceinline__ float most() const {
        float most = largest[0];
        for (int team = 1; team < TEAMS; ++team) {
            most = fmaxf(most, largest[team]);
        }
        return most;
    }

    // The sum of the weights, relative to the largest score.
    __device__ __forceinline__ float total() const {
        float total = 0.0f;
        for (int team = 0; team < TEAMS; ++team) {
            total = fmaf(weight[team], sum[team], total);
        }
        return total;
    }

    // The weighted sum of a channel's values.
    __device__ __forceinline__ float value(int channel) const {
        float value = 0.0f;
        for (int team = 0; team < TEAMS; ++team) {
            value = fmaf(weight[team], weighted[team][channel], value);
        }
        return value;
    }

    // Looks at the positions from `begin` to before `end`, all threads of the block together.
    __device__ __forceinline__ void look(const unsigned short* q, const Cache& cache, int begin, int end) {
        const float infinity = __int_as_float(0x7f800000);
        const int team = threadIdx.x / LANES;
        const int lane = threadIdx.x % LANES;
        const unsigned teammates = (0xffffffffu >> (32 - LANES)) << threadIdx.x % 32 / LANES * LANES;
        // The last lanes are idle when the head is not a power of two.
        const bool active = 8 * lane < HEAD;
        float query[8] = {};
        if (active) {
            unpack_8(*(const uint4*)(q + 8 * lane), query);
        }
        float own_largest = -infinity;
        float own_sum = 0.0f;
        float own[8] = {};
        for (int first = begin + team; first < end; first += TEAMS * BATCH) {
            float scores[BATCH];
            unsigned places[BATCH];
            float batch_largest = own_largest;
            #pragma unroll
            for (int i = 0; i < BATCH; ++i) {
                const int position = first + i * TEAMS;
                float dot = 0.0f;
                if (active && position < end) {
                    float key[8];
                    places[i] = cached_place(cache.table, position, cache.kv_heads, cache.kv_head, 8 * lane);
                    unpack_8(cached_8(cache.k, places[i], 8 * lane), key);
                    #pragma unroll
                    for (int j = 0; j < 8; ++j) {
                        dot = fmaf(query[j], key[j], dot);
                    }
                }
                #pragma unroll
                for (int distance = LANES / 2; distance > 0; distance /= 2) {
                    dot += __shfl_xor_sync(teammates, dot, distance);
                }
                scores[i] = position < end ? dot * SCALE : -infinity;
                batch_largest = fmaxf(batch_largest, scores[i]);
            }
            const float shrink = expf(own_largest - batch_largest);
            own_largest = batch_largest;
            own_sum *= shrink;
            #pragma unroll
            for (int j = 0; j < 8; ++j) {
                own[j] *= shrink;
            }
            #pragma unroll
            for (int i = 0; i < BATCH; ++i) {
                const int position = first + i * TEAMS;
                const float score_weight = expf(scores[i] - own_largest);
                own_sum += score_weight;
                if (active && position < end) {
                    float values[8];
                    unpack_8(cached_8(cache.v, places[i], 8 * lane), values);
                    #pragma unroll
                    for (int j = 0; j < 8; ++j) {
                        own[j] = fmaf(score_weight, values[j], own[j]);
                    }
                }
            }
        }
        if (lane == 0) {
            largest[team] = own_largest;
            sum[team] = own_sum;
        }
        if (active) {
            #pragma unroll
            for (int j = 0; j < 8; ++j) {
                weighted[team][8 * lane + j] = own[j];
            }
        }
        __syncthreads();
        // A team without a position weighs nothing.
        for (int i = threadIdx.x; i < TEAMS; i += THREADS) {
            weight[i] = largest[i] == -infinity ? 0.0f : expf(largest[i] - most());
        }
        __syncthreads();
    }
};

// What a block has seen.
struct Part {
    float value[HEAD];
    float largest;
    float total;
};

// What another block of the cluster has where `own` is.
__device__ __forceinline__ float of_part(const float& own, int part) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    float value;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("ld.shared::cluster.f32 %0, [%1];" : "=f"(value) : "r"(address) : "memory");
    return value;
}

__device__ __forceinline__ void cluster_barrier() {
    asm volatile("barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;" ::: "memory");
}

extern "C" __global__ void __launch_bounds__(THREADS, 768 / THREADS) __cluster_dims__(PARTS, 1, 1) attention_128_parts(
    int rows, int heads, int kv_heads, int window, int table_length, const int* row_positions, const int* sequences,
    const int* pages, const unsigned short* q, const Cached* k, const Cached* v, unsigned short* out) {
    __shared__ Teams teams;
    __shared__ Part own;
    const float infinity = __int_as_float(0x7f800000);
    const int row = blockIdx.x / PARTS;
    const int part = blockIdx.x % PARTS;
    const int end = row_positions[row] + 1;
    const int begin = max(0, end - window);
    const int run = (end - begin + PARTS - 1) / PARTS;
    const int* table = pages + (long long)sequences[row] * table_length;
    const Cache cache = {table, kv_heads, (int)blockIdx.y / (heads / kv_heads), k, v};
    const long long query_at = ((long long)row * heads + blockIdx.y) * HEAD;
    teams.look(q + query_at, cache, begin + part * run, min(end, begin + (part + 1) * run));
    for (int channel = threadIdx.x; channel < HEAD; channel += THREADS) {
        own.value[channel] = teams.value(channel);
    }
    if (threadIdx.x == 0) {
        own.largest = teams.most();
        own.total = teams.total();
    }
    cluster_barrier();
    float largest = -infinity;
    #pragma unroll
    for (int other = 0; other < PARTS; ++other) {
        largest = fmaxf(largest, of_part(own.largest, other));
    }
    for (int channel = part + PARTS * threadIdx.x; channel < HEAD; channel += PARTS * THREADS) {
        float value = 0.0f;
        float total = 0.0f;
        #pragma unroll
        for (int other = 0; other < PARTS; ++other) {
            // That of a part without a position is 0.
            const float weight = expf(of_part(own.largest, other) - largest);
            value = fmaf(weight, of_part(own.value[channel], other), value);
            total = fmaf(weight, of_part(own.total, other), total);
        }
        out[query_at + channel] = bf16_from_float(value / total);
    }
    cluster_barrier();  // no block ends while others read what it has seen
}
