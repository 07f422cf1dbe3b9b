// GENERATED from rowgather/v1;type=fp32|rows|sm_80|threads=256; do not edit
// y[i, :] = x[index[i], :], or zeros where index[i] is negative. Launch: one block of THREADS threads for each row of y.

constexpr int THREADS = 256;
typedef float Stream;
constexpr int VECTOR = 16 / sizeof(Stream);

extern "C" __global__ void __launch_bounds__(THREADS) rowgather_fp32_rows(
    int rows, int columns, const int* index, const Stream* x, Stream* y) {
    const int row = index[blockIdx.x];
    const uint4* from = (const uint4*)(x + (long long)row * columns);
    uint4* to = (uint4*)(y + (long long)blockIdx.x * columns);
    for (int i = threadIdx.x; i < columns / VECTOR; i += THREADS) {
        to[i] = row >= 0 ? from[i] : make_uint4(0, 0, 0, 0);
    }
}
