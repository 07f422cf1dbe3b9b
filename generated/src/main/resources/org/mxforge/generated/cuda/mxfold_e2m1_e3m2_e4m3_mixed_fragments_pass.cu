// GENERATED from mxfold/v1;formats=e2m1+e3m2+e4m3;to=mixed_fragments|pass|sm_90a|threads=256; do not edit
// Launch: one warp for each row, whose lanes take groups of 32 channels.

constexpr int THREADS = 256;
// What groups of zeros can be multiplied with.
constexpr int ANY = 0x7fffffff;

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

// 2^exponent, subnormal numbers included.
__device__ __forceinline__ float power_of_two(int exponent) {
    return __int_as_float(exponent >= -126 ? (exponent + 127) << 23 : 1 << (exponent + 149));
}

// e2m1, whose codes stay packed, in the order of fragments, beside the decoding step of their group.
struct Group_e2m1 {
    static constexpr int TILE_BYTES = 8 * 1088;
    static constexpr int LOWEST = -13;
    static constexpr int HIGHEST = 13;
    // In a row of a tile.
    static constexpr int GROUPS = 4;
    static constexpr int BYTES = 16;
    unsigned words[BYTES / 4];

    __device__ __forceinline__ int code(int i) const {
        const int at = 4 * i;
        const unsigned low = words[at / 32];
        return (at % 32 <= 32 - 4 ? low >> at % 32 : __funnelshift_r(low, words[at / 32 + 1], at % 32)) & ((1 << 4) - 1);
    }

    __device__ __forceinline__ explicit Group_e2m1(const unsigned char* group) {
        #pragma unroll
        for (int i = 0; i < BYTES / 8; ++i) {
            const uint2 pair = ((const uint2*)group)[i];
            words[2 * i] = pair.x;
            words[2 * i + 1] = pair.y;
        }
    }

    __device__ __forceinline__ int highest() const {
        int magnitudes = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            magnitudes |= code(i);
        }
        return (magnitudes & ((1 << 4 - 1) - 1)) == 0 ? ANY : HIGHEST;
    }

    __device__ __forceinline__ bool is_finite() const {
        int largest = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            largest = max(largest, code(i) & ((1 << 4 - 1) - 1));
        }
        return largest < 8;
    }

    __device__ __forceinline__ void store(unsigned char* tile, int row, int group, int shift) const {
        // Lanes that share a group, and the bytes of a row that each has.
        constexpr int LANES = 4 / GROUPS;
        constexpr int LANE_BYTES = BYTES / LANES;
        unsigned char* block = tile + row / 16 * 1088;
        unsigned char* half = block + row % 16 / 8 * (32 * LANE_BYTES);
        const int lane = row % 8 * 4 + group * LANES;
        uint4 stored;
        unsigned* to = (unsigned*)&stored;
        #pragma unroll
        for (int i = 0; i < 4; ++i) {
            to[i] = words[i] & 0x77777777;
            #pragma unroll
            for (int j = 0; j < 8; ++j) {
                to[i] |= (words[i] >> 4 * j + 3 & 1) << (j < 4 ? 8 * j + 7 : 8 * j - 29);
            }
        }
        ((uint4*)half)[lane] = stored;
        #pragma unroll
        for (int i = 0; i < LANES; ++i) {
            block[64 * LANE_BYTES + 2 * (lane + i) + row % 16 / 8] = (unsigned char)(shift + 14);
        }
    }
};

// e3m2, whose codes stay packed, in the order of fragments, beside the decoding step of their group.
struct Group_e3m2 {
    static constexpr int TILE_BYTES = 8 * 1600;
    static constexpr int LOWEST = -12;
    static constexpr int HIGHEST = 3;
    // In a row of a tile.
    static constexpr int GROUPS = 4;
    static constexpr int BYTES = 24;
    unsigned words[BYTES / 4];

    __device__ __forceinline__ int code(int i) const {
        const int at = 6 * i;
        const unsigned low = words[at / 32];
        return (at % 32 <= 32 - 6 ? low >> at % 32 : __funnelshift_r(low, words[at / 32 + 1], at % 32)) & ((1 << 6) - 1);
    }

