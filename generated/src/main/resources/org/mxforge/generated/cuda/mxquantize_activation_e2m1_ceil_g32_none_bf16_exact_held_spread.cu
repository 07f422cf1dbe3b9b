// GENERATED from mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;rows=held|spread|sm_90a|threads=256; do not edit
// Brings rows of x through the prologue, gathers channels by the reorder index (new channel i is old channel order[i]), chooses
// the scale of every group of 32, rounds, and folds the scales into FP8 containers, which leaves one factor for each row.
// Launch: grid (rows, words of four channels, padded to whole tiles, by THREADS), THREADS threads.
//
// A thread takes one word, those of a group in eight lanes side by side. With one format the factor of a row hangs on its largest number
// alone, so that blocks need nothing of each other.

constexpr int THREADS = 256;
constexpr int PARTITIONS = 1;
constexpr int CHANNELS_OF_WORD = 4;
constexpr int WORDS_OF_GROUP = 8;
constexpr int WORDS_OF_TILE = 32;
// Exponents of rows: of one without an element other than zero, and of one with a NaN or an infinity.
constexpr int NOTHING = -1024;
constexpr int POISON = 1024;

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

typedef unsigned short Source;

__device__ __forceinline__ float source_value(Source bits) {
    return bf16_to_float(bits);
}

__device__ __forceinline__ void load_4(const unsigned short* from, float (&values)[4]) {
    const uint2 words = *(const uint2*)from;
    values[0] = __uint_as_float(words.x << 16);
    values[1] = __uint_as_float(words.x & 0xffff0000u);
    values[2] = __uint_as_float(words.y << 16);
    values[3] = __uint_as_float(words.y & 0xffff0000u);
}

__device__ __forceinline__ void load_4(const float* from, float (&values)[4]) {
    const float4 four = *(const float4*)from;
    values[0] = four.x;
    values[1] = four.y;
    values[2] = four.z;
    values[3] = four.w;
}

__device__ __forceinline__ void load_8(const unsigned short* from, float (&values)[8]) {
    const uint4 words = *(const uint4*)from;
    const unsigned pairs[4] = {words.x, words.y, words.z, words.w};
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        values[2 * i] = __uint_as_float(pairs[i] << 16);
        values[2 * i + 1] = __uint_as_float(pairs[i] & 0xffff0000u);
    }
}

__device__ __forceinline__ void store_8(unsigned short* to, const float (&values)[8]) {
    *(uint4*)to = make_uint4(
        bf16_pair(values[0], values[1]),
        bf16_pair(values[2], values[3]),
        bf16_pair(values[4], values[5]),
        bf16_pair(values[6], values[7]));
}

__device__ __forceinline__ void load_8(const float* from, float (&values)[8]) {
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        const float4 four = ((const float4*)from)[i];
        values[4 * i] = four.x;
        values[4 * i + 1] = four.y;
        values[4 * i + 2] = four.z;
        values[4 * i + 3] = four.w;
    }
}

