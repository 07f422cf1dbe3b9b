// GENERATED from partsum/v1;parts=2|rows|sm_80|threads=256; do not edit
// y += x_0 + x_1 + ..., FP32, one after the other; summands may lie in another GPU's memory.
// Launch: one block of THREADS threads for 8 * THREADS elements.

constexpr int THREADS = 256;

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

extern "C" __global__ void __launch_bounds__(THREADS) partsum_2_rows(
    int rows, int columns, const float* x_0, const float* x_1, float* y) {
    const long long at = 8 * ((long long)blockIdx.x * THREADS + threadIdx.x);
    if (at >= (long long)rows * columns) {
        return;
    }
    const float* const parts[] = {x_0, x_1};
    constexpr int PARTS = sizeof(parts) / sizeof(parts[0]);
    // All are on their way before the first is added.
    float values[PARTS][8];
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        load_8(parts[part] + at, values[part]);
    }
    float sums[8];
    load_8(y + at, sums);
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            sums[i] += values[part][i];
        }
    }
    store_8(y + at, sums);
}
