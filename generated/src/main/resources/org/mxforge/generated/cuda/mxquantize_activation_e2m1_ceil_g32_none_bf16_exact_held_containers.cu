// GENERATED from mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;rows=held|containers|sm_90a|threads=256; do not edit
// Brings rows of x through the prologue, gathers channels by the reorder index (new channel i is old channel order[i]), chooses
// the scale of every group of 32, rounds, and folds the scales into FP8 containers, which leaves one factor for each row.
// Launch: a block of THREADS threads takes one pair of rows after another; shared memory for SLOTS bytes, four for each channel,
// and, up to BUFFERED channels, for what the next pair of rows reads.
//
// A pair of rows goes through in three steps. Staging puts, for each channel, the BF16 numbers of both rows side by side; in the
// second step a thread gathers its part of a block of 128 channels, four channels of each of four groups twice, and finds the
// scales; once the factors of the rows are known, it rounds what it holds and stores whole chunks of 16 bytes.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int PARTITIONS = 1;
// A word of zeros lies before the slots of channel 0: that of channel -1, which a group that is not there reads.
constexpr int SLOTS = 16;
constexpr int BUFFERED = 28960;
// Widest row whose slots' offsets fit in 16 bits.
constexpr int NEAR = (65536 - SLOTS) / 4;
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

// Cuts to BF16 and sets the last bit where something was cut off. What is rounded from there to at most six bits comes out as
// if it were rounded from FP32 in one step.
__device__ __forceinline__ unsigned odd_pair(float first, float second) {
    const unsigned kept = __byte_perm(__float_as_uint(first), __float_as_uint(second), 0x7632);
    const unsigned lost = __byte_perm(__float_as_uint(first), __float_as_uint(second), 0x5410);
    unsigned sticky;
    asm("min.u16x2 %0, %1, %2;" : "=r"(sticky) : "r"(lost), "r"(0x00010001));
    return kept | sticky;
}