__device__ __forceinline__ void store_8(float* to, const float (&values)[8]) {
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        ((float4*)to)[i] = make_float4(values[4 * i], values[4 * i + 1], values[4 * i + 2], values[4 * i + 3]);
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

struct Element {
    // The element format, the rule that chooses its scales, and its container.
    int exponent_bits, mantissa_bits, bias, max_code;
    int max_exponent, max_mantissa;
    int container_exponent_bits, container_mantissa_bits, container_bias, container_max_code;
    // Shifts from the factor of the row that the container holds without rounding.
    int lowest, highest;
    // Largest magnitude, as the bits of FP32, that comes to nothing under the least of all scales.
    int nothing;
    // What the quick way can do: scales and shifts from these on, exponents of the row up to this.
    int quick_scale, quick_shift, quick_exponent;
    // Constants of the quick way.
    int place;
    unsigned round;
    unsigned limit;
};

// 2^exponent for exponents up to 127, subnormal ones too.
__device__ __forceinline__ float power_of_two(int exponent) {
    return __int_as_float(exponent >= -126 ? (exponent + 127) << 23 : exponent >= -149 ? 1 << (exponent + 149) : 0);
}

// The container of one element by the definition.
__device__ __forceinline__ unsigned fold_one(float value, int scale, int shift, const Element& e) {
    const int code = element_encode(
        __fmul_rn(value, scale_reciprocal(scale)), e.exponent_bits, e.mantissa_bits, e.bias, e.max_code);
    const float rounded = element_decode(code, e.exponent_bits, e.mantissa_bits, e.bias);
    return element_encode(
        __fmul_rn(rounded, power_of_two(max(shift, -64))),
        e.container_exponent_bits,
        e.container_mantissa_bits,
        e.container_bias,
        e.container_max_code);
}

// The element format of a partition, a constant where it is used.
template <int PARTITION>
__device__ __forceinline__ constexpr Element element();

template <>
__device__ __forceinline__ constexpr Element element<0>() {
    return {2, 1, 1, 7, 2, 4194304, 5, 2,
 15, 123, -15, 13, 1048576, 0, -12, 141, 15, 1119896256, 20971840};
}

__device__ __forceinline__ float element_scale(float largest, const Element& e) {
    return scale_ceil(largest, e.max_exponent, e.max_mantissa);
}

struct Row {
    const Source* x;

    __device__ __forceinline__ const Source* first() const {
        return x;
    }

    __device__ __forceinline__ const Source* second() const {
        return x;
    }

    __device__ __forceinline__ float value(int channel) const {
        return source_value(x[channel]);
    }

    __device__ __forceinline__ void values(int channel, float (&values)[4]) const {
        load_4(x + channel, values);
    }
};

struct Inputs {
    static constexpr int ARRAYS = 1;
    const Source* x;

    __device__ __forceinline__ const Source* array(int i) const {
        return x;
    }

    __device__ __forceinline__ Row row(const Source* x_row, const Source*, float) const {
        return {x_row};
    }
};

struct Partition {
    unsigned char* tiles;
    int channels;
};

struct Problem {
    Inputs inputs;
    const int* order;
    const int* row_index;
    Partition partitions[PARTITIONS];
    int rows;
    int columns;
};

// A row of the inputs; the last one stands in for one that is not there.
__device__ __forceinline__ Row row_in_memory(const Problem& problem, int row, float norm) {
    const long long place = (long long)min(row, problem.rows - 1) * problem.columns;
    return problem.inputs.row(problem.inputs.array(0) + place, problem.inputs.array(1) + place, norm);
}

// What a row comes to: the largest magnitude of a number, as the bits of FP32.
struct Whole {
    int largest;
};

// All of these are there: so they are asked for together, where the compiler would wait for some before it asks for others.
template <int COUNT>
__device__ __forceinline__ void keep(float (&values)[COUNT][8]) {
    #pragma unroll
    for (int i = 0; i < COUNT; ++i) {
        #pragma unroll
        for (int j = 0; j < 8; ++j) {
            asm volatile("" : "+f"(values[i][j]));
        }
    }
}

// What a thread sees of a row.
struct Seen {
    // Loads of eight channels that are under way together.
    static constexpr int BATCH = 8 / sizeof(Source);
    int largest;
    __device__ __forceinline__ Seen(const Row& row, const Problem& problem) : largest(0) {
        #pragma unroll 1
        for (int first = 8 * threadIdx.x; first < problem.columns; first += BATCH * 8 * THREADS) {
            float values[BATCH][8];
            #pragma unroll
            for (int i = 0; i < BATCH; ++i) {
                // Behind the end a thread looks at its first channels again.
                const int channel = first + i * 8 * THREADS < problem.columns ? first + i * 8 * THREADS : first;
                load_8(row.x + channel, values[i]);
            }
            keep(values);
            #pragma unroll
            for (int i = 0; i < BATCH; ++i) {
                #pragma unroll
                for (int j = 0; j < 8; ++j) {
                    const float number = values[i][j];
                    // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
                    largest = max(largest, __float_as_int(number) & 0x7fffffff);
                }
            }
        }
    }

    // The same of all threads.
    __device__ __forceinline__ Whole of_block(const Problem& problem) const {
        return {block_max(largest)};
    }
};

// The least exponent of its row's factor that a group fits.
__device__ __forceinline__ int exponent_of(int scale, const Element& e) {
    return scale == NOTHING ? NOTHING : scale == 255 ? POISON : scale - e.highest;
}

// What exponents come to over a row.
__device__ __forceinline__ int settled(int exponent) {
    return exponent == NOTHING ? 127 : exponent == POISON ? 255 : exponent;
}

// The scale that is used beside the factor of the row: any for zeros, the least possible one for a group too small to fold.
__device__ __forceinline__ int settled(int scale, int exponent, const Element& e) {
    return scale == NOTHING ? exponent + e.highest : max(scale, exponent + e.lowest);
}

// The numbers of a word, and the scale of its group.
struct Slot {
    float values[CHANNELS_OF_WORD];
    int scale;
};

// Word `index` of a row, whose partitions lie padded to whole tiles one after the other: its partition, its number there, and its first
// channel in the order, below 0 in the padding. All lanes of a warp are in one partition.
struct Word {
    int partition;
    Partition place;
    int number;
    int channel;

    __device__ __forceinline__ Word(const Problem& problem, int index)
        : partition(0), place(problem.partitions[0]), number(index), channel(0) {
        #pragma unroll
        for (int i = 1; i < PARTITIONS; ++i) {
            const int words = (place.channels + 127) / 128 * WORDS_OF_TILE;
            if (partition == i - 1 && number >= words) {
                number -= words;
                channel += place.channels;
                partition = i;
                place = problem.partitions[i];
            }
        }
        channel = CHANNELS_OF_WORD * number < place.channels ? channel + CHANNELS_OF_WORD * number : -1;
    }
};

// Hands the element format of a partition to `use` as a constant.
template <int P = 0, class Use>
__device__ __forceinline__ void with_element(int partition, Use use) {
    if (P + 1 == PARTITIONS || partition == P) {
        use(element<P>());
    } else if constexpr (P + 1 < PARTITIONS) {
        with_element<P + 1>(partition, use);
    }
}

// The scale of numbers by their largest magnitude, as the bits of FP32.
__device__ __forceinline__ int scale_of(int largest, const Element& e) {
    return largest > e.nothing ? (int)element_scale(__int_as_float(largest), e) : NOTHING;
}

// Two containers in E5M2, the first in the low byte.
__device__ __forceinline__ unsigned e5m2_containers(float first, float second) {
    unsigned short pair;
    asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(pair) : "f"(second), "f"(first));
    return pair;
}

