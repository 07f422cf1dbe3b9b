// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact|mma_scaled|sm_120a|bk=64,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
// D[m, n] = epilogue(sum over the partitions p of A_p[m, :] . B_p[n, :]): one launch, one FP32 accumulator, one rounding.
// Launch: grid (ceil(n / BN), ceil(m / BM)), THREADS threads, STAGES * STAGE_BYTES bytes of shared memory.

// A block of WARP_ROWS x WARP_COLUMNS warps makes BM x BN outputs, BK of K at a time; STAGES tiles are in shared memory.
constexpr int BM = 128;
constexpr int BN = 128;
constexpr int BK = 64;
constexpr int WARP_ROWS = 2;
constexpr int WARP_COLUMNS = 4;
constexpr int STAGES = 3;
constexpr int STAGE_BYTES = 25600;
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
constexpr int GROUPS = BK / 32;
// A stage holds the scales of A and of B, then the codes of A and of B.
constexpr int SCALE_BYTES = 4 * (BM + BN);

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

// An operand in packed codes: [rows][groups] of 32 codes, a group after another without gaps, and its scales.
struct PackedMatrix {
    const unsigned char* codes;
    const unsigned char* scales;
    int rows;
    int groups;
};

// Copies a tile of ROWS rows by GROUPS groups in pieces of PIECE bytes, the largest that divides a group and its alignment.
template <int ROWS, int GROUP_BYTES, int PIECE, int PITCH>
__device__ __forceinline__ void copy_codes(unsigned char* tile, const PackedMatrix& matrix, int row0, int group0) {
    constexpr int GROUP_PIECES = GROUP_BYTES / PIECE;
    constexpr int ROW_PIECES = GROUPS * GROUP_PIECES;
    #pragma unroll 1
    for (int i = threadIdx.x; i < ROWS * ROW_PIECES; i += THREADS) {
        const int row = i / ROW_PIECES;
        const int piece = i % ROW_PIECES;
        const bool inside = row0 + row < matrix.rows && group0 + piece / GROUP_PIECES < matrix.groups;
        const long long group = (long long)(row0 + row) * matrix.groups + group0;
        copy_async<PIECE>(tile + row * PITCH + piece * PIECE, matrix.codes + group * GROUP_BYTES + piece * PIECE, inside);
    }
}

// Copies the scales of ROWS rows from tiles of 128 rows by 4 groups: the four of a row are one word, whose bytes beyond K, where anything may
// lie in memory, become zeros: a NaN there would be one in all sums.
template <int ROWS>
__device__ __forceinline__ void copy_scales(unsigned char* tile, const PackedMatrix& matrix, int row0, int group0) {
    const int row_tiles = (matrix.groups + 3) / 4;
    const int count = min(4, matrix.groups - group0 / 4 * 4);
    for (int i = threadIdx.x; i < ROWS; i += THREADS) {
        const int row = row0 + i;
        const long long scale_tile = (long long)(row / 128) * row_tiles + group0 / 4;
        const int offset = row % 32 * 16 + row % 128 / 32 * 4;
        const unsigned to = (unsigned)__cvta_generic_to_shared(tile + 4 * i);
        asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(to),
                     "l"(matrix.scales + scale_tile * 512 + offset),
                     "r"(row < matrix.rows ? count : 0)
                     : "memory");
    }
}

// The scales of a stage that a warp multiplies by, four groups of a row in a register, the first in its lowest byte. A tile of 16 rows takes
// those of two lanes of each quad and one of 8 columns those of one lane, so that a register serves two tiles of rows or four of columns.
struct StageScales {
    unsigned a[(ROW_TILES + 1) / 2];
    unsigned b[(COLUMN_TILES + 3) / 4];
};

__device__ __forceinline__ StageScales stage_scales(const unsigned char* words, const Lane& lane, int tile) {
    // A warp with fewer tiles has no rows for the other lanes, which nobody asks.
    const int row = lane.row + lane.g + 8 * (lane.t % (ROW_TILES < 2 ? 2 : 4));
    const int column = lane.column + lane.g + 8 * (lane.t % (COLUMN_TILES < 4 ? 2 : 4));
    // A stage of two groups has every other half of its words.
    const int first = GROUPS < 4 ? tile % 2 * 16 : 0;
    StageScales scales;
    #pragma unroll
    for (int i = 0; i < (ROW_TILES + 1) / 2; ++i) {
        scales.a[i] = *(const unsigned*)(words + 4 * (row + 32 * i)) >> first;
    }
    #pragma unroll
    for (int j = 0; j < (COLUMN_TILES + 3) / 4; ++j) {
        scales.b[j] = *(const unsigned*)(words + 4 * (BM + column + 32 * j)) >> first;
    }
    return scales;
}

