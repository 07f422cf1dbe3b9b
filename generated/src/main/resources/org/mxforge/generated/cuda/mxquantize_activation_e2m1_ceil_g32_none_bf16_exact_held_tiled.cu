// GENERATED from mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;rows=held|tiled|sm_80|threads=256; do not edit
// Brings rows of x through the prologue, gathers channels by the reorder index (new channel i is old channel order[i]), and for
// each partition chooses the scale of every group of 32, rounds and packs.
// Launch: one block of THREADS threads for each row of the scale buffers, padding included; shared memory for the channels of a
// row, at most STAGED.
//
// The row is brought through the prologue once, into shared memory, from where it is gathered. A quad of lanes takes a group,
// eight channels each.

constexpr int THREADS = 256;
// Channels of a row that are kept in shared memory; the others are computed when they are gathered.
constexpr int STAGED = 82944;

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

// Stores eight codes of BITS bits, BITS bytes in all.
template <int BITS>
__device__ __forceinline__ void store_codes(unsigned char* at, const int (&codes)[8]) {
    unsigned long long word = 0;
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        word |= (unsigned long long)codes[i] << BITS * i;
    }
    if constexpr (BITS == 8) {
        *(uint2*)at = make_uint2((unsigned)word, (unsigned)(word >> 32));
    } else if constexpr (BITS == 4) {
        *(unsigned*)at = (unsigned)word;
    } else {
        // Six bytes begin on a word or in the middle of one.
        unsigned short* halves = (unsigned short*)at;
        halves[0] = (unsigned short)word;
        halves[1] = (unsigned short)(word >> 16);
        halves[2] = (unsigned short)(word >> 32);
    }
}

// Combines one value of each thread into one that all threads get; always in the same order, so that sums repeat exactly.
template <class Value, class Combine>
__device__ __forceinline__ Value block_reduce(Value value, Combine combine) {
    __shared__ Value of_warp[THREADS / 32];
    #pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
        value = combine(value, __shfl_xor_sync(0xffffffffu, value, distance));
    }
    __syncthreads();  // an earlier reduction may still be read
    if (threadIdx.x % 32 == 0) {
        of_warp[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = of_warp[0];
    #pragma unroll
    for (int warp = 1; warp < THREADS / 32; ++warp) {
        value = combine(value, of_warp[warp]);
    }
    return value;
}

template <class Value>
__device__ __forceinline__ Value block_sum(Value value) {
    return block_reduce(value, [](Value a, Value b) { return a + b; });
}

template <class Value>
__device__ __forceinline__ Value block_max(Value value) {
    return block_reduce(value, [](Value a, Value b) { return a < b ? b : a; });
}

typedef unsigned short Source;

__device__ __forceinline__ float source_value(Source bits) {
    return bf16_to_float(bits);
}

typedef Source Staged;

__device__ __forceinline__ float staged_value(Staged value) {
    return source_value(value);
}

// One channel of a row, as it is.
struct Prologue {
    const Source* x;

    __device__ __forceinline__ float operator()(int channel) const {
        return source_value(x[channel]);
    }
};

// Scales lie in tiles of 128 rows by 4 groups, 512 bytes each, the four of a row side by side, rows interleaved by 32.
__device__ __forceinline__ long long scale_offset(int row, int group, int groups) {
    const long long tile = (long long)(row / 128) * ((groups + 3) / 4) + group / 4;
    return tile * 512 + row % 32 * 16 + row % 128 / 32 * 4 + group % 4;
}

// Zeros for a row's groups from `from` to the end of the last tile: equal inputs give equal buffers, padding included.
__device__ __forceinline__ void clear_scales(unsigned char* scales, int row, int from, int groups) {
    const int end = (groups + 3) / 4 * 4;
    for (int group = from + threadIdx.x; group < end; group += THREADS) {
        scales[scale_offset(row, group, groups)] = 0;
    }
}

struct E2m1 {
    static constexpr int BITS = 4;

    // The scale byte of a group by its largest magnitude.
    static __device__ __forceinline__ int scale(float largest) {
        return scale_ceil(largest, 2, 4194304);
    }

    static __device__ __forceinline__ int code(float value) {
        return element_encode(value, 2, 1, 1, 7);
    }
};

// Quantizes one partition of one row; order, codes and scales are those of the partition.
template <class Element>
__device__ __forceinline__ void quantize(
    const Staged* row_staged, const Prologue& prologue, const int* order, unsigned char* codes, unsigned char* scales, int row,
    int channels) {
    const int groups = channels / 32;
    unsigned char* row_codes = codes + (long long)row * groups * (4 * Element::BITS);
    for (int unit = threadIdx.x; unit < 4 * groups; unit += THREADS) {
        const int4 first = ((const int4*)order)[2 * unit];
        const int4 second = ((const int4*)order)[2 * unit + 1];
        const int gathered[8] = {first.x, first.y, first.z, first.w, second.x, second.y, second.z, second.w};
        float values[8];
        int largest = 0;
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            const int channel = gathered[i];
            values[i] = channel < STAGED ? staged_value(row_staged[channel]) : prologue(channel);
            // Compared as integers, so that NaN counts as the largest.
            largest = max(largest, __float_as_int(values[i]) & 0x7fffffff);
        }
        // The lanes of a quad leave the loop together, quads of a warp may not.
        const unsigned quad = 15u << (threadIdx.x & 28);
        largest = max(largest, __shfl_xor_sync(quad, largest, 1));
        largest = max(largest, __shfl_xor_sync(quad, largest, 2));
        const int scale = Element::scale(__int_as_float(largest));
        const float reciprocal = scale_reciprocal(scale);
        int packed[8];
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            packed[i] = Element::code(__fmul_rn(values[i], reciprocal));
        }
        store_codes<Element::BITS>(row_codes + unit * Element::BITS, packed);
        if (unit % 4 == 0) {
            scales[scale_offset(row, unit / 4, groups)] = (unsigned char)scale;
        }
    }
    clear_scales(scales, row, groups, groups);
}

// Without a stated minimum of blocks the assembler may spill registers to fit more of them.
extern "C" __global__ void __launch_bounds__(THREADS, 1) mxquantize_activation_e2m1_ceil_g32_none_bf16_exact_held_tiled(
    int rows, int columns, const Source* __restrict__ x, const int* __restrict__ order, const int* __restrict__ row_index,
    unsigned char* codes_0, unsigned char* scales_0, int k_0) {
    extern __shared__ __align__(16) unsigned char shared[];
    Staged* row_staged = (Staged*)shared;
    const int row = blockIdx.x;
    if (row >= rows || row_index[row] < 0) {
        clear_scales(scales_0, row, 0, k_0 / 32);
        return;
    }
    const Source* row_x = x + (long long)row * columns;
    const Prologue prologue = {row_x};
    #pragma unroll 4
    for (int channel = threadIdx.x; channel < min(columns, STAGED); channel += THREADS) {
        row_staged[channel] = row_x[channel];
    }
    __syncthreads();
    quantize<E2m1>(row_staged, prologue, order, codes_0, scales_0, row, k_0);
    order += k_0;
}