// Two FP32 numbers as FP16, the first in the low half.
__device__ __forceinline__ unsigned half_pair(float first, float second) {
    unsigned pair;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

__device__ __forceinline__ unsigned multiply_halves(unsigned a, unsigned b) {
    unsigned product;
    asm("mul.rn.f16x2 %0, %1, %2;" : "=r"(product) : "r"(a), "r"(b));
    return product;
}

// Barriers are named by their address in shared memory.
__device__ __forceinline__ void barrier_init(unsigned barrier, unsigned arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

// One arrival, and a promise of bytes that copies will bring.
__device__ __forceinline__ void barrier_expect(unsigned barrier, unsigned bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

__device__ __forceinline__ void barrier_arrive(unsigned barrier) {
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

// Waits until the phase of this parity is complete; a fresh barrier passes for one whose odd phase is.
__device__ __forceinline__ void barrier_wait(unsigned barrier, unsigned parity) {
    asm volatile(
        "{\n"
        ".reg .pred done;\n"
        "again:\n"
        "mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
        "@done bra reached;\n"
        "bra again;\n"
        "reached:\n"
        "}" ::"r"(barrier),
        "r"(parity)
        : "memory");
}

// Barriers of THREADS_OF_BARRIER threads within a block; 0 is that of __syncthreads.
template <int THREADS_OF_BARRIER>
__device__ __forceinline__ void named_barrier(int id) {
    asm volatile("bar.sync %0, %1;" ::"r"(id), "n"(THREADS_OF_BARRIER) : "memory");
}

// Copies bytes, a multiple of 16 between multiples of 16, into shared memory and reports them to the barrier.
__device__ __forceinline__ void bulk_load(unsigned shared, const unsigned char* global, unsigned bytes, unsigned barrier) {
    asm volatile(
        "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(shared),
        "l"(global),
        "r"(bytes),
        "r"(barrier)
        : "memory");
}

typedef unsigned short Source;

__device__ __forceinline__ float source_value(Source bits) {
    return bf16_to_float(bits);
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

__constant__ const Element ELEMENTS[PARTITIONS] = {
    {2, 1, 1, 7, 2, 4194304, 5, 2,
     15, 123, -15, 13, 1048576, 0, -12, 141, 15, 1119896256, 20971840}
};

__device__ __forceinline__ int element_scale(float largest, const Element& e) {
    return scale_ceil(largest, e.max_exponent, e.max_mantissa);
}

// A number whose bits 5 to 11 are the container's, if it is no more than 2^13 times smaller than the largest.
__device__ __forceinline__ unsigned round_pair(unsigned word, unsigned to_row, unsigned least, const Element& e) {
    const unsigned value = multiply_pair(word, to_row);
    const unsigned binade = largest_pair(value & 0x7f807f80, least);
    const unsigned coarse = multiply_add_pair(binade, e.round, value);
    return multiply_add_pair(binade, e.round ^ 0x80008000, coarse);
}

// The containers of four channels, a word for each row; signs are those of the input, for the sums lose that of zero.
__device__ __forceinline__ void fold_by_sums(
    const unsigned* words, unsigned to_row, unsigned least, const Element& e, unsigned& first, unsigned& second) {
    unsigned folded[2];
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        const unsigned even = round_pair(words[2 * i], to_row, least, e) >> 5;
        const unsigned odd = round_pair(words[2 * i + 1], to_row, least, e) << 3;
        const unsigned magnitudes = even & 0x00ff00ff | odd & 0xff00ff00;
        const unsigned signs = __byte_perm(words[2 * i], words[2 * i + 1], 0x7351);
        folded[i] = magnitudes & 0x7f7f7f7f | signs & 0x80808080;
    }
    first = __byte_perm(folded[0], folded[1], 0x5410);
    second = __byte_perm(folded[0], folded[1], 0x7632);
}

struct SumWay {
    unsigned to_row;
    int rows;

    // The factors 2^(15 - R) of both rows, which put 1 at the container's exponent in BF16, and what to take from scales.
    __device__ __forceinline__ SumWay(int first, int second, const Element& e)
        : to_row((142 - first) << 7 | (142 - second) << 23), rows(first - e.place + ((second - e.place) << 16)) {}

    // Two chunks of a group: eight words.
    __device__ __forceinline__ void fold(
        const unsigned* words, unsigned scales, const Element& e, unsigned (&first)[2], unsigned (&second)[2]) const {
        // Where subnormal elements begin, in each row.
        const unsigned least = (scales - rows) << 7;
        fold_by_sums(words, to_row, least, e, first[0], second[0]);
        fold_by_sums(words + 4, to_row, least, e, first[1], second[1]);
    }
};

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

__device__ __forceinline__ void stage(const Row (&rows)[2], int columns, unsigned char* shared) {
    #pragma unroll 2
    for (int channel = 8 * threadIdx.x; channel < columns; channel += 8 * THREADS) {
        const uint4 a = *(const uint4*)(rows[0].x + channel);
        const uint4 b = *(const uint4*)(rows[1].x + channel);
        uint4* slots = (uint4*)(shared + SLOTS + 4 * channel);
        slots[0] = make_uint4(
            __byte_perm(a.x, b.x, 0x5410), __byte_perm(a.x, b.x, 0x7632), __byte_perm(a.y, b.y, 0x5410), __byte_perm(a.y, b.y, 0x7632));
        slots[1] = make_uint4(
            __byte_perm(a.z, b.z, 0x5410), __byte_perm(a.z, b.z, 0x7632), __byte_perm(a.w, b.w, 0x5410), __byte_perm(a.w, b.w, 0x7632));
    }
}

struct Partition {
    unsigned char* tiles;
    int channels;
};

// What all threads of a block share.
struct Control {
    unsigned long long arrived;
    // Largest exponents of both rows, by turns so that one can be cleared while the other is read.
    int exponents[2][2];
    float squares[2][WARPS];
    // What RMSNorm multiplies both rows by.
    float norms[2];
};

// What the blocks of 128 channels are part of, and what the rows are made of.
struct Problem {
    Inputs inputs;
    const int* order;
    const int* row_index;
    Partition partitions[PARTITIONS];
    int rows;
    int columns;
};

// A block of 128 channels: its partition, its number there, and how many groups it has, none if there is no such block. One word,
// for a thread keeps it beside all that it gathers.
struct Block {
    unsigned packed;

    // Block `index` of all partitions.
    static __device__ __forceinline__ Block at(int index, const Problem& problem) {
        Block block = {0};
        #pragma unroll
        for (int i = 0; i < PARTITIONS; ++i) {
            const int blocks = (problem.partitions[i].channels + 127) / 128;
            if (index >= 0 && index < blocks) {
                block.packed = index << 8 | i << 3 | min(4, problem.partitions[i].channels / 32 - 4 * index);
            }
            index -= blocks;
        }
        return block;
    }

    __device__ __forceinline__ int groups() const {
        return packed & 7;
    }

    __device__ __forceinline__ int partition() const {
        return packed >> 3 & 7;
    }

    // The first of its reordered channels.
    __device__ __forceinline__ int channel(const Problem& problem) const {
        int channel = packed >> 8 << 7;
        #pragma unroll
        for (int i = 0; i < PARTITIONS - 1; ++i) {
            channel += i < partition() ? problem.partitions[i].channels : 0;
        }
        return channel;
    }

    // The line of a row in its tile.
    __device__ __forceinline__ unsigned char* line(int row, const Problem& problem) const {
        unsigned char* tiles = problem.partitions[0].tiles;
        int channels = problem.partitions[0].channels;
        #pragma unroll
        for (int i = 1; i < PARTITIONS; ++i) {
            tiles = i == partition() ? problem.partitions[i].tiles : tiles;
            channels = i == partition() ? problem.partitions[i].channels : channels;
        }
        const int blocks = (channels + 127) / 128;
        return tiles + ((long long)(row / 128) * blocks + (packed >> 8)) * 16384 + row % 128 * 128;
    }
};

// A row of the inputs; the last one stands in for one that is not there.
__device__ __forceinline__ Row row_in_memory(const Problem& problem, int row, float norm) {
    const long long place = (long long)min(row, problem.rows - 1) * problem.columns;
    return problem.inputs.row(problem.inputs.array(0) + place, problem.inputs.array(1) + place, norm);
}

// Starts to copy a pair of rows of every array.
__device__ __forceinline__ void fetch(
    const Problem& problem, Source* ahead, unsigned arrived, int pair) {
    const unsigned bytes = problem.columns * sizeof(Source);
    barrier_expect(arrived, 2 * Inputs::ARRAYS * bytes);
    #pragma unroll
    for (int i = 0; i < 2 * Inputs::ARRAYS; ++i) {
        const Row row = row_in_memory(problem, 2 * pair + i % 2, 0.0f);
        bulk_load(
            (unsigned)__cvta_generic_to_shared(ahead + i * problem.columns),
            (const unsigned char*)(i < 2 ? row.first() : row.second()),
            bytes,
            arrived);
    }
}

// The channels that a thread gathers from one group: chunk `quarter` or, in the second half, quarter + 4 of the tile.
__device__ __forceinline__ int4 gathered(const Block& block, const int* block_order, int group, int half) {
    if (group >= block.groups()) {
        return make_int4(-1, -1, -1, -1);
    }
    return *(const int4*)(block_order + 32 * group + 16 * half + threadIdx.x % 4 * 4);
}

// Where the slots of a thread's 32 channels are, if the thread keeps its block: two offsets in a word.
__device__ __forceinline__ void locate(const Block& block, const Problem& problem, unsigned (&offsets)[16]) {
    const int* block_order = problem.order + block.channel(problem);
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        const int4 channels = gathered(block, block_order, i / 2, i % 2);
        offsets[2 * i] = SLOTS + 4 * channels.x | SLOTS + 4 * channels.y << 16;
        offsets[2 * i + 1] = SLOTS + 4 * channels.z | SLOTS + 4 * channels.w << 16;
    }
}

__device__ __forceinline__ void gather(const unsigned char* shared, unsigned (&offsets)[16], unsigned (&words)[32]) {
    #pragma unroll
    for (int i = 0; i < 16; ++i) {
        // Else the compiler would take the offsets apart once, and keep twice as many registers for ever.
        asm volatile("" : "+r"(offsets[i]));
        words[2 * i] = *(const unsigned*)(shared + (offsets[i] & 0xffff));
        words[2 * i + 1] = *(const unsigned*)(shared + (offsets[i] >> 16));
    }
}

__device__ __forceinline__ void gather(
    const unsigned char* shared, const Block& block, const Problem& problem, unsigned (&words)[32]) {
    const int* block_order = problem.order + block.channel(problem);
    const unsigned* slots = (const unsigned*)(shared + SLOTS);
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        const int4 channels = gathered(block, block_order, i / 2, i % 2);
        words[4 * i] = slots[channels.x];
        words[4 * i + 1] = slots[channels.y];
        words[4 * i + 2] = slots[channels.z];
        words[4 * i + 3] = slots[channels.w];
    }
}

// The largest magnitudes of group threadIdx.x % 4 in both rows, of which each thread of four holds a quarter.
__device__ __forceinline__ unsigned largest_of_group(const unsigned (&words)[32]) {
    unsigned largest[4];
    #pragma unroll
    for (int group = 0; group < 4; ++group) {
        largest[group] = magnitude_pair(words[8 * group]);
        #pragma unroll
        for (int i = 1; i < 8; ++i) {
            largest[group] = largest_pair(largest[group], magnitude_pair(words[8 * group + i]));
        }
    }
    // Each keeps half of the groups and gives away the other half, twice.
    const bool upper = threadIdx.x & 2;
    const unsigned even = largest_pair(
        upper ? largest[2] : largest[0], __shfl_xor_sync(0xffffffffu, upper ? largest[0] : largest[2], 2));
    const unsigned odd = largest_pair(
        upper ? largest[3] : largest[1], __shfl_xor_sync(0xffffffffu, upper ? largest[1] : largest[3], 2));
    const bool last = threadIdx.x & 1;
    return largest_pair(last ? odd : even, __shfl_xor_sync(0xffffffffu, last ? even : odd, 1));
}

// The scale of one group in one row; NOTHING if its elements are all zero.
__device__ __forceinline__ int scale_of(
    unsigned largest, const Block& block, const Problem& problem, int row, float norm, const Element& e) {
    int bits = largest << 16;

    return bits > e.nothing ? element_scale(__int_as_float(bits), e) : NOTHING;
}

// The least exponent of its row's factor that a group fits.
__device__ __forceinline__ int exponent_of(int scale, const Element& e) {
    return scale == NOTHING ? NOTHING : scale == 255 ? POISON : scale - e.highest;
}

// The scales of a thread's group, and the largest exponents so far.
__device__ __forceinline__ void measure(
    const unsigned (&words)[32],
    const Block& block,
    const Problem& problem,
    const Control& control,
    int row0,
    int (&scales)[2],
    int (&exponents)[2]) {
    const unsigned largest = largest_of_group(words);
    const Element& e = ELEMENTS[block.partition()];
    scales[0] = scale_of(largest & 0xffff, block, problem, row0, control.norms[0], e);
    scales[1] = scale_of(largest >> 16, block, problem, row0 + 1, control.norms[1], e);
    exponents[0] = max(exponents[0], exponent_of(scales[0], e));
    exponents[1] = max(exponents[1], exponent_of(scales[1], e));
}

// What exponents come to over a row.
__device__ __forceinline__ int settled(int exponent) {
    return exponent == NOTHING ? 127 : exponent == POISON ? 255 : exponent;
}

// The scale that is used beside the factor of the row: any for zeros, the least possible one for a group too small to fold.
__device__ __forceinline__ int settled(int scale, int exponent, const Element& e) {
    return scale == NOTHING ? exponent + e.highest : max(scale, exponent + e.lowest);
}

// Whether the quick way gives what the definition does.
__device__ __forceinline__ bool is_quick(int scale, int settled, int exponent, const Element& e) {
    return exponent <= e.quick_exponent
        && (scale == NOTHING || settled - exponent >= e.quick_shift && scale >= e.quick_scale);
}

// Stores a thread's part of a block by the definition; the values come from memory again, in full width.
__device__ __forceinline__ void store_slowly(
    const Block& block,
    const Problem& problem,
    const float (&norms)[2],
    const int (&scales)[2],
    const int (&exponents)[2],
    int row0) {
    const int* block_order = problem.order + block.channel(problem);
    #pragma unroll 1
    for (int part = 0; part < 16; ++part) {
        const int row = part & 1;
        const int half = part >> 1 & 1;
        const int group = part >> 2;
        const int scale = __shfl_sync(0xffffffffu, row == 0 ? scales[0] : scales[1], group, 4);
        const int exponent = row == 0 ? exponents[0] : exponents[1];
        if (block.groups() == 0 || row0 + row >= problem.rows) {
            continue;
        }
        const Row values = row_in_memory(problem, row0 + row, norms[row]);
        unsigned word = 0;
        #pragma unroll 1
        for (int i = 0; i < 4 && group < block.groups(); ++i) {
            const int channel = block_order[32 * group + 16 * half + threadIdx.x % 4 * 4 + i];
            word |= fold_one(values.value(channel), scale, scale - exponent, ELEMENTS[block.partition()]) << 8 * i;
        }
        const int chunk = threadIdx.x % 4 + 4 * half ^ (row0 + row) % 8;
        *(unsigned*)(block.line(row0 + row, problem) + 16 * chunk + 4 * group) = word;
    }
}

// Folds by one of the quick ways and stores.
template <class Way>
__device__ __forceinline__ void fold_block(
    const unsigned (&words)[32],
    const unsigned (&scales)[4],
    const int (&exponents)[2],
    const Element& e,
    const Block& block,
    const Problem& problem,
    int row0) {
    const Way way(exponents[0], exponents[1], e);
    unsigned chunks[2][2][4];
    #pragma unroll
    for (int group = 0; group < 4; ++group) {
        unsigned first[2];
        unsigned second[2];
        way.fold(words + 8 * group, scales[group], e, first, second);
        #pragma unroll
        for (int half = 0; half < 2; ++half) {
            chunks[0][half][group] = first[half];
            chunks[1][half][group] = second[half];
        }
    }
    #pragma unroll
    for (int row = 0; row < 2; ++row) {
        if (row0 + row < problem.rows) {
            unsigned char* line = block.line(row0 + row, problem);
            #pragma unroll
            for (int half = 0; half < 2; ++half) {
                const unsigned (&chunk)[4] = chunks[row][half];
                const int place = threadIdx.x % 4 + 4 * half ^ (row0 + row) % 8;
                *(uint4*)(line + 16 * place) = make_uint4(chunk[0], chunk[1], chunk[2], chunk[3]);
            }
        }
    }
}

// Rounds, folds and stores a thread's part of a block in the rows from row0 on.
__device__ __forceinline__ void store_block(
    const unsigned (&words)[32],
    const Block& block,
    const Problem& problem,
    const float (&norms)[2],
    const int (&scales)[2],
    const int (&exponents)[2],
    int row0) {
    const Element& e = ELEMENTS[block.partition()];
    int used[2];
    bool quick = true;
    #pragma unroll
    for (int i = 0; i < 2; ++i) {
        used[i] = settled(scales[i], exponents[i], e);
        quick &= is_quick(scales[i], used[i], exponents[i], e);
    }
    if (__any_sync(0xffffffffu, !quick)) {
        store_slowly(block, problem, norms, used, exponents, row0);
        return;
    }
    unsigned of_group[4];
    #pragma unroll
    for (int group = 0; group < 4; ++group) {
        of_group[group] = __shfl_sync(0xffffffffu, used[0] | used[1] << 16, group, 4);
    }
    if (block.groups() == 0) {
        return;
    }
    switch (block.partition()) {
        case 0:
            fold_block<SumWay>(words, of_group, exponents, e, block, problem, row0);
            break;
    }
}

// The first pair from `pair` on, in steps of the grid, with a row to make; behind the last if there is none.
__device__ __forceinline__ int pair_in_use(const Problem& problem, int pair) {
    #pragma unroll 1
    while (2 * pair < problem.rows) {
        const int* numbers = problem.row_index + 2 * pair;
        if (numbers[0] >= 0 || 2 * pair + 1 < problem.rows && numbers[1] >= 0) {
            break;
        }
        pair += gridDim.x;
    }
    return pair;
}

// Takes one pair of rows after another. KEEPS: each thread has one part of one block only and need not look for its channels
// again; else it goes through blocks, twice, for the factors must be known before anything is stored.
template <bool KEEPS>
__device__ __forceinline__ void quantize(const Problem& problem, int units, unsigned char* shared, Control& control, float* factors) {
    const int columns = problem.columns;
    Source* ahead = (Source*)(shared + SLOTS + 4 * columns);
    const unsigned arrived = (unsigned)__cvta_generic_to_shared(&control.arrived);
    const int pairs = problem.rows / 2 + problem.rows % 2;
    const bool buffered = columns <= BUFFERED;
    // Whole warps go through the units.
    const int end = (units + 31) / 32 * 32;
    Block block = Block::at(threadIdx.x / 4, problem);
    unsigned offsets[16];
    if constexpr (KEEPS) {
        locate(block, problem, offsets);
    }
    int turn = 0;
    #pragma unroll 1
    for (int pair = pair_in_use(problem, blockIdx.x), next; pair < pairs; pair = next) {
        next = pair_in_use(problem, pair + gridDim.x);
        const int row0 = 2 * pair;
        if (buffered) {
            barrier_wait(arrived, turn);
            Row near[2];
            #pragma unroll
            for (int i = 0; i < 2; ++i) {
                near[i] = problem.inputs.row(ahead + i * columns, ahead + (2 + i) * columns, 0.0f);
            }
            stage(near, columns, shared);
        } else {
            Row far[2];
            #pragma unroll
            for (int i = 0; i < 2; ++i) {
                far[i] = row_in_memory(problem, row0 + i, 0.0f);
            }
            stage(far, columns, shared);
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            control.exponents[turn ^ 1][0] = NOTHING;
            control.exponents[turn ^ 1][1] = NOTHING;
            if (buffered && next < pairs) {
                fetch(problem, ahead, arrived, next);
            }
        }
        unsigned words[32];
        int scales[2];
        int exponents[2] = {NOTHING, NOTHING};
        if constexpr (KEEPS) {
            // Else the compiler would keep all that follows from it in registers, too.
            asm volatile("" : "+r"(block.packed));
            gather(shared, offsets, words);
            measure(words, block, problem, control, row0, scales, exponents);
        } else {
            #pragma unroll 1
            for (int unit = threadIdx.x; unit < end; unit += THREADS) {
                block = Block::at(unit / 4, problem);
                gather(shared, block, problem, words);
                measure(words, block, problem, control, row0, scales, exponents);
            }
        }
        #pragma unroll
        for (int i = 0; i < 2; ++i) {
            const int largest = __reduce_max_sync(0xffffffffu, exponents[i]);
            if (threadIdx.x % 32 == 0) {
                atomicMax(&control.exponents[turn][i], largest);
            }
        }
        __syncthreads();
        const int settled_exponents[2] = {settled(control.exponents[turn][0]), settled(control.exponents[turn][1])};
        if (threadIdx.x < min(2, problem.rows - row0)) {
            const int exponent = threadIdx.x == 0 ? settled_exponents[0] : settled_exponents[1];
            factors[row0 + threadIdx.x] = exponent == 255 ? __int_as_float(0x7fc00000) : power_of_two(exponent - 127);
        }
        if constexpr (KEEPS) {
            store_block(words, block, problem, control.norms, scales, settled_exponents, row0);
        } else {
            #pragma unroll 1
            for (int unit = threadIdx.x; unit < end; unit += THREADS) {
                block = Block::at(unit / 4, problem);
                gather(shared, block, problem, words);
                measure(words, block, problem, control, row0, scales, exponents);
                store_block(words, block, problem, control.norms, scales, settled_exponents, row0);
            }
            __syncthreads();
        }
        turn ^= 1;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS, 3) mxquantize_activation_e2m1_ceil_g32_none_bf16_exact_held_containers(
    int rows, int columns, const Source* __restrict__ x, const int* __restrict__ order, const int* __restrict__ row_index,
    unsigned char* codes_0, float* factors_0, int k_0) {
    extern __shared__ __align__(16) unsigned char shared[];
    __shared__ Control control;
    const Problem problem = {{x}, order, row_index, {{codes_0, k_0}}, rows, columns};
    // All partitions share them; one without channels has no addresses.
    float* factors = k_0 > 0 ? factors_0 : 0;
    if (threadIdx.x == 0) {
        *(uint4*)shared = make_uint4(0, 0, 0, 0);
        control.exponents[0][0] = NOTHING;
        control.exponents[0][1] = NOTHING;
        const unsigned arrived = (unsigned)__cvta_generic_to_shared(&control.arrived);
        barrier_init(arrived, 1);
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
        const int first = pair_in_use(problem, blockIdx.x);
        if (columns <= BUFFERED && first < rows / 2 + rows % 2) {
            fetch(problem, (Source*)(shared + SLOTS + 4 * columns), arrived, first);
        }
    }
    __syncthreads();
    int units = 0;
    #pragma unroll
    for (int i = 0; i < PARTITIONS; ++i) {
        units += (problem.partitions[i].channels + 127) / 128 * 4;
    }
    if (units <= THREADS && columns <= NEAR) {
        quantize<true>(problem, units, shared, control, factors);
    } else {
        quantize<false>(problem, units, shared, control, factors);
    }
}
