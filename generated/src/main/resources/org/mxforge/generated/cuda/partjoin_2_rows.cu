// GENERATED from partjoin/v1;parts=2|rows|sm_80|threads=256; do not edit
// y = [x_0 x_1 ...], BF16, each part [rows][columns]; parts may lie in another GPU's memory.
// Launch: one block of THREADS threads for 8 * THREADS elements of each part.

constexpr int THREADS = 256;

extern "C" __global__ void __launch_bounds__(THREADS) partjoin_2_rows(
    int rows, int columns, const unsigned short* x_0, const unsigned short* x_1, unsigned short* y) {
    const int vectors = columns / 8;
    const long long at = (long long)blockIdx.x * THREADS + threadIdx.x;
    if (at >= (long long)rows * vectors) {
        return;
    }
    const unsigned short* const parts[] = {x_0, x_1};
    constexpr int PARTS = sizeof(parts) / sizeof(parts[0]);
    // All are on their way before the first is written.
    uint4 values[PARTS];
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        values[part] = ((const uint4*)parts[part])[at];
    }
    uint4* to = (uint4*)y + at / vectors * PARTS * vectors + at % vectors;
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        to[part * vectors] = values[part];
    }
}
