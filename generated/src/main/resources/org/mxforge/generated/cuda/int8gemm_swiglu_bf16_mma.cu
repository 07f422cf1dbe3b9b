// GENERATED from int8gemm/v1;epilogue=swiglu;out=bf16|mma|sm_80|bk=32,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
// D[m, n] = epilogue((A[m, :] . B[n, :]) * (row_scales[m] * column_scales[n])): the sum is exact, one rounding to FP32, one to the output.
// K is counted in pairs of channels, which are as long as a BF16 value: tiles are copied and fragments lie as those of BF16 do.
// Launch: grid (ceil(n / BN), ceil(m / BM)), THREADS threads, STAGES * STAGE_BYTES bytes of shared memory.

// A block of WARP_ROWS x WARP_COLUMNS warps makes BM x BN outputs, BK of K at a time; STAGES tiles are in shared memory.
constexpr int BM = 128;
constexpr int BN = 128;
constexpr int BK = 32;
constexpr int WARP_ROWS = 2;
constexpr int WARP_COLUMNS = 4;
constexpr int STAGES = 3;
constexpr int STAGE_BYTES = 16384;
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
// Bytes from row to row of a tile in shared memory.
constexpr int PITCH = 64;

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

// An operand in pairs of INT8 values, in tiles of 128 rows by 64 pairs, a row of tiles after the other; a row of a tile is 128 bytes, whose
// pieces of 16 are swapped. Columns are counted in pairs, and padded to whole tiles with zeros.
struct PlainMatrix {
    const unsigned char* tiles;
    int rows;
    int columns;
};

// Copies ROWS rows by BK columns in pieces of 8 pairs.
template <int ROWS>
__device__ __forceinline__ void copy_values(unsigned char* tile, const PlainMatrix& matrix, int row0, int column0) {
    constexpr int ROW_PIECES = BK / 8;
    const int tiles_a_row = (matrix.columns + 63) / 64;
    #pragma unroll 1
    for (int i = threadIdx.x; i < ROWS * ROW_PIECES; i += THREADS) {
        const int row = row0 + i / ROW_PIECES;
        const int piece = column0 / 8 + i % ROW_PIECES;
        const bool inside = row < matrix.rows && piece < 8 * tiles_a_row;
        const long long source = inside ? (long long)(row / 128) * tiles_a_row + piece / 8 : 0;
        const int within = row % 128 * 128 + ((piece % 8 ^ row % 8) << 4);
        copy_async<16>(tile + i / ROW_PIECES * PITCH + i % ROW_PIECES * 16, matrix.tiles + source * 16384 + within, inside);
    }
}

