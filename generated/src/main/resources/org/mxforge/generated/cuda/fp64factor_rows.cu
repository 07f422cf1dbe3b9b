// GENERATED from fp64factor/v1|rows|sm_80|threads=256; do not edit
// The inverse of the lower triangular L with L^T L = M, a block of SIZE rows of it or fewer; beyond them the block is taken as I.
// Launch: one block of THREADS threads.

constexpr int THREADS = 256;
constexpr int SIZE = 64;

extern "C" __global__ void __launch_bounds__(THREADS) fp64factor_rows(
    int size, int first, const double* matrix, double* inverse, double* root, int* failed) {
    // L on and below the diagonal, the transpose of its inverse above it, a column to the right.
    __shared__ double block[SIZE][SIZE + 1];
    const int rows = min(SIZE, size - first);
    const long long corner = (long long)first * size + first;
    for (int i = threadIdx.x; i < SIZE * SIZE; i += THREADS) {
        const int row = i / SIZE;
        const int column = i % SIZE;
        if (column <= row) {
            block[row][column] = row < rows ? matrix[corner + (long long)row * size + column] : row == column;
            block[column][row + 1] = row == column;
        }
    }
    __syncthreads();
    for (int pivot = SIZE - 1; pivot >= 0; --pivot) {
        const double square = block[pivot][pivot];
        if (!(square > 0.0)) {
            if (threadIdx.x == 0) {
                *failed = 1;
            }
            return;
        }
        __syncthreads();
        if (threadIdx.x <= pivot) {
            block[pivot][threadIdx.x] /= sqrt(square);
        }
        __syncthreads();
        for (int i = threadIdx.x; i < pivot * SIZE; i += THREADS) {
            const int row = i / SIZE;
            const int column = i % SIZE;
            if (column <= row) {
                block[row][column] -= block[pivot][row] * block[pivot][column];
            }
        }
        __syncthreads();
    }
    for (int pivot = 0; pivot < SIZE; ++pivot) {
        if (threadIdx.x <= pivot) {
            block[threadIdx.x][pivot + 1] /= block[pivot][pivot];
        }
        __syncthreads();
        for (int i = (pivot + 1) * SIZE + threadIdx.x; i < SIZE * SIZE; i += THREADS) {
            const int row = i / SIZE;
            const int column = i % SIZE;
            if (column <= pivot) {
                block[column][row + 1] -= block[row][pivot] * block[column][pivot + 1];
            }
        }
        __syncthreads();
    }
    for (int i = threadIdx.x; i < SIZE * SIZE; i += THREADS) {
        const int row = i / SIZE;
        const int column = i % SIZE;
        inverse[i] = column <= row ? block[column][row + 1] : 0.0;
        if (row < rows && column < rows) {
            root[corner + (long long)row * size + column] = row <= column ? block[row][column + 1] : 0.0;
        }
    }
}
