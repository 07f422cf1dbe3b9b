// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe2m1+e4m3xe2m1;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact|mma|sm_80|bk=64,bm=128,bn=128,stages=3,wm=2,wn=4; do not edit
// D[m, n] = epilogue(sum over the partitions p of A_p[m, :] . B_p[n, :]): one launch, one FP32 accumulator, one rounding.
// Launch: grid (ceil(n / BN), ceil(m / BM)), THREADS threads, STAGES * STAGE_BYTES bytes of shared memory.

// A block of WARP_ROWS x WARP_COLUMNS warps makes BM x BN outputs, BK of K at a time; STAGES tiles are in shared memory.
constexpr int BM = 128;
constexpr int BN = 128;
constexpr int BK = 64;
constexpr int WARP_ROWS = 2;
constexpr int WARP_COLUMNS = 4;
constexpr int STAGES = 3;
constexpr int STAGE_BYTES = 19456;
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

// The exact value of code as a binary32 number.
__device__ __forceinline__ float element_decode(int code, int exponentBits, int mantissaBits, int bias) {
    int magnitude = code & ((int)(1u << (exponentBits + mantissaBits)) - 1);
    int sign = (int)(((unsigned)code >> (exponentBits + mantissaBits)) << 31);
    // E4M3: the all-ones code alone is NaN; E5M2: the top exponent is infinity and NaN, as in IEEE 754.
    if (exponentBits == 4 && magnitude == 127) {
        return __int_as_float(0x7fc00000);
    }
    if (exponentBits == 5 && magnitude >= 124) {
        return magnitude == 124 ? __int_as_float(sign | 0x7f800000) : __int_as_float(0x7fc00000);
    }
    // Widening the exponent field by a product makes subnormal codes come out right without a branch.
    float narrow = __int_as_float((int)((unsigned)magnitude << (23 - mantissaBits)));
    float wide = __fmul_rn(narrow, __int_as_float((int)((unsigned)(254 - bias) << 23)));
    return __int_as_float(sign | __float_as_int(wide));
}

// The code nearest to value: round to nearest even, saturating, sign of zero kept, NaN to the NaN code or
// the largest finite one.
__device__ __forceinline__ int element_encode(float value, int exponentBits, int mantissaBits, int bias, int maxCode) {
    int bits = __float_as_int(value);
    int sign = (int)(((unsigned)bits >> 31) << (exponentBits + mantissaBits));
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
        return exponentBits >= 4 ? 127 : maxCode;
    }
    int code;
    if (magnitude >= (int)((unsigned)(128 - bias) << 23)) {
        int rebased = magnitude - (int)((unsigned)(127 - bias) << 23);
        int half = (int)(1u << (22 - mantissaBits)) - 1;
        int rounded = rebased + half + ((int)((unsigned)rebased >> (23 - mantissaBits)) & 1);
        code = (int)((unsigned)rounded >> (23 - mantissaBits));
    } else {
        // The last bit of 2^(24 - bias - mantissaBits) is the subnormal step: the addition rounds to even.
        int magic = (int)((unsigned)(151 - bias - mantissaBits) << 23);
        float shifted = __fadd_rn(__int_as_float(magnitude), __int_as_float(magic));
        code = __float_as_int(shifted) - magic;
    }
    return sign | (code > maxCode ? maxCode : code);
}

// The value of scale byte e8m0; byte 0 is the subnormal 2^-127.
__device__ __forceinline__ float scale_decode(int e8m0) {
    if (e8m0 == 255) {
        return __int_as_float(0x7fc00000);
    }
    return __int_as_float(e8m0 == 0 ? 0x00400000 : (int)((unsigned)e8m0 << 23));
}

// The exact reciprocal of scale byte e8m0: 2^(127-e); byte 254 gives the subnormal 2^-127, 255 NaN.
__device__ __forceinline__ float scale_reciprocal(int e8m0) {
    if (e8m0 == 255) {
        return __int_as_float(0x7fc00000);
    }
    return __int_as_float(e8m0 == 254 ? 0x00400000 : (int)((unsigned)(254 - e8m0) << 23));
}

