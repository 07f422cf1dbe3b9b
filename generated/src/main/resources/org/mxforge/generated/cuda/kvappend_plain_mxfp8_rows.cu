// GENERATED from kvappend/v1;heads=plain;cache=mxfp8|rows|sm_80|threads=256; do not edit
// queries[row] = the queries of x, keys[row's place] = its keys, both rotated by the angles of the row's position and rounded;
// values[row's place] = its values, rounded.
// x is [rows][heads + 2 kv_heads][head] FP32, queries, keys and values side by side; queries are [rows][heads][head] BF16; cosines and
// sines are [positions][head / 2]; keys and values are pages of the cache, and pages has table_length entries for each sequence.
// Queries and keys are turned by a Hadamard matrix after their rotation.
// Launch: blocks of THREADS threads, a warp for each HEADS heads, which lie side by side.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int HEADS = 2;

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

__device__ __forceinline__ void rotate(float& a, float& b, float cosine, float sine) {
    const float turned = a * cosine - b * sine;
    b = b * cosine + a * sine;
    a = turned;
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

// Positions of a page.
constexpr unsigned PAGE = 32;

// What the cache keeps: codes and scales.
typedef unsigned char Cached;

// The number of a position among those of all pages and heads.
__device__ __forceinline__ unsigned cached_place(const int* table, unsigned position, int kv_heads, int kv_head, int = 0) {
    return (table[position / PAGE] * kv_heads + kv_head) * PAGE + position % PAGE;
}

// A position: what a head has of a page is the codes of all positions, then their scales.
template <class Byte>
struct CachedVector {
    Byte* codes;
    Byte* scales;

    __device__ __forceinline__ CachedVector(Byte* cache, unsigned place, int code_bytes, int scale_bytes) {
        Byte* head = cache + (long long)(place / PAGE) * (PAGE * (code_bytes + scale_bytes));
        codes = head + place % PAGE * code_bytes;
        scales = head + PAGE * code_bytes + place % PAGE * scale_bytes;
    }
};

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

// Sums and differences of channels that are 1, 2, 4, ... apart, in blocks of a power of two, at least 32; each lane has eight channels.
__device__ __forceinline__ void turn(float (&channels)[8], int block) {
    #pragma unroll
    for (int distance = 1; distance < 8; distance *= 2) {
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            if ((i & distance) == 0) {
                const float sum = channels[i] + channels[i + distance];
                channels[i + distance] = channels[i] - channels[i + distance];
                channels[i] = sum;
            }
        }
    }
    for (int distance = 1; distance < block / 8; distance *= 2) {
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            const float other = __shfl_xor_sync(0xffffffffu, channels[i], distance);
            channels[i] = threadIdx.x & distance ? other - channels[i] : channels[i] + other;
        }
    }
}

// Codes of four bits lie as the values of their channels will: neighbours 16 bits apart, in words of eight.
template <int BITS>
__device__ __forceinline__ void store_channels(unsigned char* at, const int (&codes)[8]) {
    const int apart[8] = {codes[0], codes[2], codes[4], codes[6], codes[1], codes[3], codes[5], codes[7]};
    store_codes<BITS>(at, BITS == 4 ? apart : codes);
}

// The largest magnitude of a lane's channels. As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
__device__ __forceinline__ int largest_magnitude(const float (&channels)[8]) {
    int largest = 0;
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        largest = max(largest, __float_as_int(channels[i]) & 0x7fffffff);
    }
    return largest;
}

// Keeps a vector of `head` channels, eight of them in each of the first lanes and zeros in the others.
__device__ __forceinline__ void cache_store(Cached* cache, unsigned place, int head, const float (&channels)[8]) {
    const int lane = threadIdx.x % 32;
    int largest = largest_magnitude(channels);
    largest = max(largest, __shfl_xor_sync(0xffffffffu, largest, 1));
    largest = max(largest, __shfl_xor_sync(0xffffffffu, largest, 2));
    const int scale = scale_ceil(__int_as_float(largest), 8, 6291456);
    const float reciprocal = scale_reciprocal(scale);
    int codes[8];
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        codes[i] = element_encode(__fmul_rn(channels[i], reciprocal), 4, 3, 7, 126);
    }
    if (8 * lane < head) {
        const CachedVector<Cached> vector(cache, place, head * 8 / 8, head / 32);
        store_channels<8>(vector.codes + 8 * lane, codes);
        if (lane % 4 == 0) {
            vector.scales[lane / 4] = (Cached)scale;
        }
    }
}

