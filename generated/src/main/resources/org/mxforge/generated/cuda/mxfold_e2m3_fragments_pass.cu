// GENERATED from mxfold/v1;formats=e2m3;to=fragments|pass|sm_90a|threads=256; do not edit
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

// e2m3, whose elements become FP8.
struct Group_e2m3 {
    static constexpr int TILE_BYTES = 16384;
    static constexpr int LOWEST = -6;
    static constexpr int HIGHEST = 64;  // of zeros: others have less
    // In a row of a tile.
    static constexpr int GROUPS = 4;
    static constexpr int BYTES = 24;
    unsigned words[BYTES / 4];

    __device__ __forceinline__ int code(int i) const {
        const int at = 6 * i;
        const unsigned low = words[at / 32];
        return (at % 32 <= 32 - 6 ? low >> at % 32 : __funnelshift_r(low, words[at / 32 + 1], at % 32)) & ((1 << 6) - 1);
    }

    __device__ __forceinline__ explicit Group_e2m3(const unsigned char* group) {
        #pragma unroll
        for (int i = 0; i < BYTES / 8; ++i) {
            const uint2 pair = ((const uint2*)group)[i];
            words[2 * i] = pair.x;
            words[2 * i + 1] = pair.y;
        }
    }

    // It has no other codes.
    __device__ __forceinline__ bool is_finite() const {
        return true;
    }

    static __device__ __forceinline__ float value(int code) {
        return element_decode(code, 2, 3, 1);
    }

    __device__ __forceinline__ int highest() const {
        int magnitude = 0;
        #pragma unroll
        for (int i = 0; i < 32; ++i) {
            magnitude = max(magnitude, code(i) & ((1 << 6 - 1) - 1));
        }
        return magnitude == 0 ? ANY : (__float_as_int(__fdiv_rn(__int_as_float(1138753536), value(magnitude))) >> 23) - 127;
    }

    __device__ __forceinline__ void store(unsigned char* tile, int row, int group, int shift) const {
        unsigned char* slab = tile + row / 8 * 1024 + row % 8 * 128;
        const float scale = power_of_two(shift);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            unsigned word = 0;
            #pragma unroll
            for (int j = 0; j < 4; ++j) {
                word |= (unsigned)element_encode(
                            __fmul_rn(value(code(4 * i + j)), scale), 4, 3,
                            7, 126)
                        << 8 * j;
            }
            *(unsigned*)(slab + ((16 * i + 4 * group) ^ row % 8 * 16)) = word;
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

extern "C" __global__ void __launch_bounds__(THREADS) mxfold_e2m3_fragments_pass(
    int rows, int first,
    const unsigned char* codes_0, const unsigned char* scales_0, unsigned char* tiles_0, int k_0,
    float* factors, int* refused) {
    const int lane = threadIdx.x % 32;
    const int row = (blockIdx.x * THREADS + threadIdx.x) / 32;
    if (row >= rows) {
        return;
    }
    int exponent = -ANY;
    exponent = least_exponent<Group_e2m3>(codes_0, scales_0, row, k_0, lane, exponent);
    #pragma unroll
    for (int step = 16; step > 0; step /= 2) {
        exponent = max(exponent, __shfl_xor_sync(0xffffffff, exponent, step));
    }
    exponent = exponent == -ANY ? 127 : exponent;
    if (lane == 0) {
        factors[first + row] = power_of_two(exponent - 127);
    }
    int rounded = 0;
    rounded += fold<Group_e2m3>(codes_0, scales_0, tiles_0, row, first + row, k_0, lane, exponent);
    if (rounded > 0) {
        atomicAdd(refused, rounded);
    }
}
