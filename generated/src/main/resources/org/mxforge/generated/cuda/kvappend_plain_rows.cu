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

// What a pair of neighbours is turned by, and their counterparts.
struct Angles {
    float2 cosine[HEADS];
    float2 sine[HEADS];
};

// Waits until all kernels before this one are done, and lets the next begin only then: what they wrote it may read before it has waited
// itself. What they write, or still read, is touched behind it only. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 1024 / THREADS) kvappend_plain_rows(
    int rows, int heads, int kv_heads, int head, int table_length, const int* positions, const int* sequences, const int* pages,
    const float* x, const float* cosines,
    const float* sines, unsigned short* queries, Cached* keys, Cached* values) {
    const unsigned of_row = heads + 2 * kv_heads;
    const unsigned first = (blockIdx.x * WARPS + threadIdx.x / 32) * HEADS;
    const unsigned last = rows * of_row - 1;
    const int half = head / 2;
    int position[HEADS];
    #pragma unroll
    for (int u = 0; u < HEADS; ++u) {
        position[u] = positions[min(first + u, last) / of_row];
    }
    Angles angles;
    const auto fetch_angles = [&](int i) {
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            const long long place = (long long)position[u] * half + i;
            angles.cosine[u] = *(const float2*)(cosines + place);
            angles.sine[u] = *(const float2*)(sines + place);
        }
    };
    // Each lane has two neighbours of the lower half and those that they are rotated with.
    int i = 2 * (threadIdx.x % 32);
    if (i < half) {
        fetch_angles(i);
    }
    const auto page_of = [&](unsigned number, int at) {
        const int* table = pages + (long long)sequences[number / of_row] * table_length;
        return page_place(table, at, kv_heads, max(0, (int)(number % of_row) - heads) % kv_heads, head);
    };
    long long page[HEADS];
    #pragma unroll
    for (int u = 0; u < HEADS; ++u) {
        page[u] = page_of(min(first + u, last), position[u]);
    }
    await_kernels_before();
    const int count = min(HEADS, (int)(last + 1 - first));
    if (count <= 0) {
        return;
    }
    while (i < half) {
        float2 low[HEADS];
        float2 high[HEADS];
        // All is asked for before anything is waited for.
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            const float* from = x + (long long)(first + min(u, count - 1)) * head + i;
            low[u] = *(const float2*)from;
            high[u] = *(const float2*)(from + half);
        }
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            if (u < count) {
                const int number = (first + u) % of_row;
                if (number < heads + kv_heads) {
                    rotate(low[u].x, high[u].x, angles.cosine[u].x, angles.sine[u].x);
                    rotate(low[u].y, high[u].y, angles.cosine[u].y, angles.sine[u].y);
                }
                const int row = (first + u) / of_row;
                if (number < heads) {
                    unsigned short* to = queries + ((long long)row * heads + number) * head;
                    *(unsigned*)(to + i) = bf16_pair(low[u].x, low[u].y);
                    *(unsigned*)(to + half + i) = bf16_pair(high[u].x, high[u].y);
                } else {
                    Cached* cache = number < heads + kv_heads ? keys : values;
                    const unsigned row_of_page = position[u] % PAGE;
                    const long long at = page[u];
                    cache_store(cache, at + place_in_page(row_of_page, head, i), low[u]);
                    cache_store(cache, at + place_in_page(row_of_page, head, half + i), high[u]);
                }
            }
        }
        i += 64;
        if (i < half) {
            fetch_angles(i);
        }
    }
}
