// GENERATED from mxround/v1|rows|sm_80|threads=256; do not edit
// Rounds SIZE columns of each row, or those that are left; what rounding a column costs is made good by those of the block behind it.
// Launch: one warp for each row, THREADS threads a block.

constexpr int THREADS = 256;
constexpr int SIZE = 64;
constexpr int GROUPS = SIZE / 32;
// Exponents that are tried, relative to that at which nothing is clipped, and the largest scale with which all codes are numbers.
constexpr int HIGHEST = 1;
constexpr int LOWEST = -2;
constexpr int MAX_SCALE = 253;

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

// The scale of a group of which each lane has a value: the one that changes it least.
__device__ __forceinline__ int best_scale(float value, const GroupFormat& format) {
    int bits = __float_as_int(value) & 0x7fffffff;
    #pragma unroll
    for (int distance = 1; distance < 32; distance *= 2) {
        bits = max(bits, __shfl_xor_sync(0xffffffffu, bits, distance));
    }
    const int usual = scale_ceil(__int_as_float(bits), format.largest.x, format.largest.y);
    int best = usual;
    double least = __longlong_as_double(0x7ff0000000000000ll);
    for (int scale = min(MAX_SCALE, usual + HIGHEST); scale >= max(0, usual + LOWEST); --scale) {
        const float rounded = format.value(format.code(value * scale_reciprocal(scale))) * scale_decode(scale);
        const double error = rounded - value;
        double sum = error * error;
        #pragma unroll
        for (int distance = 1; distance < 32; distance *= 2) {
            sum += __shfl_xor_sync(0xffffffffu, sum, distance);
        }
        if (sum < least) {
            least = sum;
            best = scale;
        }
    }
    return best;
}

extern "C" __global__ void __launch_bounds__(THREADS) mxround_rows(
    int rows, int columns, int first, const double* weight, const double* root, const int* formats, unsigned char* codes,
    unsigned char* scales, double* errors) {
    __shared__ double triangle[SIZE][SIZE];
    const int width = min(SIZE, columns - first);
    for (int i = threadIdx.x; i < SIZE * SIZE; i += THREADS) {
        const int up = i / SIZE;
        const int right = i % SIZE;
        triangle[up][right] = up < width && right < width ? root[(long long)(first + up) * columns + first + right] : 0.0;
    }
    __syncthreads();
    const int lane = threadIdx.x % 32;
    const long long row = (long long)blockIdx.x * (THREADS / 32) + threadIdx.x / 32;
    if (row >= rows) {
        return;
    }
    // A lane has one column of each group.
    double values[GROUPS];
    #pragma unroll
    for (int group = 0; group < GROUPS; ++group) {
        values[group] = 32 * group < width ? weight[row * columns + first + 32 * group + lane] : 0.0;
    }
    #pragma unroll
    for (int group = 0; group < GROUPS; ++group) {
        if (32 * group >= width) {
            break;
        }
        const GroupFormat format = group_format(formats, first / 32 + group);
        const int scale = best_scale(values[group], format);
        const double factor = scale_decode(scale);
        const double reciprocal = scale_reciprocal(scale);
        int own_code = 0;
        double own_error = 0.0;
        for (int i = 0; i < 32; ++i) {
            const double* of_column = triangle[32 * group + i];
            const double value = __shfl_sync(0xffffffffu, values[group], i);
            const int code = format.code(value * reciprocal);
            const double error = (value - format.value(code) * factor) / of_column[32 * group + i];
            if (lane == i) {
                own_code = code;
                own_error = error;
            }
            #pragma unroll
            for (int other = 0; other < GROUPS; ++other) {
                if (other > group || other == group && lane > i) {
                    values[other] -= error * of_column[32 * other + lane];
                }
            }
        }
        codes[row * columns + first + 32 * group + lane] = own_code;
        errors[row * SIZE + 32 * group + lane] = own_error;
        if (lane == 0) {
            scales[(row * columns + first) / 32 + group] = scale;
        }
    }
}
