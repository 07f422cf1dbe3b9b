// GENERATED from rmsnorm/v1;in=fp32;less=centre;layout=plain|rows|sm_80|threads=256; do not edit
// y[m, k] = x[m, k] * rsqrt(mean over k of x[m, k]^2 + epsilon) * weight[k] - centre[k], in FP32 with one rounding at the end.
// Launch: one block of THREADS threads for each row. y may be x where both lie alike: a thread reads its channels before it writes them.

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

// Where eight channels of a row lie.
__device__ __forceinline__ long long place(int row, int channel, int columns) {
    return (long long)row * columns + channel;
}

__device__ __forceinline__ void pad(unsigned short* y, int row, int columns) {}

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

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) rmsnorm_fp32_centre_plain_rows(
    int rows, int columns, const Stream* x, const unsigned short* weight, const unsigned short* centre, float epsilon, unsigned short* y) {
    await_kernels_before();
    const long long row = (long long)blockIdx.x * columns;
    float values[8];
    float factors[8];
    float means[8];
    float squares = 0.0f;
    for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
        load_8(x + row + channel, values);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            squares += values[i] * values[i];
        }
    }
    const float scale = __frsqrt_rn(block_sum(squares) / columns + epsilon);
    for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
        load_8(x + row + channel, values);
        load_8(weight + channel, factors);
        load_8(centre + channel, means);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            values[i] = values[i] * scale * factors[i] - means[i];
        }
        store_8(y + place(blockIdx.x, channel, columns), values);
    }
    pad(y, blockIdx.x, columns);
}
