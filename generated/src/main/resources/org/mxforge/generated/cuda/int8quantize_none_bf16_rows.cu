// GENERATED from int8quantize/v1;prologue=none;in=bf16|rows|sm_80|threads=256; do not edit
// scales[m] = max over k of |v[m, k]| / 127; codes[m, k] = v[m, k] / scales[m], rounded to nearest even. In FP32,
// v = x.
// A row of zeros has the scale 0, one with a NaN or an infinity a scale that is not finite.
//
// Codes lie in tiles of 128 rows by 128 channels, a row of tiles after the other; a row of a tile is 128 bytes, whose pieces of 16 are
// swapped. Channels are padded to whole tiles with zeros; rows of padding stay as they are.
// Launch: one block of THREADS threads for each row.

constexpr int THREADS = 256;
typedef unsigned short Source;

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

extern "C" __global__ void __launch_bounds__(THREADS) int8quantize_none_bf16_rows(
    int rows,
    int columns,
    const Source* x,
    unsigned char* tiles,
    float* scales) {
    const long long row = blockIdx.x;
    const Source* from = x + row * columns;
    float values[8];
    // Eight values to be rounded.
    const auto load = [&](int channel) {
        load_8(from + channel, values);
    };
    // As bits, among which those of NaN are the largest.
    unsigned largest = 0;
    for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
        load(channel);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            largest = max(largest, __float_as_uint(values[i]) & 0x7fffffffu);
        }
    }
    const float scale = __fdiv_rn(__uint_as_float(block_max(largest)), 127.0f);
    const int tiles_a_row = (columns + 127) / 128;
    unsigned char* to = tiles + row / 128 * tiles_a_row * 16384 + row % 128 * 128;
    for (int channel = 8 * threadIdx.x; channel < 128 * tiles_a_row; channel += 8 * THREADS) {
        unsigned words[2] = {};
        if (channel < columns && scale > 0.0f) {
            load(channel);
            #pragma unroll
            for (int i = 0; i < 8; ++i) {
                // Beside a subnormal scale it may come to more.
                const int code = max(-127, min(127, __float2int_rn(__fdiv_rn(values[i], scale))));
                words[i / 4] |= (code & 0xffu) << 8 * (i % 4);
            }
        }
        const int piece = channel % 128 / 16 ^ (int)(row % 8);
        *(uint2*)(to + channel / 128 * 16384 + 16 * piece + channel % 16) = make_uint2(words[0], words[1]);
    }
    if (threadIdx.x == 0) {
        scales[row] = scale;
    }
}
