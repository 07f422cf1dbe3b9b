// GENERATED from embedding/v1;out=fp32|rows|sm_80|threads=256; do not edit
// y[m, :] = table[ids[m], :], the table BF16. Launch: one block of THREADS threads for each row of y.

constexpr int THREADS = 256;
typedef float Stream;

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

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) embedding_fp32_rows(
    int rows, int columns, const int* ids, const unsigned short* table, Stream* y) {
    await_kernels_before();
    const unsigned short* from = table + (long long)ids[blockIdx.x] * columns;
    Stream* to = y + (long long)blockIdx.x * columns;
    float values[8];
    for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
        load_8(from + channel, values);
        store_8(to + channel, values);
    }
}
