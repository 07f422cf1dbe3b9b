// GENERATED from attention/v1;head=128;cache=mxfp4|rows|sm_80|threads=256; do not edit
// out = softmax(q . k / sqrt(HEAD)) . v over positions up to the row's own of the row's sequence, the last window of them, softmax and
// sums in FP32.
// q and out are [rows][heads][HEAD] BF16, k and v pages of the cache. out may be q. pages has table_length entries for
// each sequence.
// Launch: grid (rows, heads), block of THREADS threads.
//
// A team of LANES lanes takes every TEAMS-th position, eight values of the head in each lane, and keeps its own maximum, sum and
// weighted values; the teams are brought together at the end.

constexpr int THREADS = 256;
constexpr int HEAD = 128;
constexpr int LANES = 16;
constexpr float SCALE = 0.088388346f;

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

__device__ __forceinline__ unsigned multiply_pair(unsigned a, unsigned b) {
    unsigned product;
    asm("mul.rn.bf16x2 %0, %1, %2;" : "=r"(product) : "r"(a), "r"(b));
    return product;
}

__device__ __forceinline__ unsigned multiply_add_pair(unsigned a, unsigned b, unsigned c) {
    unsigned sum;
    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(sum) : "r"(a), "r"(b), "r"(c));
    return sum;
}

__device__ __forceinline__ unsigned magnitude_pair(unsigned a) {
    unsigned magnitude;
    asm("abs.bf16x2 %0, %1;" : "=r"(magnitude) : "r"(a));
    return magnitude;
}

// The larger of each two; a NaN counts as the largest.
__device__ __forceinline__ unsigned largest_pair(unsigned a, unsigned b) {
    unsigned largest;
    asm("max.NaN.bf16x2 %0, %1, %2;" : "=r"(largest) : "r"(a), "r"(b));
    return largest;
}

__device__ __forceinline__ unsigned least_pair(unsigned a, unsigned b) {
    unsigned least;
    asm("min.bf16x2 %0, %1, %2;" : "=r"(least) : "r"(a), "r"(b));
    return least;
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

// Codes have their exponent and mantissa where BF16 has them, so that they are too small by this power of two.
constexpr unsigned WIDEN = 127 - 1;

// What brings the codes of a group to their values, twice in BF16: a product of two numbers where one would be too large for it.
struct Scale {
    unsigned first;
    unsigned second;
};

__device__ __forceinline__ Scale scale_of(const Cached* scales, int group) {
    const unsigned exponent = scales[group];
    if (exponent + WIDEN <= 254) {
        return {(exponent + WIDEN) * 0x00800080u, 0};
    }
    return {(127 + WIDEN) * 0x00800080u, __byte_perm(__float_as_uint(scale_decode(exponent)), 0, 0x3232)};
}

typedef unsigned Eight;

// The codes of channels 2i and 2i + 1 in the bits of BF16: they lie 16 bits apart, e2m1.
__device__ __forceinline__ unsigned narrow_pair(Eight codes, int i) {
    const unsigned magnitudes = i < 2 ? codes << (6 - 4 * i) : codes >> (4 * i - 6);
    return codes << (12 - 4 * i) & 0x80008000u | magnitudes & 0x01c001c0u;
}

__device__ __forceinline__ uint4 values_8(Eight codes, Scale scale) {
    constexpr unsigned NOTHING = 0x80008000u;
    unsigned pairs[4];
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        pairs[i] = multiply_add_pair(narrow_pair(codes, i), scale.first, NOTHING);
    }
    if (scale.second != 0) {
        #pragma unroll
        for (int i = 0; i < 4; ++i) {
            pairs[i] = multiply_add_pair(pairs[i], scale.second, NOTHING);
        }
    }
    return make_uint4(pairs[0], pairs[1], pairs[2], pairs[3]);
}

__device__ __forceinline__ uint4 cached_8(const Cached* cache, unsigned place, int channel) {
    const CachedVector<const Cached> vector(cache, place, 64, 4);
    return values_8(((const Eight*)vector.codes)[channel / 8], scale_of(vector.scales, channel / 32));
}

// 32 channels from a multiple of 32 on.
__device__ __forceinline__ void cached_32(const Cached* cache, unsigned place, int channel, uint4 (&values)[4]) {
    const CachedVector<const Cached> vector(cache, place, 64, 4);
    Eight codes[4];
    #pragma unroll
    for (int i = 0; i < (int)sizeof(codes) / 16; ++i) {
        ((uint4*)codes)[i] = ((const uint4*)((const Eight*)vector.codes + channel / 8))[i];
    }
    const Scale scale = scale_of(vector.scales, channel / 32);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[i] = values_8(codes[i], scale);
    }
}

constexpr int TEAMS = THREADS / LANES;
// Positions whose keys and values a team has under way at a time.
constexpr int BATCH = 4;

__device__ __forceinline__ void unpack_8(uint4 words, float (&values)[8]) {
    const unsigned pairs[4] = {words.x, words.y, words.z, words.w};
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[2 * i] = __uint_as_float(pairs[i] << 16);
        values[2 * i + 1] = __uint_as_float(pairs[i] & 0xffff0000u);
    }
}

// The keys and values of a sequence and a key/value head.
struct Cache {
    const int* table;
    int kv_heads;
    int kv_head;
    const Cached* k;
    const Cached* v;
};