// Products add (a * scales of a) * (b * scales of b) to one 16x8 tile. Lane (g, t) = (lane / 4, lane % 4) holds rows g and g + 8 of a, column g
// of b, and columns 2t and 2t + 1 of rows g (c[0], c[1]) and g + 8 (c[2], c[3]). `group` is the byte of the scales; those of rows g and g + 8
// are in lanes 2 a_pick and 2 a_pick + 1 of quad g, that of column g in its lane b_pick.

// Codes that stay packed: eight of one group and the same eight of the next, a step of 64.
__device__ __forceinline__ void element_nibbles(const unsigned char* group, int t, unsigned (&nibbles)[2]) {
    nibbles[0] = *(const unsigned*)(group + 4 * t);
    nibbles[1] = *(const unsigned*)(group + 16 + 4 * t);
}

// Four codes in the lower 24 bits to the lower six bits of four bytes.
__device__ __forceinline__ unsigned spread_6(unsigned codes) {
    return (codes & 0x3f) | (codes << 2 & 0x3f00) | (codes << 4 & 0x3f0000) | (codes << 6 & 0x3f000000);
}

// Eight codes are six bytes, which begin on a word or in the middle of one.
__device__ __forceinline__ void element_bytes_6(const unsigned char* group, int t, unsigned (&bytes)[2]) {
    const unsigned* words = (const unsigned*)group + 3 * t / 2;
    const unsigned first = words[0];
    const unsigned second = words[1];
    const unsigned low = __funnelshift_r(first, second, 16 * (t % 2));
    const unsigned high = second >> 16 * (t % 2);
    bytes[0] = spread_6(low);
    bytes[1] = spread_6(__funnelshift_r(low, high, 24));
}

__device__ __forceinline__ void element_bytes_8(const unsigned char* group, int t, unsigned (&bytes)[2]) {
    const uint2 words = *(const uint2*)(group + 8 * t);
    bytes[0] = words.x;
    bytes[1] = words.y;
}

// Packed elements, 64 steps of K: `group` and the next.
__device__ __forceinline__ void mma_e2m1xe2m1(
    float (&c)[4], const unsigned (&upper)[2], const unsigned (&lower)[2], const unsigned (&b)[2], unsigned a_scales,
    unsigned b_scales, unsigned short group, unsigned short a_pick, unsigned short b_pick) {
    asm volatile(
        "mma.sync.aligned.kind::mxf4.block_scale.scale_vec::2X.m16n8k64.row.col.f32.e2m1.e2m1.f32.ue8m0 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3}, %10, {%12, %13}, %11, {%12, %14};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(upper[0]), "r"(lower[0]), "r"(upper[1]), "r"(lower[1]), "r"(b[0]), "r"(b[1]), "r"(a_scales), "r"(b_scales),
          "h"(group), "h"(a_pick), "h"(b_pick));
}

// A byte for each element, 32 steps of K: one group.
__device__ __forceinline__ void mma_e3m2xe3m2(
    float (&c)[4], const unsigned (&upper)[2], const unsigned (&lower)[2], const unsigned (&b)[2], unsigned a_scales,
    unsigned b_scales, unsigned short group, unsigned short a_pick, unsigned short b_pick) {
    asm volatile(
        "mma.sync.aligned.kind::mxf8f6f4.block_scale.scale_vec::1X.m16n8k32.row.col.f32.e3m2.e3m2.f32.ue8m0 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3}, %10, {%12, %13}, %11, {%12, %14};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(upper[0]), "r"(lower[0]), "r"(upper[1]), "r"(lower[1]), "r"(b[0]), "r"(b[1]), "r"(a_scales), "r"(b_scales),
          "h"(group), "h"(a_pick), "h"(b_pick));
}

