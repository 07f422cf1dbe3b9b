// GENERATED from kvappend/v1;heads=plain|rows|sm_80|threads=256; do not edit
// queries[row] = the queries of x, keys[row's place] = its keys, both rotated by the angles of the row's position and rounded;
// values[row's place] = its values, rounded.
// x is [rows][heads + 2 kv_heads][head] FP32, queries, keys and values side by side; queries are [rows][heads][head] BF16; cosines and
// sines are [positions][head / 2]; keys and values are pages of the cache, and pages has table_length entries for each sequence.
// Launch: blocks of THREADS threads, a warp for each HEADS heads, which lie side by side.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int HEADS = 2;

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

__device__ __forceinline__ void rotate(float& a, float& b, float cosine, float sine) {
    const float turned = a * cosine - b * sine;
    b = b * cosine + a * sine;
    a = turned;
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

typedef unsigned short Cached;

// Keeps two neighbouring channels.
__device__ __forceinline__ void cache_store(Cached* cache, long long place, float2 channels) {
    *(unsigned*)(cache + place) = bf16_pair(channels.x, channels.y);
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 1024 / THREADS) kvappend_plain_rows(
    int rows, int heads, int kv_heads, int head, int table_length, const int* positions, const int* sequences, const int* pages,
    const float* x, const float* cosines,
    const float* sines, unsigned short* queries, Cached* keys, Cached* values) {
    await_kernels_before();
    const unsigned of_row = heads + 2 * kv_heads;
    const unsigned first = (blockIdx.x * WARPS + threadIdx.x / 32) * HEADS;
    const int count = min(HEADS, (int)(rows * of_row - first));
    if (count <= 0) {
        return;
    }
    const int half = head / 2;
    int position[HEADS];
    #pragma unroll
    for (int u = 0; u < HEADS; ++u) {
        position[u] = positions[(first + min(u, count - 1)) / of_row];
    }
    // Each lane has two neighbours of the lower half and those that they are rotated with.
    for (int i = 2 * (threadIdx.x % 32); i < half; i += 64) {
        float2 low[HEADS];
        float2 high[HEADS];
        float2 cosine[HEADS];
        float2 sine[HEADS];
        // All is asked for before anything is waited for.
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            const float* from = x + (long long)(first + min(u, count - 1)) * head + i;
            low[u] = *(const float2*)from;
            high[u] = *(const float2*)(from + half);
        }
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            const long long angles = (long long)position[u] * half + i;
            cosine[u] = *(const float2*)(cosines + angles);
            sine[u] = *(const float2*)(sines + angles);
        }
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            if (u < count) {
                const int number = (first + u) % of_row;
                if (number < heads + kv_heads) {
                    rotate(low[u].x, high[u].x, cosine[u].x, sine[u].x);
                    rotate(low[u].y, high[u].y, cosine[u].y, sine[u].y);
                }
                const int row = (first + u) / of_row;
                if (number < heads) {
                    unsigned short* to = queries + ((long long)row * heads + number) * head;
                    *(unsigned*)(to + i) = bf16_pair(low[u].x, low[u].y);
                    *(unsigned*)(to + half + i) = bf16_pair(high[u].x, high[u].y);
                } else {
                    const int* table = pages + (long long)sequences[row] * table_length;
                    Cached* cache = number < heads + kv_heads ? keys : values;
                    const int kv_head = (number - heads) % kv_heads;
                    cache_store(cache, cache_place(table, position[u], kv_heads, kv_head, head, i), low[u]);
                    cache_store(cache, cache_place(table, position[u], kv_heads, kv_head, head, half + i), high[u]);
                }
            }
        }
    }
}
