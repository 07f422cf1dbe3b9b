// GENERATED from mxexpand/v1;format=e4m3|pass|sm_90a|threads=256; do not edit
// Launch: one warp for each slab of 8 rows by 128 channels. A lane takes eight channels of each of four groups in one row.

constexpr int THREADS = 256;

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

__device__ __forceinline__ void codes_8(const unsigned char* group, int t, int (&codes)[8]) {
    const uint2 words = *(const uint2*)(group + 8 * t);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        codes[i] = words.x >> 8 * i & 255;
        codes[i + 4] = words.y >> 8 * i & 255;
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

// Eight BF16 values.
struct Eight {
    unsigned pairs[4];
};

__device__ __forceinline__ Eight load_eight(const unsigned char* group, int t, float scale) {
    Eight eight;
    values_e4m3(group, t, scale, eight.pairs);
    return eight;
}

// Two tiles of 64 channels, channels in their order.
__device__ __forceinline__ void store_eights(
    unsigned char* tiles, const Eight (&eights)[4], int row, int block, int channels, int t) {
    const int wide_blocks = (channels + 63) / 64;
    const long long row_of_tiles = (long long)(row / 128) * wide_blocks;
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        const int wide_block = 2 * block + i / 2;
        if (wide_block < wide_blocks) {
            const int chunk = (4 * (i % 2) + t) ^ row % 8;
            unsigned char* to = tiles + (row_of_tiles + wide_block) * 16384 + row % 128 * 128;
            *(uint4*)(to + 16 * chunk) =
                make_uint4(eights[i].pairs[0], eights[i].pairs[1], eights[i].pairs[2], eights[i].pairs[3]);
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) mxexpand_e4m3_pass(
    int rows, int channels, const unsigned char* codes, const unsigned char* scales, const float* factors, unsigned char* tiles) {
    const int lane = threadIdx.x % 32;
    const int blocks = (channels + 127) / 128;
    const long long slab = ((long long)blockIdx.x * THREADS + threadIdx.x) / 32;
    const int block = (int)(slab % blocks);
    const int row = (int)(slab / blocks) * 8 + lane / 4;
    if (row >= rows) {
        return;
    }
    // Tiles of 128 rows by 4 groups, 512 bytes each: the four scales of a row are one word.
    const long long scale_tile = (long long)(row / 128) * blocks + block;
    const unsigned steps = *(const unsigned*)(scales + scale_tile * 512 + row % 32 * 16 + row % 128 / 32 * 4);
    const float reciprocal = 1.0f / factors[row];  // exact: a power of two
    const int groups = channels / 32;
    Eight eights[4];
    #pragma unroll
    for (int t = 0; t < 4; ++t) {
        const int group = 4 * block + t;
        eights[t] = Eight();
        if (group < groups) {
            const float scale = scale_decode(steps >> 8 * t & 255) * reciprocal;
            const unsigned char* from = codes + ((long long)row * groups + group) * 32;
            eights[t] = load_eight(from, lane % 4, scale);
        }
    }
    store_eights(tiles, eights, row, block, channels, lane % 4);
}