// ScaleRule.CEIL: 2^ceil(log2(absmax / maxFinite)).
__device__ __forceinline__ int scale_ceil(float absmax, int maxExponent, int maxMantissa) {
    int bits = __float_as_int(absmax) & 0x7fffffff;
    if (bits >= 0x7f800000) {
        return 255;
    }
    if (bits == 0) {
        return 126;
    }
    int exponent = (int)((unsigned)bits >> 23) - maxExponent + ((bits & 0x7fffff) > maxMantissa ? 1 : 0);
    return exponent < 0 ? 0 : exponent;
}

// ScaleRule.FLOOR: 2^(floor(log2 absmax) - emax), the conversion of OCP MX v1.0 section 6.3.
__device__ __forceinline__ int scale_floor(float absmax, int maxExponent) {
    int bits = __float_as_int(absmax) & 0x7fffffff;
    if (bits >= 0x7f800000) {
        return 255;
    }
    if (bits == 0) {
        return 126;
    }
    int exponent = (int)((unsigned)bits >> 23) - maxExponent;
    return exponent < 0 ? 0 : exponent;
}

// ScaleRule.EVEN: as floor, after rounding absmax half up to the element's mantissa width.
__device__ __forceinline__ int scale_even(float absmax, int maxExponent, int mantissaBits) {
    int bits = __float_as_int(absmax) & 0x7fffffff;
    if (bits >= 0x7f800000) {
        return 255;
    }
    if (bits == 0) {
        return 126;
    }
    int exponent = (int)((unsigned)(bits + (int)(1u << (22 - mantissaBits))) >> 23) - maxExponent;
    return exponent < 0 ? 0 : exponent;
}

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

// Tiles of 128 rows by 4 groups, 512 bytes each: the four scales of a row are one word.
template <int ROWS>
__device__ __forceinline__ void copy_scales(unsigned char* tile, const PackedMatrix& matrix, int row0, int group0) {
    const int row_tiles = (matrix.groups + 3) / 4;
    for (int i = threadIdx.x; i < ROWS; i += THREADS) {
        const int row = row0 + i;
        const long long scale_tile = (long long)(row / 128) * row_tiles + group0 / 4;
        const int offset = row % 32 * 16 + row % 128 / 32 * 4;
        copy_async<4>(tile + 4 * i, matrix.scales + scale_tile * 512 + offset, row < matrix.rows && group0 < matrix.groups);
    }
}

__device__ __forceinline__ void codes_4(const unsigned char* group, int t, int (&codes)[8]) {
    const unsigned word = *(const unsigned*)(group + 4 * t);
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        codes[i] = word >> 4 * i & 15;
    }
}

// Eight codes are six bytes, which begin on a word or in the middle of one.
__device__ __forceinline__ void codes_6(const unsigned char* group, int t, int (&codes)[8]) {
    const unsigned* words = (const unsigned*)group + 3 * t / 2;
    const unsigned first = words[0];
    const unsigned second = words[1];
    const unsigned low = __funnelshift_r(first, second, 16 * (t % 2));
    const unsigned high = second >> 16 * (t % 2);
    #pragma unroll
    for (int i = 0; i < 5; ++i) {
        codes[i] = low >> 6 * i & 63;
    }
    codes[5] = __funnelshift_r(low, high, 30) & 63;
    codes[6] = high >> 4 & 63;
    codes[7] = high >> 10 & 63;
}

__device__ __forceinline__ void codes_8(const unsigned char* group, int t, int (&codes)[8]) {
    const uint2 words = *(const uint2*)(group + 8 * t);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        codes[i] = words.x >> 8 * i & 255;
        codes[i + 4] = words.y >> 8 * i & 255;
    }
}

// Eight e2m1 values times their scale as four BF16 pairs. Few mantissa bits times a power of two: exact wherever BF16 is
// normal; below it, and nowhere else, the one rounding here shows.
__device__ __forceinline__ void values_e2m1(const unsigned char* group, int t, float scale, unsigned (&pairs)[4]) {
    int codes[8];
    codes_4(group, t, codes);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        pairs[i] = bf16_pair(
            element_decode(codes[2 * i], 2, 1, 1) * scale,
            element_decode(codes[2 * i + 1], 2, 1, 1) * scale);
    }
}

