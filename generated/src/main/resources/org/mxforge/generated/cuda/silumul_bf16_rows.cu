// GENERATED from silumul/v1;layout=bf16|rows|sm_80|threads=256; do not edit
// y[m, k] = silu(x[m, k]) * x[m, columns + k], in FP32 with one rounding at the end; x is [rows][2 * columns].
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

// Where eight channels of a row lie: in tiles of 128 rows by 64 channels, a row of tiles after the other; a row of a tile is 128 bytes,
// whose pieces of 16 are swapped.
__device__ __forceinline__ long long place(int row, int channel, int columns) {
    const long long tile = (long long)(row / 128) * ((columns + 63) / 64) + channel / 64;
    return tile * 8192 + row % 128 * 64 + (channel / 8 % 8 ^ row % 8) * 8;
}

// Zeros for the channels that a tile has beyond those of its row.
__device__ __forceinline__ void pad(unsigned short* y, int row, int columns) {
    const int channel = columns + 8 * threadIdx.x;
    if (channel < (columns + 63) / 64 * 64) {
        *(uint4*)(y + place(row, channel, columns)) = make_uint4(0, 0, 0, 0);
    }
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) silumul_bf16_rows(
    int rows, int columns, const unsigned short* x, unsigned short* y) {
    await_kernels_before();
    const long long row = (long long)blockIdx.x * columns;
    float values[8];
    float factors[8];
    for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
        load_8(x + 2 * row + channel, values);
        load_8(x + 2 * row + columns + channel, factors);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            values[i] = values[i] / (1.0f + expf(-values[i])) * factors[i];
        }
        store_8(y + place(blockIdx.x, channel, columns), values);
    }
    pad(y, blockIdx.x, columns);
}
