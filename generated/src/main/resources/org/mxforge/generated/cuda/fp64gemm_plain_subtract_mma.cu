// GENERATED from fp64gemm/v1;a=plain;sum=subtract|mma|sm_80|bk=16,bm=64,bn=64,stages=3,wm=2,wn=2; do not edit
// D -= A B in FP64, row-major. Rows are on 16 bytes.
// Launch: grid (ceil(n / BN), ceil(m / BM)), THREADS threads, STAGES * STAGE_BYTES bytes of shared memory.

// A block of WARP_ROWS x WARP_COLUMNS warps makes BM x BN outputs, BK of K at a time; STAGES tiles are in shared memory.
constexpr int BM = 64;
constexpr int BN = 64;
constexpr int BK = 16;
constexpr int WARP_ROWS = 2;
constexpr int WARP_COLUMNS = 2;
constexpr int STAGES = 3;
constexpr int STAGE_BYTES = 18944;
constexpr int THREADS = 32 * WARP_ROWS * WARP_COLUMNS;
// 16x8 tiles of one warp.
constexpr int ROW_TILES = BM / WARP_ROWS / 16;
constexpr int COLUMN_TILES = BN / WARP_COLUMNS / 8;

// Where a lane works within the block's tile: its warp's first row and column, and (g, t) = (lane / 4, lane % 4).
struct Lane {
    int row;
    int column;
    int g;
    int t;
};

__device__ __forceinline__ Lane this_lane() {
    const int warp = threadIdx.x / 32;
    const int lane = threadIdx.x % 32;
    return {warp / WARP_COLUMNS * (16 * ROW_TILES), warp % WARP_COLUMNS * (8 * COLUMN_TILES), lane / 4, lane % 4};
}
// Elements from row to row of the tiles in shared memory.
constexpr int A_PITCH = BK + 4;
constexpr int A_BYTES = 8 * BM * A_PITCH;
constexpr int B_PITCH = BN + 4;

// Starts a copy of BYTES bytes; a piece outside the matrix is filled with zeros and not read.
template <int BYTES>
__device__ __forceinline__ void copy_async(unsigned char* shared, const unsigned char* global, bool inside) {
    const unsigned to = (unsigned)__cvta_generic_to_shared(shared);
    const int bytes = inside ? BYTES : 0;
    if constexpr (BYTES == 16) {
        // The operands pass through once: keep them out of L1.
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(bytes) : "memory");
    } else {
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(to), "l"(global), "n"(BYTES), "r"(bytes)
                     : "memory");
    }
}

// Ends a batch of copies; every stage of the pipeline is one batch, even an empty one.
__device__ __forceinline__ void copy_commit() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most PENDING batches of this thread are under way.
template <int PENDING>
__device__ __forceinline__ void copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
}

// Runs tiles through the stages: fill(tile, stage) starts copies, STAGES - 1 tiles ahead of multiply(tile, stage).
template <class Fill, class Multiply>
__device__ __forceinline__ void pipeline(int tiles, Fill fill, Multiply multiply) {
    __syncthreads();  // a slower warp may still be reading the tiles of an earlier run
    #pragma unroll 1
    for (int ahead = 0; ahead < tiles + STAGES - 1; ++ahead) {
        const int tile = ahead - (STAGES - 1);
        if (tile >= 0) {
            copy_wait<STAGES - 2>();
            __syncthreads();  // the tile is complete for all, and all are done with the one before, whose stage is filled next
        }
        if (ahead < tiles) {
            fill(ahead, ahead % STAGES);
        }
        copy_commit();
        if (tile >= 0) {
            multiply(tile, tile % STAGES);
        }
    }
}

constexpr int DEPTH = 4;

// c += a * b on one 16x8 tile and 4 steps of K in FP64: lane (g, t) holds step t of rows g and g + 8 of a and of column g of b.
__device__ __forceinline__ void mma(double (&c)[4], const double (&a)[2], const double (&b)[1]) {
    #pragma unroll
    for (int half = 0; half < 2; ++half) {
        asm volatile(
            "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
            : "+d"(c[2 * half]), "+d"(c[2 * half + 1])
            : "d"(a[half]), "d"(b[0]));
    }
}