    __device__ __forceinline__ explicit Group_e3m2(const unsigned char* group) {
        #pragma unroll
        for (int i = 0; i < BYTES / 8; ++i) {
            const uint2 pair = ((const uint2*)group)[i];
            words[2 * i] = pair.x;
            words[2 * i + 1] = pair.y;
        }
    }

    __device__ __forceinline__ int highest() const {
        int magnitudes = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            magnitudes |= code(i);
        }
        return (magnitudes & ((1 << 6 - 1) - 1)) == 0 ? ANY : HIGHEST;
    }

    __device__ __forceinline__ bool is_finite() const {
        int largest = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            largest = max(largest, code(i) & ((1 << 6 - 1) - 1));
        }
        return largest < 32;
    }

    __device__ __forceinline__ void store(unsigned char* tile, int row, int group, int shift) const {
        // Lanes that share a group, and the bytes of a row that each has.
        constexpr int LANES = 4 / GROUPS;
        constexpr int LANE_BYTES = BYTES / LANES;
        unsigned char* block = tile + row / 16 * 1600;
        unsigned char* half = block + row % 16 / 8 * (32 * LANE_BYTES);
        const int lane = row % 8 * 4 + group * LANES;
        unsigned stored[6];
        #pragma unroll
        for (int i = 0; i < 6; ++i) {
            const int first = i / 3 * 16;
            stored[i] = 0;
            #pragma unroll
            for (int j = 0; j < 4; ++j) {
                const int own = code(first + i % 3 * 4 + j);
                const int fourth = code(first + 12 + j);
                const int spare = i % 3 == 0   ? (fourth >> 5 & 1) << 6 | (fourth >> 4 & 1) << 5
                                  : i % 3 == 1 ? (fourth >> 2 & 3) << 5
                                               : (fourth & 3) << 5;
                stored[i] |= (unsigned)((own >> 5 & 1) << 7 | (own & 31) | spare) << 8 * j;
            }
        }
        ((uint4*)half)[lane] = make_uint4(stored[0], stored[1], stored[2], stored[3]);
        ((uint2*)(half + 512))[lane] = make_uint2(stored[4], stored[5]);
        #pragma unroll
        for (int i = 0; i < LANES; ++i) {
            block[64 * LANE_BYTES + 2 * (lane + i) + row % 16 / 8] = (unsigned char)(shift + 12);
        }
    }
};

// e4m3, whose codes stay packed, in the order of fragments, beside the decoding step of their group.
struct Group_e4m3 {
    static constexpr int TILE_BYTES = 8 * 1088;
    static constexpr int LOWEST = -48;
    static constexpr int HIGHEST = 7;
    // In a row of a tile.
    static constexpr int GROUPS = 2;
    static constexpr int BYTES = 32;
    unsigned words[BYTES / 4];

    __device__ __forceinline__ int code(int i) const {
        const int at = 8 * i;
        const unsigned low = words[at / 32];
        return (at % 32 <= 32 - 8 ? low >> at % 32 : __funnelshift_r(low, words[at / 32 + 1], at % 32)) & ((1 << 8) - 1);
    }

    __device__ __forceinline__ explicit Group_e4m3(const unsigned char* group) {
        #pragma unroll
        for (int i = 0; i < BYTES / 8; ++i) {
            const uint2 pair = ((const uint2*)group)[i];
            words[2 * i] = pair.x;
            words[2 * i + 1] = pair.y;
        }
    }