// Eight e3m2 values times their scale as four BF16 pairs. Few mantissa bits times a power of two: exact wherever BF16 is
// normal; below it, and nowhere else, the one rounding here shows.
__device__ __forceinline__ void values_e3m2(const unsigned char* group, int t, float scale, unsigned (&pairs)[4]) {
    int codes[8];
    codes_6(group, t, codes);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        pairs[i] = bf16_pair(
            element_decode(codes[2 * i], 3, 2, 3) * scale,
            element_decode(codes[2 * i + 1], 3, 2, 3) * scale);
    }
}

// Eight e4m3 values times their scale as four BF16 pairs. Few mantissa bits times a power of two: exact wherever BF16 is
// normal; below it, and nowhere else, the one rounding here shows.
__device__ __forceinline__ void values_e4m3(const unsigned char* group, int t, float scale, unsigned (&pairs)[4]) {
    int codes[8];
    codes_8(group, t, codes);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        pairs[i] = bf16_pair(
            element_decode(codes[2 * i], 4, 3, 7) * scale,
            element_decode(codes[2 * i + 1], 4, 3, 7) * scale);
    }
}

// c += a * b on one 16x8 tile and 16 steps of K. Lane (g, t) = (lane / 4, lane % 4) holds rows g and g + 8 of a, column g of b, and
// columns 2t and 2t + 1 of rows g (c[0], c[1]) and g + 8 (c[2], c[3]).
__device__ __forceinline__ void mma(float (&c)[4], unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

// Adds the products of one group of 32 to the warp's accumulators. load_a(row, pairs) and load_b(row, pairs) give the lane's
// eight values of its row `row` further down; two steps of K use two pairs each.
template <class LoadA, class LoadB>
__device__ __forceinline__ void multiply_group(LoadA load_a, LoadB load_b, float (&acc)[ROW_TILES][COLUMN_TILES][4]) {
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

// Adds the product of one partition, e2m1 activations by e2m1 weights.
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
        const unsigned char* scales = shared + stage * STAGE_BYTES;
        const unsigned char* a_scales = scales + 4 * (lane.row + lane.g);
        const unsigned char* b_scales = scales + 4 * (BM + lane.column + lane.g);
        const unsigned char* a_codes = scales + SCALE_BYTES + (lane.row + lane.g) * A_PITCH;
        const unsigned char* b_codes = scales + SCALE_BYTES + BM * A_PITCH + (lane.column + lane.g) * B_PITCH;
        const int groups = min(GROUPS, a.groups - tile * GROUPS);  // K may end within the tile
        #pragma unroll 1
        for (int group = 0; group < groups; ++group) {
            const int scale = (tile * GROUPS + group) % 4;
            const auto load_a = [&](int row, unsigned(&pairs)[4]) {
                const float factor = scale_decode(a_scales[4 * row + scale]);
                values_e2m1(a_codes + row * A_PITCH + group * A_GROUP, lane.t, factor, pairs);
            };
            const auto load_b = [&](int row, unsigned(&pairs)[4]) {
                const float factor = scale_decode(b_scales[4 * row + scale]);
                values_e2m1(b_codes + row * B_PITCH + group * B_GROUP, lane.t, factor, pairs);
            };
            multiply_group(load_a, load_b, acc);
        }
    };
    pipeline((a.groups + GROUPS - 1) / GROUPS, fill, multiply);
}

