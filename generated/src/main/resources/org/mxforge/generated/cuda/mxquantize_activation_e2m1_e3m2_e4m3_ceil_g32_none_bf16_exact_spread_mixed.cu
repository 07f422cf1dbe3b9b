// GENERATED from mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact|spread_mixed|sm_90a|threads=256; do not edit
// Brings rows of x through the prologue, gathers channels by the reorder index (new channel i is old channel order[i]), chooses
// the scale of every group of 32, rounds, and folds the scales into FP8 containers, which leaves one factor for each row.
// Launch: grid (rows * PARTS) in clusters of PARTS blocks, THREADS threads; shared memory for what each takes, SLOT bytes a word.
//
// A thread takes words of four channels, those of a group in eight lanes side by side, and keeps their numbers until the cluster knows
// the largest exponent of the row.

constexpr int THREADS = 256;
constexpr int PARTS = 8;
constexpr int PARTITIONS = 3;
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

// The two halves of a barrier of the cluster: what a block wrote before it arrived, others see when they have waited.
__device__ __forceinline__ void cluster_arrive() {
    asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
}

__device__ __forceinline__ void cluster_wait() {
    asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

// Makes what a block of the cluster has where `own` is at least `value`.
__device__ __forceinline__ void raise_of_part(int& own, int part, int value) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("red.relaxed.cluster.shared::cluster.max.s32 [%0], %1;" ::"r"(address), "r"(value) : "memory");
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

__device__ __forceinline__ constexpr bool is_wide(int partition) {
    return partition == 2;
}

// The BF16 number of one element by the definition; what is not a number stays as it is.
__device__ __forceinline__ unsigned widen_one(float value, int scale, int shift, const Element& e) {
    const int code = element_encode(
        __fmul_rn(value, scale_reciprocal(scale)), e.exponent_bits, e.mantissa_bits, e.bias, e.max_code);
    const float rounded = element_decode(code, e.exponent_bits, e.mantissa_bits, e.bias);
    const float shifted = rounded != rounded ? rounded : __fmul_rn(rounded, power_of_two(shift));
    return __float_as_uint(shifted) >> 16;
}

// The element format of a partition, a constant where it is used.
template <int PARTITION>
__device__ __forceinline__ constexpr Element element();

template <>
__device__ __forceinline__ constexpr Element element<0>() {
    return {2, 1, 1, 7, 2, 4194304, 5, 2,
 15, 123, -15, 13, 1048576, 0, -12, 141, 15, 1119896256, 20971840};
}

template <>
__device__ __forceinline__ constexpr Element element<1>() {
    return {3, 2, 3, 31, 4, 6291456, 5, 2,
 15, 123, -12, 11, 131072, 0, -9, 141, 13, 1111507520, 56623968};
}

template <>
__device__ __forceinline__ constexpr Element element<2>() {
    return {4, 3, 7, 126, 8, 6291456, 4, 3,
 7, 126, -48, 7, 4096, 5, -512, 254, 0, 0, 1138753536};
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
    Partition partitions[PARTITIONS];
    int rows;
    int columns;
};

// A row of the inputs; the last one stands in for one that is not there.
__device__ __forceinline__ Row row_in_memory(const Problem& problem, int row, float norm) {
    const long long place = (long long)min(row, problem.rows - 1) * problem.columns;
    return problem.inputs.row(problem.inputs.array(0) + place, problem.inputs.array(1) + place, norm);
}



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

// Gathers a word and finds the scale of its group.
__device__ __forceinline__ void measure(const Problem& problem, const Row& row, const Word& word, Slot& slot, int& exponent) {
    int largest = 0;
    if (word.channel >= 0) {
        const int4 from = *(const int4*)(problem.order + word.channel);
        slot.values[0] = row.value(from.x);
        slot.values[1] = row.value(from.y);
        slot.values[2] = row.value(from.z);
        slot.values[3] = row.value(from.w);
        #pragma unroll
        for (int i = 0; i < CHANNELS_OF_WORD; ++i) {
            // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
            largest = max(largest, __float_as_int(slot.values[i]) & 0x7fffffff);
        }
    }
    #pragma unroll
    for (int distance = WORDS_OF_GROUP / 2; distance > 0; distance /= 2) {
        largest = max(largest, __shfl_xor_sync(0xffffffffu, largest, distance));
    }
    with_element(word.partition, [&](const Element e) {
        slot.scale = largest > e.nothing ? (int)element_scale(__int_as_float(largest), e) : NOTHING;
        exponent = max(exponent, exponent_of(slot.scale, e));
    });
}

// The same in BF16, in tiles of 64 channels: a word is half of two chunks.
__device__ __forceinline__ void store_wide(const Problem& problem, int row, const Word& word, const Slot& slot, int exponent) {
    unsigned pairs[2] = {0, 0};
    if (word.channel >= 0) {
        with_element(word.partition, [&](const Element e) {
            const int scale = settled(slot.scale, exponent, e);
            #pragma unroll
            for (int i = 0; i < CHANNELS_OF_WORD; ++i) {
                pairs[i / 2] |= widen_one(slot.values[i], scale, scale - exponent, e) << 16 * (i % 2);
            }
        });
    }
    const int blocks = (word.place.channels + 63) / 64;
    const int block = word.number / (WORDS_OF_TILE / 2);
    if (block < blocks) {
        unsigned char* line = word.place.tiles + (row / 128 * blocks + block) * 16384ll + row % 128 * 128;
        const int column = word.number % 4 * 32 + word.number % (WORDS_OF_TILE / 2) / 4 * 4;
        *(unsigned*)(line + (column ^ row % 8 * 16)) = pairs[0];
        *(unsigned*)(line + (column + 16 ^ row % 8 * 16)) = pairs[1];
    }
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
    if (is_wide(word.partition)) {
        store_wide(problem, row, word, slot, exponent);
        return;
    }
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

// Begins to bring the line of an address into L2.
__device__ __forceinline__ void prefetch(const void* address) {
    asm volatile("prefetch.global.L2 [%0];" ::"l"(address));
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS) __cluster_dims__(PARTS, 1, 1) mxquantize_activation_e2m1_e3m2_e4m3_ceil_g32_none_bf16_exact_spread_mixed(
    int rows, int columns, const Source* __restrict__ x, const int* __restrict__ order,
    unsigned char* codes_0, float* factors_0, int k_0,
    unsigned char* codes_1, float* factors_1, int k_1,
    unsigned char* codes_2, float* factors_2, int k_2) {
    extern __shared__ Slot slots[];
    // The largest exponent that a group of the row asks for.
    __shared__ int most;
    const Problem problem = {{x}, order, {{codes_0, k_0}, {codes_1, k_1}, {codes_2, k_2}}, rows, columns};
    if (threadIdx.x == 0) {
        most = NOTHING;
    }
    __syncwarp();
    cluster_arrive();
    const int part = blockIdx.x % PARTS;
    const int index = blockIdx.x / PARTS;
    int words = 0;
    #pragma unroll
    for (int i = 0; i < PARTITIONS; ++i) {
        words += (problem.partitions[i].channels + 127) / 128 * WORDS_OF_TILE;
    }
    const int first = part * THREADS + threadIdx.x;
    #pragma unroll 1
    for (int word = first; word < words; word += PARTS * THREADS) {
        prefetch(order + max(0, Word(problem, word).channel));
    }

    await_kernels_before();
    const float scale = 0.0f;
    const Row row = row_in_memory(problem, index, scale);
    int exponent = NOTHING;
    Slot* slot = slots + threadIdx.x;
    #pragma unroll 1
    for (int word = first; word < words; word += PARTS * THREADS, slot += THREADS) {
        measure(problem, row, Word(problem, word), *slot, exponent);
    }
    exponent = block_max(exponent);
    cluster_wait();
    if (threadIdx.x < PARTS) {
        raise_of_part(most, threadIdx.x, exponent);
    }
    __syncwarp();
    cluster_arrive();
    cluster_wait();
    exponent = settled(most);
    // All partitions share the factors; one without channels has no address.
    float* factors = k_0 > 0 ? factors_0 : k_1 > 0 ? factors_1 : k_2 > 0 ? factors_2 : 0;
    if (part == 0 && threadIdx.x == 0) {
        factors[index] = exponent == 255 ? __int_as_float(0x7fc00000) : power_of_two(exponent - 127);
    }
    slot = slots + threadIdx.x;
    #pragma unroll 1
    for (int word = first; word < words; word += PARTS * THREADS, slot += THREADS) {
        store(problem, index, Word(problem, word), *slot, exponent);
    }
}