// The containers of a word.
__device__ __forceinline__ unsigned fold_word(const float (&values)[CHANNELS_OF_WORD], int scale, int exponent, const Element& e) {
    unsigned codes = 0;
    if (e.round == 0) {
        #pragma unroll
        for (int i = 0; i < CHANNELS_OF_WORD; ++i) {
            codes |= fold_one(values[i], scale, scale - exponent, e) << 8 * i;
        }
        return codes;
    }
    // The steps of these formats, which lie in E5M2, are as wide as the last bit of numbers a fixed factor larger than their own binade:
    // adding such a number and taking it away again rounds.
    const float to_group = scale_reciprocal(scale);
    const float to_row = power_of_two(max(scale - exponent, -64));
    const float least = __int_as_float((128 - e.bias) << 23);
    const float larger = __int_as_float((150 - e.mantissa_bits) << 23 | 0x400000);
    const float most = element_decode(e.max_code, e.exponent_bits, e.mantissa_bits, e.bias);
    float folded[CHANNELS_OF_WORD];
    #pragma unroll
    for (int i = 0; i < CHANNELS_OF_WORD; ++i) {
        // NaN has no sign, and becomes the largest.
        const float value = __fmul_rn(values[i], to_group);
        const float binade = fmaxf(__int_as_float(__float_as_int(value) & 0x7f800000), least);
        const float rounded = __fmaf_rn(binade, -larger, __fmaf_rn(binade, larger, fabsf(value)));
        const float magnitude = __fmul_rn(fminf(rounded, most), to_row);
        folded[i] = __int_as_float(__float_as_int(magnitude) | __float_as_int(value) & 0x80000000);
    }
    return e5m2_containers(folded[0], folded[1]) | e5m2_containers(folded[2], folded[3]) << 16;
}