// Adds the product of one partition, e3m2 activations by e2m1 weights.
__device__ __forceinline__ void multiply_e3m2xe2m1(
    const PackedMatrix& a, const PackedMatrix& b, int m0, int n0, unsigned char* shared,
    float (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    constexpr int A_GROUP = 24;
    constexpr int B_GROUP = 16;
    constexpr int A_PITCH = 56;
    constexpr int B_PITCH = 48;
    const Lane lane = this_lane();
    const auto fill = [&](int tile, int stage) {
        unsigned char* scales = shared + stage * STAGE_BYTES;
        unsigned char* codes = scales + SCALE_BYTES;
        const int group0 = tile * GROUPS;
        copy_codes<BM, A_GROUP, 8, A_PITCH>(codes, a, m0, group0);
        copy_codes<BN, B_GROUP, 16, B_PITCH>(codes + BM * A_PITCH, b, n0, group0);
        copy_scales<BM>(scales, a, m0, group0);
        copy_scales<BN>(scales + 4 * BM, b, n0, group0);
    };
    const auto multiply = [&](int tile, int stage) {
        const unsigned char* scales = shared + stage * STAGE_BYTES;
        const unsigned char* a_scales = scales + 4 * (lane.row + lane.g);
        const unsigned char* b_scales = scales + 4 * (BM + lane.column + lane.g);
        const unsigned char* a_codes = scales + SCALE_BYTES + (lane.row + lane.g) * A_PITCH;
        const unsigned char* b_codes = scales + SCALE_BYTES + BM * A_PITCH + (lane.column + lane.g) * B_PITCH;
        const int groups = min(GROUPS, a.groups - tile * GROUPS);  // K may end within the tile
        #pragma unroll 1
        for (int group = 0; group < groups; ++group) {
            const int scale = (tile * GROUPS + group) % 4;
            const auto load_a = [&](int row, unsigned(&pairs)[4]) {
                const float factor = scale_decode(a_scales[4 * row + scale]);
                values_e3m2(a_codes + row * A_PITCH + group * A_GROUP, lane.t, factor, pairs);
            };
            const auto load_b = [&](int row, unsigned(&pairs)[4]) {
                const float factor = scale_decode(b_scales[4 * row + scale]);
                values_e2m1(b_codes + row * B_PITCH + group * B_GROUP, lane.t, factor, pairs);
            };
            multiply_group(load_a, load_b, acc);
        }
    };
    pipeline((a.groups + GROUPS - 1) / GROUPS, fill, multiply);
}

// Adds the product of one partition, e4m3 activations by e2m1 weights.
__device__ __forceinline__ void multiply_e4m3xe2m1(
    const PackedMatrix& a, const PackedMatrix& b, int m0, int n0, unsigned char* shared,
    float (&acc)[ROW_TILES][COLUMN_TILES][4]) {
    constexpr int A_GROUP = 32;
    constexpr int B_GROUP = 16;
    constexpr int A_PITCH = 96;
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
        const unsigned char* scales = shared + stage * STAGE_BYTES;
        const unsigned char* a_scales = scales + 4 * (lane.row + lane.g);
        const unsigned char* b_scales = scales + 4 * (BM + lane.column + lane.g);
        const unsigned char* a_codes = scales + SCALE_BYTES + (lane.row + lane.g) * A_PITCH;
        const unsigned char* b_codes = scales + SCALE_BYTES + BM * A_PITCH + (lane.column + lane.g) * B_PITCH;
        const int groups = min(GROUPS, a.groups - tile * GROUPS);  // K may end within the tile
        #pragma unroll 1
        for (int group = 0; group < groups; ++group) {
            const int scale = (tile * GROUPS + group) % 4;
            const auto load_a = [&](int row, unsigned(&pairs)[4]) {
                const float factor = scale_decode(a_scales[4 * row + scale]);
                values_e4m3(a_codes + row * A_PITCH + group * A_GROUP, lane.t, factor, pairs);
            };
            const auto load_b = [&](int row, unsigned(&pairs)[4]) {
                const float factor = scale_decode(b_scales[4 * row + scale]);
                values_e2m1(b_codes + row * B_PITCH + group * B_GROUP, lane.t, factor, pairs);
            };
            multiply_group(load_a, load_b, acc);
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
extern "C" __global__ void __launch_bounds__(THREADS, 1) mxgemm_e2m1xe2m1_e3m2xe2m1_e4m3xe2m1_g32_swiglu_bf16_exact_mma(
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
    multiply_e3m2xe2m1({a_1, sa_1, m, k_1 / 32}, {b_1, sb_1, n, k_1 / 32}, m0, n0, shared, acc);
    multiply_e4m3xe2m1({a_2, sa_2, m, k_2 / 32}, {b_2, sb_2, n, k_2 / 32}, m0, n0, shared, acc);
    const Epilogue epilogue = {};
    store_tile(acc, epilogue, (Output*)d, m, n, m0, n0);
}