// What a pair of neighbours is turned by, and their counterparts.
struct Angles {
    float2 cosine[HEADS];
    float2 sine[HEADS];
};

// Waits until all kernels before this one are done, and lets the next begin only then: what they wrote it may read before it has waited
// itself. What they write, or still read, is touched behind it only. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 1024 / THREADS) kvappend_plain_mxfp8_rows(
    int rows, int heads, int kv_heads, int head, int table_length, const int* positions, const int* sequences, const int* pages,
    const float* x, const float* cosines,
    const float* sines, unsigned short* queries, Cached* keys, Cached* values) {
    const unsigned of_row = heads + 2 * kv_heads;
    const unsigned first = (blockIdx.x * WARPS + threadIdx.x / 32) * HEADS;
    const unsigned last = rows * of_row - 1;
    const int half = head / 2;
    int position[HEADS];
    #pragma unroll
    for (int u = 0; u < HEADS; ++u) {
        position[u] = positions[min(first + u, last) / of_row];
    }
    Angles angles;
    const auto fetch_angles = [&](int i) {
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            const long long place = (long long)position[u] * half + i;
            angles.cosine[u] = *(const float2*)(cosines + place);
            angles.sine[u] = *(const float2*)(sines + place);
        }
    };
    // Each lane has two neighbours of the lower half and those that they are rotated with.
    int i = 2 * (threadIdx.x % 32);
    if (i < half) {
        fetch_angles(i);
    }
    await_kernels_before();
    const int count = min(HEADS, (int)(last + 1 - first));
    if (count <= 0) {
        return;
    }
    __shared__ __align__(16) float heads_rotated[WARPS][HEADS][256];
    auto& rotated = heads_rotated[threadIdx.x / 32];
    while (i < half) {
        float2 low[HEADS];
        float2 high[HEADS];
        // All is asked for before anything is waited for.
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            const float* from = x + (long long)(first + min(u, count - 1)) * head + i;
            low[u] = *(const float2*)from;
            high[u] = *(const float2*)(from + half);
        }
        #pragma unroll
        for (int u = 0; u < HEADS; ++u) {
            if (u < count) {
                const int number = (first + u) % of_row;
                if (number < heads + kv_heads) {
                    rotate(low[u].x, high[u].x, angles.cosine[u].x, angles.sine[u].x);
                    rotate(low[u].y, high[u].y, angles.cosine[u].y, angles.sine[u].y);
                }
                *(float2*)(rotated[u] + i) = low[u];
                *(float2*)(rotated[u] + half + i) = high[u];
            }
        }
        i += 64;
        if (i < half) {
            fetch_angles(i);
        }
    }
    __syncwarp();
    const int channel = 8 * (threadIdx.x % 32);
    const int block = head & -head;
    #pragma unroll 1
    for (int u = 0; u < count; ++u) {
        const int row = (first + u) / of_row;
        const int number = (first + u) % of_row;
        float channels[8] = {};
        if (channel < head) {
            #pragma unroll
            for (int i = 0; i < 8; ++i) {
                channels[i] = rotated[u][channel + i];
            }
        }
        if (number < heads + kv_heads) {
            turn(channels, block);
        }
        if (number >= heads) {
            const int* table = pages + (long long)sequences[row] * table_length;
            const unsigned place = cached_place(table, positions[row], kv_heads, (number - heads) % kv_heads);
            cache_store(number < heads + kv_heads ? keys : values, place, head, channels);
        } else if (channel < head) {
            const float factor = 1.0f / block;
            unsigned pairs[4];
            #pragma unroll
            for (int i = 0; i < 4; ++i) {
                pairs[i] = bf16_pair(channels[2 * i] * factor, channels[2 * i + 1] * factor);
            }
            unsigned short* to = queries + ((long long)row * heads + number) * head;
            *(uint4*)(to + channel) = make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
        }
    }
}