// c += a * b on one 16x8 tile and 32 steps of K, exactly: lanes hold four values where they hold two in BF16, rows and columns alike.
__device__ __forceinline__ void mma(int (&c)[4], unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

// Adds the products of one group of 32 to the warp's accumulators. load_a(row, pairs) and load_b(row, pairs) give the lane's
// eight values of its row `row` further down; two steps of K use two pairs each.
template <class LoadA, class LoadB>
__device__ __forceinline__ void multiply_group(LoadA load_a, LoadB load_b, int (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    unsigned b[COLUMN_TILES][4];
    #pragma unroll
    for (int j = 0; j < COLUMN_TILES; ++j) {
        load_b(8 * j, b[j]);
    }
    #pragma unroll
    for (int i = 0; i < ROW_TILES; ++i) {
        unsigned upper[4];
        unsigned lower[4];
        load_a(16 * i, upper);
        load_a(16 * i + 8, lower);
        #pragma unroll
        for (int j = 0; j < COLUMN_TILES; ++j) {
            mma(acc[i][j], upper[0], lower[0], upper[1], lower[1], b[j][0], b[j][1]);
            mma(acc[i][j], upper[2], lower[2], upper[3], lower[3], b[j][2], b[j][3]);
        }
    }
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

// Lane t of a quad takes the eight consecutive values 8t to 8t+7 of 32, on both sides alike.
__device__ __forceinline__ void values_int8(const unsigned char* group, int t, unsigned (&pairs)[4]) {
    const uint4 words = *(const uint4*)(group + 16 * t);
    pairs[0] = words.x;
    pairs[1] = words.y;
    pairs[2] = words.z;
    pairs[3] = words.w;
}

__device__ __forceinline__ void multiply_int8(
    const PlainMatrix& a, const PlainMatrix& b, int m0, int n0, unsigned char* shared,
    int (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    const Lane lane = this_lane();
    const auto fill = [&](int tile, int stage) {
        unsigned char* values = shared + stage * STAGE_BYTES;
        copy_values<BM>(values, a, m0, tile * BK);
        copy_values<BN>(values + BM * PITCH, b, n0, tile * BK);
    };
    const auto multiply = [&](int, int stage) {
        const unsigned char* values = shared + stage * STAGE_BYTES;
        const unsigned char* a_values = values + (lane.row + lane.g) * PITCH;
        const unsigned char* b_values = values + (BM + lane.column + lane.g) * PITCH;
        #pragma unroll
        for (int group = 0; group < BK / 32; ++group) {
            const auto load_a = [&](int row, unsigned(&pairs)[4]) {
                values_int8(a_values + row * PITCH + 64 * group, lane.t, pairs);
            };
            const auto load_b = [&](int row, unsigned(&pairs)[4]) {
                values_int8(b_values + row * PITCH + 64 * group, lane.t, pairs);
            };
            multiply_group(load_a, load_b, acc);
        }
    };
    pipeline((a.columns + BK - 1) / BK, fill, multiply);
}

typedef unsigned short Output;

__device__ __forceinline__ float output_value(Output bits) {
    return bf16_to_float(bits);
}

__device__ __forceinline__ Output output_round(float value) {
    return bf16_from_float(value);
}

__device__ __forceinline__ void output_store(Output* at, Output first, Output second) {
    *(ushort2*)at = make_ushort2(first, second);
}

// Exponential and quotient are those of the special function unit: a few units in the last place of FP32.
struct Epilogue {
    __device__ __forceinline__ float operator()(float gate, float up) const {
        return __fdividef(gate, 1.0f + __expf(-gate)) * up;
    }
};

// Each step is rounded by itself: what an epilogue adds must not be fused into the product.
__device__ __forceinline__ float scaled_sum(int sum, float row_scale, float column_scale) {
    return __fmul_rn(__int2float_rn(sum), __fmul_rn(row_scale, column_scale));
}

// Writes the outputs that a block's tile of sums, [m][n], makes of gates and factors, which alternate by eights: [m][n / 2].
__device__ __forceinline__ void store_tile(
    const float (&acc)[ROW_TILES][COLUMN_TILES][4], const Epilogue& epilogue, Output* d, int m, int n, int m0, int n0) {
    const Lane lane = this_lane();
    const int row0 = m0 + lane.row + lane.g;
    const int column0 = (n0 + lane.column) / 2 + 2 * lane.t;
    #pragma unroll
    for (int i = 0; i < 2 * ROW_TILES; ++i) {
        const int row = row0 + 8 * i;
        #pragma unroll
        for (int j = 0; j < COLUMN_TILES; j += 2) {
            const int column = column0 + 4 * j;
            if (row < m && column < n / 2) {
                const float* gate = &acc[i / 2][j][i % 2 * 2];
                const float* up = &acc[i / 2][j + 1][i % 2 * 2];
                output_store(
                    d + (long long)row * (n / 2) + column,
                    output_round(epilogue(gate[0], up[0])),
                    output_round(epilogue(gate[1], up[1])));
            }
        }
    }
}

// Without a stated minimum of blocks the assembler may spill registers to fit more of them.
extern "C" __global__ void __launch_bounds__(THREADS, 1) int8gemm_swiglu_bf16_mma(
    int m,
    int n,
    int k,
    const unsigned char* a,
    const unsigned char* b,
    const float* row_scales,
    const float* column_scales,
    void* d) {
    extern __shared__ __align__(16) unsigned char shared[];
    const int m0 = blockIdx.y * BM;
    const int n0 = blockIdx.x * BN;
    int acc[ROW_TILES][COLUMN_TILES][4] = {};
    multiply_int8({a, m, k / 2}, {b, n, k / 2}, m0, n0, shared, acc);
    const Lane lane = this_lane();
    float sums[ROW_TILES][COLUMN_TILES][4];
    #pragma unroll
    for (int i = 0; i < ROW_TILES; ++i) {
        #pragma unroll
        for (int j = 0; j < COLUMN_TILES; ++j) {
            #pragma unroll
            for (int part = 0; part < 4; ++part) {
                const int row = m0 + lane.row + lane.g + 16 * i + part / 2 * 8;
                const int column = n0 + lane.column + 2 * lane.t + 8 * j + part % 2;
                sums[i][j][part] = scaled_sum(acc[i][j][part], row_scales[min(row, m - 1)], column_scales[min(column, n - 1)]);
            }
        }
    }
    const Epilogue epilogue = {};
    store_tile(sums, epilogue, (Output*)d, m, n, m0, n0);
}
