// GENERATED from kvappend/v1|rows|sm_80|threads=256; do not edit
// keys[row's place] = x rotated by the angles of the row's position and rounded, values[row's place] = v.
// x is [rows][kv_heads][head] FP32, v BF16; cosines and sines are [positions][head / 2]; keys and values are pages of the cache,
// BF16, and pages has table_length entries for each sequence.
// Launch: one block of THREADS threads for each row.

constexpr int THREADS = 256;

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

// Where a channel of a position of one key/value head lies; eight from a multiple of 8 on lie together. Heads of whole 64 channels
// lie as tensor cores read them: 64 channels of a page together, a position in 128 bytes, whose pieces of 16 are swapped.
__device__ __forceinline__ long long cache_place(
    const int* table, unsigned position, int kv_heads, int kv_head, int head, int channel) {
    const long long heads_before = (long long)table[position / PAGE] * kv_heads + kv_head;
    const unsigned row = position % PAGE;
    if (head % 64 != 0) {
        return (heads_before * PAGE + row) * head + channel;
    }
    return ((heads_before * (head / 64) + channel / 64) * PAGE + row) * 64 + ((channel / 8 ^ row) % 8) * 8 + channel % 8;
}

extern "C" __global__ void __launch_bounds__(THREADS) kvappend_rows(
    int rows, int kv_heads, int head, int table_length, const int* positions, const int* sequences, const int* pages,
    const float* x, const unsigned short* v, const float* cosines, const float* sines, unsigned short* keys,
    unsigned short* values) {
    const int half = head / 2;
    const int width = kv_heads * head;
    const int position = positions[blockIdx.x];
    const int* table = pages + (long long)sequences[blockIdx.x] * table_length;
    const long long from = (long long)blockIdx.x * width;
    // The place of a channel of all heads.
    const auto place = [&](int channel) {
        return cache_place(table, position, kv_heads, channel / head, head, channel % head);
    };
    const long long angles = (long long)position * half;
    for (int pair = threadIdx.x; pair < kv_heads * half; pair += THREADS) {
        const int i = pair % half;
        const int low = pair / half * head + i;
        const int high = low + half;
        const float a = x[from + low];
        const float b = x[from + high];
        const float cosine = cosines[angles + i];
        const float sine = sines[angles + i];
        keys[place(low)] = bf16_from_float(a * cosine - b * sine);
        keys[place(high)] = bf16_from_float(b * cosine + a * sine);
    }
    const uint4* source = (const uint4*)(v + from);
    for (int i = threadIdx.x; i < width / 8; i += THREADS) {
        *(uint4*)(values + place(8 * i)) = source[i];
    }
}
