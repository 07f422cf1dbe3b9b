// GENERATED from rowgather/v1;type=fp32|rows|sm_80|threads=256; do not edit
// y[i, :] = x[index[i], :], or zeros where index[i] is negative. Launch: one block of THREADS threads for each row of y.

constexpr int THREADS = 256;
typedef float Stream;
constexpr int VECTOR = 16 / sizeof(Stream);

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) rowgather_fp32_rows(
    int rows, int columns, const int* index, const Stream* x, Stream* y) {
    await_kernels_before();
    const int row = index[blockIdx.x];
    const uint4* from = (const uint4*)(x + (long long)row * columns);
    uint4* to = (uint4*)(y + (long long)blockIdx.x * columns);
    for (int i = threadIdx.x; i < columns / VECTOR; i += THREADS) {
        to[i] = row >= 0 ? from[i] : make_uint4(0, 0, 0, 0);
    }
}