// A team of LANES lanes takes every TEAMS-th position, eight values of the head in each lane, and keeps its own maximum, sum and
// weighted values; the teams are brought together at the end. Lies in shared memory.
struct Teams {
    float weighted[TEAMS][HEAD];
    float largest[TEAMS];
    float sum[TEAMS];
    float weight[TEAMS];

    // The largest score of all teams; minus infinity if there was no position.
    __device__ __forceinline__ float most() const {
        float most = largest[0];
        for (int team = 1; team < TEAMS; ++team) {
            most = fmaxf(most, largest[team]);
        }
        return most;
    }

    // The sum of the weights, relative to the largest score.
    __device__ __forceinline__ float total() const {
        float total = 0.0f;
        for (int team = 0; team < TEAMS; ++team) {
            total = fmaf(weight[team], sum[team], total);
        }
        return total;
    }

    // The weighted sum of a channel's values.
    __device__ __forceinline__ float value(int channel) const {
        float value = 0.0f;
        for (int team = 0; team < TEAMS; ++team) {
            value = fmaf(weight[team], weighted[team][channel], value);
        }
        return value;
    }

    // Looks at the positions from `begin` to before `end`, all threads of the block together.
    __device__ __forceinline__ void look(const unsigned short* q, const Cache& cache, int begin, int end) {
        const float infinity = __int_as_float(0x7f800000);
        const int team = threadIdx.x / LANES;
        const int lane = threadIdx.x % LANES;
        const unsigned teammates = (0xffffffffu >> (32 - LANES)) << threadIdx.x % 32 / LANES * LANES;
        // The last lanes are idle when the head is not a power of two.
        const bool active = 8 * lane < HEAD;
        float query[8] = {};
        if (active) {
            unpack_8(*(const uint4*)(q + 8 * lane), query);
        }
        float own_largest = -infinity;
        float own_sum = 0.0f;
        float own[8] = {};
        for (int first = begin + team; first < end; first += TEAMS * BATCH) {
            float scores[BATCH];
            unsigned places[BATCH];
            float batch_largest = own_largest;
            #pragma unroll
            for (int i = 0; i < BATCH; ++i) {
                const int position = first + i * TEAMS;
                float dot = 0.0f;
                if (active && position < end) {
                    float key[8];
                    places[i] = cached_place(cache.table, position, cache.kv_heads, cache.kv_head, 8 * lane);
                    unpack_8(cached_8(cache.k, places[i], 8 * lane), key);
                    #pragma unroll
                    for (int j = 0; j < 8; ++j) {
                        dot = fmaf(query[j], key[j], dot);
                    }
                }
                #pragma unroll
                for (int distance = LANES / 2; distance > 0; distance /= 2) {
                    dot += __shfl_xor_sync(teammates, dot, distance);
                }
                scores[i] = position < end ? dot * SCALE : -infinity;
                batch_largest = fmaxf(batch_largest, scores[i]);
            }
            const float shrink = expf(own_largest - batch_largest);
            own_largest = batch_largest;
            own_sum *= shrink;
            #pragma unroll
            for (int j = 0; j < 8; ++j) {
                own[j] *= shrink;
            }
            #pragma unroll
            for (int i = 0; i < BATCH; ++i) {
                const int position = first + i * TEAMS;
                const float score_weight = expf(scores[i] - own_largest);
                own_sum += score_weight;
                if (active && position < end) {
                    float values[8];
                    unpack_8(cached_8(cache.v, places[i], 8 * lane), values);
                    #pragma unroll
                    for (int j = 0; j < 8; ++j) {
                        own[j] = fmaf(score_weight, values[j], own[j]);
                    }
                }
            }
        }
        if (lane == 0) {
            largest[team] = own_largest;
            sum[team] = own_sum;
        }
        if (active) {
            #pragma unroll
            for (int j = 0; j < 8; ++j) {
                weighted[team][8 * lane + j] = own[j];
            }
        }
        __syncthreads();
        // A team without a position weighs nothing.
        for (int i = threadIdx.x; i < TEAMS; i += THREADS) {
            weight[i] = largest[i] == -infinity ? 0.0f : expf(largest[i] - most());
        }
        __syncthreads();
    }
};

// As many registers as 768 threads of a multiprocessor may have: for more threads, the compiler would spill some.
extern "C" __global__ void __launch_bounds__(THREADS, 768 / THREADS) attention_128_mxfp4_rows(
    int rows, int heads, int kv_heads, int window, int table_length, const int* row_positions, const int* sequences,
    const int* pages, const unsigned short* q, const Cached* k, const Cached* v, unsigned short* out) {
    const int end = row_positions[blockIdx.x] + 1;
    const int begin = max(0, end - window);
    const int* table = pages + (long long)sequences[blockIdx.x] * table_length;
    const Cache cache = {table, kv_heads, (int)blockIdx.y / (heads / kv_heads), k, v};
    const long long query_at = ((long long)blockIdx.x * heads + blockIdx.y) * HEAD;
    __shared__ Teams teams;
    teams.look(q + query_at, cache, begin, end);
    for (int channel = threadIdx.x; channel < HEAD; channel += THREADS) {
        out[query_at + channel] = bf16_from_float(teams.value(channel) / teams.total());
    }
}