template <class LoadA, class LoadB>
__device__ __forceinline__ void multiply_step(
    LoadA load_a, LoadB load_b, int depth, double (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    double a[ROW_TILES][2 * DEPTH / 4];
    #pragma unroll
    for (int i = 0; i < ROW_TILES; ++i) {
        #pragma unroll
        for (int part = 0; part < 2 * DEPTH / 4; ++part) {
            a[i][part] = load_a(16 * i + part % 2 * 8, depth + part / 2 * 4);
        }
    }
    #pragma unroll
    for (int j = 0; j < COLUMN_TILES; ++j) {
        double b[DEPTH / 4];
        #pragma unroll
        for (int part = 0; part < DEPTH / 4; ++part) {
            b[part] = load_b(8 * j, depth + 4 * part);
        }
        #pragma unroll
        for (int i = 0; i < ROW_TILES; ++i) {
            mma(acc[i][j], a[i], b);
        }
    }
}

// Copies a tile of ROWS rows by COLUMNS columns; zeros beyond `rows` and `columns`.
template <int ROWS, int COLUMNS, int PITCH>
__device__ __forceinline__ void copy_tile(
    unsigned char* tile, const double* from, int stride, int row0, int column0, int rows, int columns) {
    constexpr int PIECES = COLUMNS / 2;
    #pragma unroll
    for (int i = threadIdx.x; i < ROWS * PIECES; i += THREADS) {
        const int row = row0 + i / PIECES;
        const int column = column0 + i % PIECES * 2;
        const bool inside = row < rows && column < columns;
        const double* source = inside ? from + (long long)row * stride + column : from;
        copy_async<16>(tile + 8 * (i / PIECES * PITCH + i % PIECES * 2), (const unsigned char*)source, inside);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) fp64gemm_plain_subtract_mma(
    int m,
    int n,
    int k,
    const double* a,
    int a_stride,
    const double* b,
    int b_stride,
    double* d,
    int d_stride,
    int lower,
    int upper_a,
    int upper_b) {
    extern __shared__ __align__(16) unsigned char shared[];
    const int m0 = blockIdx.y * BM;
    const int n0 = blockIdx.x * BN;
    if (lower && n0 >= m0 + BM) {
        return;
    }
    if (upper_a) {
        k = min(k, m0 + BM);
    }
    if (upper_b) {
        k = min(k, n0 + BN);
    }
    const Lane lane = this_lane();
    double acc[ROW_TILES][COLUMN_TILES][4] = {};
    const auto fill = [&](int step, int stage) {
        unsigned char* tiles = shared + stage * STAGE_BYTES;
        copy_tile<BM, BK, A_PITCH>(tiles, a, a_stride, m0, step * BK, m, k);
        copy_tile<BK, BN, B_PITCH>(tiles + A_BYTES, b, b_stride, step * BK, n0, k, n);
    };
    const auto multiply = [&](int step, int stage) {
        const double* a_tile = (const double*)(shared + stage * STAGE_BYTES);
        const double* b_tile = a_tile + A_BYTES / 8;
        const auto load_a = [&](int row, int depth) {
            return a_tile[(lane.row + lane.g + row) * A_PITCH + depth + lane.t];
        };
        const auto load_b = [&](int column, int depth) {
            return b_tile[(depth + lane.t) * B_PITCH + lane.column + lane.g + column];
        };
        #pragma unroll
        for (int depth = 0; depth < BK; depth += DEPTH) {
            multiply_step(load_a, load_b, depth, acc);
        }
    };
    pipeline((k + BK - 1) / BK, fill, multiply);
    #pragma unroll
    for (int i = 0; i < ROW_TILES; ++i) {
        #pragma unroll
        for (int j = 0; j < COLUMN_TILES; ++j) {
            #pragma unroll
            for (int half = 0; half < 2; ++half) {
                const int row = m0 + lane.row + lane.g + 16 * i + 8 * half;
                const int column = n0 + lane.column + 2 * lane.t + 8 * j;
                if (row < m && column < n) {
                    double2* at = (double2*)(d + (long long)row * d_stride + column);
                    const double first = acc[i][j][2 * half];
                    const double second = acc[i][j][2 * half + 1];
                    const double2 before = *at;
                    *at = make_double2(before.x - first, before.y - second);
                }
            }
        }
    }
}