// A byte for each element, 32 steps of K: one group.
__device__ __forceinline__ void mma_e4m3xe4m3(
    float (&c)[4], const unsigned (&upper)[2], const unsigned (&lower)[2], const unsigned (&b)[2], unsigned a_scales,
    unsigned b_scales, unsigned short group, unsigned short a_pick, unsigned short b_pick) {
    asm volatile(
        "mma.sync.aligned.kind::mxf8f6f4.block_scale.scale_vec::1X.m16n8k32.row.col.f32.e4m3.e4m3.f32.ue8m0 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3}, %10, {%12, %13}, %11, {%12, %14};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(upper[0]), "r"(lower[0]), "r"(upper[1]), "r"(lower[1]), "r"(b[0]), "r"(b[1]), "r"(a_scales), "r"(b_scales),
          "h"(group), "h"(a_pick), "h"(b_pick));
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

// Adds the product of one partition, e2m1 activations by e2m1 weights. What lies beyond K comes as zeros.
__device__ __forceinline__ void multiply_e2m1xe2m1(
    const PackedMatrix& a, const PackedMatrix& b, int m0, int n0, unsigned char* shared,
    float (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    constexpr int A_GROUP = 16;
    constexpr int B_GROUP = 16;
    constexpr int A_PITCH = 48;
    constexpr int B_PITCH = 48;
    const Lane lane = this_lane();
    const auto fill = [&](int tile, int stage) {
        unsigned char* scales = shared + stage * STAGE_BYTES;
        unsigned char* codes = scales + SCALE_BYTES;
        const int group0 = tile * GROUPS;
        copy_codes<BM, A_GROUP, 16, A_PITCH>(codes, a, m0, group0);
        copy_codes<BN, B_GROUP, 16, B_PITCH>(codes + BM * A_PITCH, b, n0, group0);
        copy_scales<BM>(scales, a, m0, group0);
        copy_scales<BN>(scales + 4 * BM, b, n0, group0);
    };
    const auto multiply = [&](int tile, int stage) {
        const unsigned char* words = shared + stage * STAGE_BYTES;
        const unsigned char* a_codes = words + SCALE_BYTES + (lane.row + lane.g) * A_PITCH;
        const unsigned char* b_codes = words + SCALE_BYTES + BM * A_PITCH + (lane.column + lane.g) * B_PITCH;
        const StageScales scales = stage_scales(words, lane, tile);
        #pragma unroll
        for (int group = 0; group < GROUPS; group += 2) {
            unsigned right[COLUMN_TILES][2];
            #pragma unroll
            for (int j = 0; j < COLUMN_TILES; ++j) {
                element_nibbles(b_codes + 8 * j * B_PITCH + group * B_GROUP, lane.t, right[j]);
            }
            #pragma unroll
            for (int i = 0; i < ROW_TILES; ++i) {
                unsigned upper[2];
                unsigned lower[2];
                element_nibbles(a_codes + 16 * i * A_PITCH + group * A_GROUP, lane.t, upper);
                element_nibbles(a_codes + (16 * i + 8) * A_PITCH + group * A_GROUP, lane.t, lower);
                #pragma unroll
                for (int j = 0; j < COLUMN_TILES; ++j) {
                    mma_e2m1xe2m1(acc[i][j], upper, lower, right[j], scales.a[i / 2], scales.b[j / 4], group, i % 2, j % 4);
                }
            }
        }
    };
    pipeline((a.groups + GROUPS - 1) / GROUPS, fill, multiply);
}

// Adds the product of one partition, e3m2 activations by e3m2 weights. What lies beyond K comes as zeros.
__device__ __forceinline__ void multiply_e3m2xe3m2(
    const PackedMatrix& a, const PackedMatrix& b, int m0, int n0, unsigned char* shared,
    float (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    constexpr int A_GROUP = 24;
    constexpr int B_GROUP = 24;
    constexpr int A_PITCH = 56;
    constexpr int B_PITCH = 56;
    const Lane lane = this_lane();
    const auto fill = [&](int tile, int stage) {
        unsigned char* scales = shared + stage * STAGE_BYTES;
        unsigned char* codes = scales + SCALE_BYTES;
        const int group0 = tile * GROUPS;
        copy_codes<BM, A_GROUP, 8, A_PITCH>(codes, a, m0, group0);
        copy_codes<BN, B_GROUP, 8, B_PITCH>(codes + BM * A_PITCH, b, n0, group0);
        copy_scales<BM>(scales, a, m0, group0);
        copy_scales<BN>(scales + 4 * BM, b, n0, group0);
    };
    const auto multiply = [&](int tile, int stage) {
        const unsigned char* words = shared + stage * STAGE_BYTES;
        const unsigned char* a_codes = words + SCALE_BYTES + (lane.row + lane.g) * A_PITCH;
        const unsigned char* b_codes = words + SCALE_BYTES + BM * A_PITCH + (lane.column + lane.g) * B_PITCH;
        const StageScales scales = stage_scales(words, lane, tile);
        #pragma unroll
        for (int group = 0; group < GROUPS; group += 1) {
            unsigned right[COLUMN_TILES][2];
            #pragma unroll
            for (int j = 0; j < COLUMN_TILES; ++j) {
                element_bytes_6(b_codes + 8 * j * B_PITCH + group * B_GROUP, lane.t, right[j]);
            }
            #pragma unroll
            for (int i = 0; i < ROW_TILES; ++i) {
                unsigned upper[2];
                unsigned lower[2];
                element_bytes_6(a_codes + 16 * i * A_PITCH + group * A_GROUP, lane.t, upper);
                element_bytes_6(a_codes + (16 * i + 8) * A_PITCH + group * A_GROUP, lane.t, lower);
                #pragma unroll
                for (int j = 0; j < COLUMN_TILES; ++j) {
                    mma_e3m2xe3m2(acc[i][j], upper, lower, right[j], scales.a[i / 2], scales.b[j / 4], group, i % 2, j % 4);
                }
            }
        }
    };
    pipeline((a.groups + GROUPS - 1) / GROUPS, fill, multiply);
}

// Adds the product of one partition, e4m3 activations by e4m3 weights. What lies beyond K comes as zeros.
__device__ __forceinline__ void multiply_e4m3xe4m3(
    const PackedMatrix& a, const PackedMatrix& b, int m0, int n0, unsigned char* shared,
    float (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    constexpr int A_GROUP = 32;
    constexpr int B_GROUP = 32;
    constexpr int A_PITCH = 96;
    constexpr int B_PITCH = 96;
    const Lane lane = this_lane();
    const auto fill = [&](int tile, int stage) {
        unsigned char* scales = shared + stage * STAGE_BYTES;
        unsigned char* codes = scales + SCALE_BYTES;
        const int group0 = tile * GROUPS;
        copy_codes<BM, A_GROUP, 16, A_PITCH>(codes, a, m0, group0);
        copy_codes<BN, B_GROUP, 16, B_PITCH>(codes + BM * A_PITCH, b, n0, group0);
        copy_scales<BM>(scales, a, m0, group0);
        copy_scales<BN>(scales + 4 * BM, b, n0, group0);
    };
    const auto multiply = [&](int tile, int stage) {
        const unsigned char* words = shared + stage * STAGE_BYTES;
        const unsigned char* a_codes = words + SCALE_BYTES + (lane.row + lane.g) * A_PITCH;
        const unsigned char* b_codes = words + SCALE_BYTES + BM * A_PITCH + (lane.column + lane.g) * B_PITCH;
        const StageScales scales = stage_scales(words, lane, tile);
        #pragma unroll
        for (int group = 0; group < GROUPS; group += 1) {
            unsigned right[COLUMN_TILES][2];
            #pragma unroll
            for (int j = 0; j < COLUMN_TILES; ++j) {
                element_bytes_8(b_codes + 8 * j * B_PITCH + group * B_GROUP, lane.t, right[j]);
            }
            #pragma unroll
            for (int i = 0; i < ROW_TILES; ++i) {
                unsigned upper[2];
                unsigned lower[2];
                element_bytes_8(a_codes + 16 * i * A_PITCH + group * A_GROUP, lane.t, upper);
                element_bytes_8(a_codes + (16 * i + 8) * A_PITCH + group * A_GROUP, lane.t, lower);
                #pragma unroll
                for (int j = 0; j < COLUMN_TILES; ++j) {
                    mma_e4m3xe4m3(acc[i][j], upper, lower, right[j], scales.a[i / 2], scales.b[j / 4], group, i % 2, j % 4);
                }
            }
        }
    };
    pipeline((a.groups + GROUPS - 1) / GROUPS, fill, multiply);
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
extern "C" __global__ void __launch_bounds__(THREADS, 1) mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_swiglu_bf16_exact_mma_scaled(
    int m,
    int n,
    const unsigned char* a_0,
    const unsigned char* sa_0,
    const unsigned char* b_0,
    const unsigned char* sb_0,
    int k_0,
    const unsigned char* a_1,
    const unsigned char* sa_1,
    const unsigned char* b_1,
    const unsigned char* sb_1,
    int k_1,
    const unsigned char* a_2,
    const unsigned char* sa_2,
    const unsigned char* b_2,
    const unsigned char* sb_2,
    int k_2,
    void* d) {
    extern __shared__ __align__(16) unsigned char shared[];
    const int m0 = blockIdx.y * BM;
    const int n0 = blockIdx.x * BN;
    float acc[ROW_TILES][COLUMN_TILES][4] = {};
    multiply_e2m1xe2m1({a_0, sa_0, m, k_0 / 32}, {b_0, sb_0, n, k_0 / 32}, m0, n0, shared, acc);
    multiply_e3m2xe3m2({a_1, sa_1, m, k_1 / 32}, {b_1, sb_1, n, k_1 / 32}, m0, n0, shared, acc);
    multiply_e4m3xe4m3({a_2, sa_2, m, k_2 / 32}, {b_2, sb_2, n, k_2 / 32}, m0, n0, shared, acc);
    const Epilogue epilogue = {};
    store_tile(acc, epilogue, (Output*)d, m, n, m0, n0);
}
