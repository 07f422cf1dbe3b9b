// GENERATED from kvappend/v1;heads=plain|rows|sm_80|threads=256; do not edit
// queries[row] = the queries of x, keys[row's place] = its keys, both rotated by the angles of the row's position and rounded;
// values[row's place] = its values, rounded.
// x is [rows][heads + 2 kv_heads][head] FP32, queries, keys and values side by side; queries are [rows][heads][head] BF16; cosines and
// sines are [positions][head / 2]; keys and values are pages of the cache, and pages has table_length entries for each sequence.
// Launch: blocks of THREADS threads, one warp for each head.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;

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

extern "C" __global__ void __launch_bounds__(THREADS) kvappend_plain_rows(
    int rows, int heads, int kv_heads, int head, int table_length, const int* positions, const int* sequences, const int* pages,
    const float* x, const float* cosines,
    const float* sines, unsigned short* queries, Cached* keys, Cached* values) {
    const unsigned of_row = heads + 2 * kv_heads;
    const unsigned unit = blockIdx.x * WARPS + threadIdx.x / 32;
    const int row = unit / of_row;
    if (row >= rows) {
        return;
    }
    const int number = unit % of_row;
    const bool is_query = number < heads;
    const bool is_value = number >= heads + kv_heads;
    const int half = head / 2;
    const int position = positions[row];
    const int* table = pages + (long long)sequences[row] * table_length;
    const long long angles = (long long)position * half;
    const float* from = x + (long long)unit * head;
    // Each lane has two neighbours of the lower half and those that they are rotated with.
    for (int i = 2 * (threadIdx.x % 32); i < half; i += 64) {
        float2 low = *(const float2*)(from + i);
        float2 high = *(const float2*)(from + half + i);
        if (!is_value) {
            const float2 cosine = *(const float2*)(cosines + angles + i);
            const float2 sine = *(const float2*)(sines + angles + i);
            rotate(low.x, high.x, cosine.x, sine.x);
            rotate(low.y, high.y, cosine.y, sine.y);
        }
        if (is_query) {
            unsigned short* to = queries + ((long long)row * heads + number) * head;
            *(unsigned*)(to + i) = bf16_pair(low.x, low.y);
            *(unsigned*)(to + half + i) = bf16_pair(high.x, high.y);
        } else {
            Cached* cache = is_value ? values : keys;
            const int kv_head = (number - heads) % kv_heads;
            cache_store(cache, cache_place(table, position, kv_heads, kv_head, head, i), low);
            cache_store(cache, cache_place(table, position, kv_heads, kv_head, head, half + i), high);
        }
    }
}
