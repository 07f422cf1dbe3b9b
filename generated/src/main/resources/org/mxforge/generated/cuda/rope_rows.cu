// GENERATED from rope/v1|rows|sm_80|threads=256; do not edit
// Rotates the pairs (i, i + head / 2) of each head by the angles of the row's position and rounds them.
// x is [rows][heads][head] FP32, y BF16; cosines and sines are [positions][head / 2].
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

extern "C" __global__ void __launch_bounds__(THREADS) rope_rows(
    int rows, int heads, int head, const int* positions, const float* x, unsigned short* y, const float* cosines,
    const float* sines) {
    const int half = head / 2;
    const long long angles = (long long)positions[blockIdx.x] * half;
    const long long row = (long long)blockIdx.x * heads * head;
    for (int pair = threadIdx.x; pair < heads * half; pair += THREADS) {
        const int i = pair % half;
        const long long low = row + pair / half * head + i;
        const long long high = low + half;
        const float a = x[low];
        const float b = x[high];
        const float cosine = cosines[angles + i];
        const float sine = sines[angles + i];
        y[low] = bf16_from_float(a * cosine - b * sine);
        y[high] = bf16_from_float(b * cosine + a * sine);
    }
}
