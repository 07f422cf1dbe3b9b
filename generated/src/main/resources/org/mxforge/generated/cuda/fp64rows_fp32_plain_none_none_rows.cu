// GENERATED from fp64rows/v1;in=fp32;layout=plain;transform=none;rule=none|rows|sm_80|threads=256; do not edit
// y[m, k] = x[m, order[k]] in FP64.
// Launch: one block of THREADS threads for each row.

constexpr int THREADS = 256;
// Channels of a thread.
constexpr int CHANNELS = 8;

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

typedef float Source;

__device__ __forceinline__ float source_value(Source value) {
    return value;
}

// Where eight channels of a row lie.
__device__ __forceinline__ long long place(int row, int channel, int columns) {
    return (long long)row * columns + channel;
}

__device__ __forceinline__ void pad(unsigned short* y, int row, int columns) {}

extern "C" __global__ void __launch_bounds__(THREADS) fp64rows_fp32_plain_none_none_rows(
    int rows, int columns, const Source* x, const int* order, double* y) {
    const int row = blockIdx.x;
    for (int channel = CHANNELS * threadIdx.x; channel < columns; channel += CHANNELS * THREADS) {
        float values[CHANNELS];
        #pragma unroll
        for (int i = 0; i < CHANNELS; ++i) {
            const int from = order[channel + i];
            values[i] = source_value(x[place(row, from / 8 * 8, columns) + from % 8]);
        }
        double2* to = (double2*)(y + (long long)row * columns + channel);
        #pragma unroll
        for (int i = 0; i < CHANNELS / 2; ++i) {
            to[i] = make_double2(values[2 * i], values[2 * i + 1]);
        }
    }
}
