// GENERATED from mxexpand/v1;format=e2m1;to=folded|sm_90a|threads=256; do not edit
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

__device__ __forceinline__ void codes_4(const unsigned char* group, int t, int (&codes)[8]) {
    const unsigned word = *(const unsigned*)(group + 4 * t);
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        codes[i] = word >> 4 * i & 15;
    }
}


// Eight FP8 containers.
struct Eight {
    unsigned words[2];
};

// The first value goes to the lowest byte.
__device__ __forceinline__ unsigned containers(float a, float b, float c, float d) {
    unsigned short low;
    unsigned short high;
    asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(low) : "f"(b), "f"(a));
    asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(high) : "f"(d), "f"(c));
    return low | (unsigned)high << 16;
}

__device__ __forceinline__ Eight load_eight(const unsigned char* group, int t, float scale) {
    int codes[8];
    codes_4(group, t, codes);
    float values[8];
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        values[i] = element_decode(codes[i], 2, 1, 1) * scale;
    }
    return {containers(values[0], values[1], values[2], values[3]), containers(values[4], values[5], values[6], values[7])};
}

// Word c of group t is word 4c + t of the row: a chunk of 16 bytes holds one word of each group.
__device__ __forceinline__ void store_eights(
    unsigned char* tiles, const Eight (&eights)[4], int row, int block, int channels, int t) {
    const long long tile = (long long)(row / 128) * ((channels + 127) / 128) + block;
    unsigned char* to = tiles + tile * 16384 + row % 128 * 128;
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        const int chunk = (2 * t + i) ^ row % 8;
        *(uint4*)(to + 16 * chunk) =
            make_uint4(eights[0].words[i], eights[1].words[i], eights[2].words[i], eights[3].words[i]);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) mxexpand_e2m1_folded(
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
            const unsigned char* from = codes + ((long long)row * groups + group) * 16;
            eights[t] = load_eight(from, lane % 4, scale);
        }
    }
    store_eights(tiles, eights, row, block, channels, lane % 4);
}