// Rounds, folds and stores a word; padding becomes zero.
__device__ __forceinline__ void store(const Problem& problem, int row, const Word& word, const Slot& slot, int exponent) {
    unsigned codes = 0;
    if (word.channel >= 0) {
        with_element(word.partition, [&](const Element e) {
            codes = fold_word(slot.values, settled(slot.scale, exponent, e), exponent, e);
        });
    }
    const int blocks = (word.place.channels + 127) / 128;
    unsigned char* tile = word.place.tiles + (row / 128 * blocks + word.number / WORDS_OF_TILE) * 16384ll;
    // Words of a tile's line are transposed, and its chunks swizzled.
    const int column = (word.number % WORDS_OF_GROUP * 4 + word.number % WORDS_OF_TILE / WORDS_OF_GROUP) * 4;
    *(unsigned*)(tile + row % 128 * 128 + (column ^ row % 8 * 16)) = codes;
}

// Waits until all kernels before this one are done, and lets the next begin only then: what they wrote it may read before it has waited
// itself. What they write, or still read, is touched behind it only. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) mxquantize_activation_e2m1_ceil_g32_none_bf16_exact_held_spread(
    int rows, int columns, const Source* __restrict__ x, const int* __restrict__ order, const int* __restrict__ row_index,
    unsigned char* codes_0, float* factors_0, int k_0) {
    const Problem problem = {{x}, order, row_index, {{codes_0, k_0}}, rows, columns};
    const int index = blockIdx.x;
    const Word word(problem, blockIdx.y * THREADS + threadIdx.x);
    const int4 from = word.channel >= 0 ? *(const int4*)(order + word.channel) : make_int4(0, 0, 0, 0);

    await_kernels_before();
    if (row_index[index] < 0) {
        return;
    }
    const Row row = row_in_memory(problem, index, 1.0f);
    // All is asked for before anything is waited for.
    Slot slot = {{source_value(row.x[from.x]), source_value(row.x[from.y]), source_value(row.x[from.z]), source_value(row.x[from.w])}, 0};
    const Seen seen(row, problem);
    #pragma unroll
    for (int i = 0; i < CHANNELS_OF_WORD; ++i) {
        asm volatile("" : "+f"(slot.values[i]));  // or the compiler would ask for them behind the reduction
    }
    const Whole whole = seen.of_block(problem);
    int largest = 0;
    #pragma unroll
    for (int i = 0; i < CHANNELS_OF_WORD; ++i) {

        // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
        largest = max(largest, __float_as_int(slot.values[i]) & 0x7fffffff);
    }
    #pragma unroll
    for (int distance = WORDS_OF_GROUP / 2; distance > 0; distance /= 2) {
        largest = max(largest, __shfl_xor_sync(0xffffffffu, largest, distance));
    }
    constexpr Element e = element<0>();
    slot.scale = scale_of(largest, e);
    const int exponent = settled(exponent_of(scale_of(whole.largest, e), e));
    if (blockIdx.y == 0 && threadIdx.x == 0) {
        factors_0[index] = exponent == 255 ? __int_as_float(0x7fc00000) : power_of_two(exponent - 127);
    }
    if (word.number < (k_0 + 127) / 128 * WORDS_OF_TILE) {
        store(problem, index, word, slot, exponent);
    }
}