    __device__ __forceinline__ int highest() const {
        int magnitudes = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            magnitudes |= code(i);
        }
        return (magnitudes & ((1 << 8 - 1) - 1)) == 0 ? ANY : HIGHEST;
    }

    __device__ __forceinline__ bool is_finite() const {
        int largest = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            largest = max(largest, code(i) & ((1 << 8 - 1) - 1));
        }
        return largest < 127;
    }

    __device__ __forceinline__ void store(unsigned char* tile, int row, int group, int shift) const {
        // Lanes that share a group, and the bytes of a row that each has.
        constexpr int LANES = 4 / GROUPS;
        constexpr int LANE_BYTES = BYTES / LANES;
        unsigned char* block = tile + row / 16 * 1088;
        unsigned char* half = block + row % 16 / 8 * (32 * LANE_BYTES);
        const int lane = row % 8 * 4 + group * LANES;
        ((uint4*)half)[lane] = make_uint4(words[0], words[1], words[2], words[3]);
        ((uint4*)half)[lane + 1] = make_uint4(words[4], words[5], words[6], words[7]);
        #pragma unroll
        for (int i = 0; i < LANES; ++i) {
            block[64 * LANE_BYTES + 2 * (lane + i) + row % 16 / 8] = (unsigned char)(shift + 247);
        }
    }
};

// The least exponent of a factor under which the groups of a lane fit, biased as scales are.
template <class Group>
__device__ __forceinline__ int least_exponent(
    const unsigned char* codes, const unsigned char* scales, int row, int channels, int lane, int exponent) {
    const int groups = channels / 32;
    for (int i = lane; i < groups; i += 32) {
        const long long index = (long long)row * groups + i;
        const int highest = Group(codes + index * Group::BYTES).highest();
        if (highest != ANY) {
            exponent = max(exponent, scales[index] - highest);
        }
    }
    return exponent;
}

// Stores the groups of a lane as row `to`; how many of them would be rounded.
template <class Group>
__device__ __forceinline__ int fold(
    const unsigned char* codes, const unsigned char* scales, unsigned char* tiles, int row, int to, int channels, int lane,
    int exponent) {
    const int groups = channels / 32;
    int refused = 0;
    for (int i = lane; i < groups; i += 32) {
        const long long index = (long long)row * groups + i;
        const Group group(codes + index * Group::BYTES);
        const int scale = scales[index];
        const int shift = scale - exponent;
        refused += scale == 255 || !group.is_finite() || (shift < Group::LOWEST && group.highest() != ANY);
        const long long tile = (long long)(to / 128) * ((groups + Group::GROUPS - 1) / Group::GROUPS) + i / Group::GROUPS;
        group.store(tiles + tile * Group::TILE_BYTES, to % 128, i % Group::GROUPS, min(max(shift, Group::LOWEST), Group::HIGHEST));
    }
    return refused;
}

extern "C" __global__ void __launch_bounds__(THREADS) mxfold_e2m1_e3m2_e4m3_mixed_fragments_pass(
    int rows, int first,
    const unsigned char* codes_0, const unsigned char* scales_0, unsigned char* tiles_0, int k_0,
    const unsigned char* codes_1, const unsigned char* scales_1, unsigned char* tiles_1, int k_1,
    const unsigned char* codes_2, const unsigned char* scales_2, unsigned char* tiles_2, int k_2,
    float* factors, int* refused) {
    const int lane = threadIdx.x % 32;
    const int row = (blockIdx.x * THREADS + threadIdx.x) / 32;
    if (row >= rows) {
        return;
    }
    int exponent = -ANY;
    exponent = least_exponent<Group_e2m1>(codes_0, scales_0, row, k_0, lane, exponent);
    exponent = least_exponent<Group_e3m2>(codes_1, scales_1, row, k_1, lane, exponent);
    exponent = least_exponent<Group_e4m3>(codes_2, scales_2, row, k_2, lane, exponent);
    #pragma unroll
    for (int step = 16; step > 0; step /= 2) {
        exponent = max(exponent, __shfl_xor_sync(0xffffffff, exponent, step));
    }
    exponent = exponent == -ANY ? 127 : exponent;
    if (lane == 0) {
        factors[first + row] = power_of_two(exponent - 127);
    }
    int rounded = 0;
    rounded += fold<Group_e2m1>(codes_0, scales_0, tiles_0, row, first + row, k_0, lane, exponent);
    rounded += fold<Group_e3m2>(codes_1, scales_1, tiles_1, row, first + row, k_1, lane, exponent);
    rounded += fold<Group_e4m3>(codes_2, scales_2, tiles_2, row, first + row, k_2, lane, exponent);
    if (rounded > 0) {
        atomicAdd(refused, rounded);
    }
}
