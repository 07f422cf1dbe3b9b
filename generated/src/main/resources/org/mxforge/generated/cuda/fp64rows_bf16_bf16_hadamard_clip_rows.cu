// GENERATED from fp64rows/v1;in=bf16;layout=bf16;transform=hadamard;rule=clip|rows|sm_80|threads=256; do not edit
// y[m, k] = x[m, order[k]] in FP64, every group of 32 multiplied by a Hadamard matrix, rounded to the format of its group.
// Launch: one block of THREADS threads for each row.

constexpr int THREADS = 256;
// Channels of a thread.
constexpr int CHANNELS = 8;

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

typedef unsigned short Source;

__device__ __forceinline__ float source_value(Source bits) {
    return bf16_to_float(bits);
}

// Where eight channels of a row lie: in tiles of 128 rows by 64 channels, a row of tiles after the other; a row of a tile is 128 bytes,
// whose pieces of 16 are swapped.
__device__ __forceinline__ long long place(int row, int channel, int columns) {
    const long long tile = (long long)(row / 128) * ((columns + 63) / 64) + channel / 64;
    return tile * 8192 + row % 128 * 64 + (channel / 8 % 8 ^ row % 8) * 8;
}

// Zeros for the channels that a tile has beyond those of its row.
__device__ __forceinline__ void pad(unsigned short* y, int row, int columns) {
    const int channel = columns + 8 * threadIdx.x;
    if (channel < (columns + 63) / 64 * 64) {
        *(uint4*)(y + place(row, channel, columns)) = make_uint4(0, 0, 0, 0);
    }
}

// Threads that have a group.
constexpr int LANES = 32 / CHANNELS;

__device__ __forceinline__ unsigned multiply_add_pair(unsigned a, unsigned b, unsigned c) {
    unsigned sum;
    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(sum) : "r"(a), "r"(b), "r"(c));
    return sum;
}

// Rounds CHANNELS of a group to BF16 and multiplies them by the Hadamard matrix, together with the other lanes that have the group.
template <int CHANNELS>
__device__ __forceinline__ void turn(float (&channels)[CHANNELS], unsigned lanes) {
    constexpr int WORDS = CHANNELS / 2;
    unsigned words[WORDS];
    #pragma unroll
    for (int i = 0; i < WORDS; ++i) {
        const unsigned word = bf16_pair(channels[2 * i], channels[2 * i + 1]);
        words[i] = multiply_add_pair(word, 0xbf803f80, __byte_perm(word, 0, 0x1032));
    }
    #pragma unroll
    for (int distance = 1; distance < WORDS; distance *= 2) {
        #pragma unroll
        for (int i = 0; i < WORDS; ++i) {
            if ((i & distance) == 0) {
                const unsigned lower = words[i];
                words[i] = multiply_add_pair(words[i + distance], 0x3f803f80, lower);
                words[i + distance] = multiply_add_pair(words[i + distance], 0xbf80bf80, lower);
            }
        }
    }
    #pragma unroll
    for (int distance = 1; distance < 32 / CHANNELS; distance *= 2) {
        const unsigned sign = threadIdx.x & distance ? 0xbf80bf80 : 0x3f803f80;
        #pragma unroll
        for (int i = 0; i < WORDS; ++i) {
            words[i] = multiply_add_pair(words[i], sign, __shfl_xor_sync(lanes, words[i], distance));
        }
    }
    #pragma unroll
    for (int i = 0; i < WORDS; ++i) {
        channels[2 * i] = __uint_as_float(words[i] << 16);
        channels[2 * i + 1] = __uint_as_float(words[i] & 0xffff0000);
    }
}

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

// Widths of exponent and mantissa, bias, largest code; its exponent and the mantissa up to which it takes the lower scale.
struct GroupFormat {
    int4 element;
    int4 largest;

    __device__ __forceinline__ int code(float value) const {
        return element_encode(value, element.x, element.y, element.z, element.w);
    }

    __device__ __forceinline__ float value(int code) const {
        return element_decode(code, element.x, element.y, element.z);
    }
};

__device__ __forceinline__ GroupFormat group_format(const int* formats, int group) {
    const int4* words = (const int4*)formats + 2 * group;
    return {words[0], words[1]};
}

// Rounds CHANNELS of a group, together with the other lanes that have it.
__device__ __forceinline__ void round_group(float (&values)[CHANNELS], const GroupFormat& format, unsigned lanes) {
    // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
    int bits = 0;
    #pragma unroll
    for (int i = 0; i < CHANNELS; ++i) {
        bits = max(bits, __float_as_int(values[i]) & 0x7fffffff);
    }
    #pragma unroll
    for (int distance = 1; distance < LANES; distance *= 2) {
        bits = max(bits, __shfl_xor_sync(lanes, bits, distance));
    }
    const float largest = __int_as_float(bits);
    const int scale = scale_ceil(largest, format.largest.x, format.largest.y);
    #pragma unroll
    for (int i = 0; i < CHANNELS; ++i) {
        values[i] = format.value(format.code(values[i] * scale_reciprocal(scale))) * scale_decode(scale);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) fp64rows_bf16_bf16_hadamard_clip_rows(
    int rows, int columns, const Source* x, const int* order, const int* formats, double* y) {
    const int row = blockIdx.x;
    for (int channel = CHANNELS * threadIdx.x; channel < columns; channel += CHANNELS * THREADS) {
        float values[CHANNELS];
        #pragma unroll
        for (int i = 0; i < CHANNELS; ++i) {
            const int from = order[channel + i];
            values[i] = source_value(x[place(row, from / 8 * 8, columns) + from % 8]);
        }
        const unsigned lanes = ((1u << LANES) - 1) << threadIdx.x % 32 / LANES * LANES;
        turn(values, lanes);
        round_group(values, group_format(formats, channel / 32), lanes);
        double2* to = (double2*)(y + (long long)row * columns + channel);
        #pragma unroll
        for (int i = 0; i < CHANNELS / 2; ++i) {
            to[i] = make_double2(values[2 * i], values[2 * i + 1]);
        }
    }
}
