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
