// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact|stream_mixed_fragments|sm_90a|bm=64,bn=16,warps=4; do not edit
// D[m, n] = epilogue(sum over the partitions p of A_p[m, :] . B_p[n, :]): one launch, one FP32 accumulator, one rounding.
// Launch: grid (ceil(n / BN), ceil(m / BM)), THREADS threads, SHARED_BYTES bytes of shared memory.

constexpr int BM = 64;
constexpr int BN = 16;
constexpr int WARPS = 4;
constexpr int THREADS = 32 * WARPS;
// A warp has one block of 128 channels under way: what more of them gain on the way they lose at the end, where all that was under
// way is yet to be multiplied. A slot of shared memory holds its tokens, then weights in containers, if any are.
constexpr int TOKEN_BYTES = BM * 128;
constexpr int SLOT_BYTES = 8192;
// Eights of tokens, and sixteens of weights.
constexpr int EIGHTS = BM / 8;
constexpr int SIXTEENS = BN / 16;
// Steps that are made at a time: few, where their fragments have to wait for many tokens.
constexpr int CHUNKS = EIGHTS == 1 ? 4 : 2;

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

// Starts a copy of BYTES bytes; a piece outside the matrix is filled with zeros and not read.
template <int BYTES>
__device__ __forceinline__ void copy_async(unsigned char* shared, const unsigned char* global, bool inside) {
    const unsigned to = (unsigned)__cvta_generic_to_shared(shared);
    const int bytes = inside ? BYTES : 0;
    if constexpr (BYTES == 16) {
        // The operands pass through once: keep them out of L1.
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(bytes) : "memory");
    } else {
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(to), "l"(global), "n"(BYTES), "r"(bytes)
                     : "memory");
    }
}

// Ends a batch of copies; every stage of the pipeline is one batch, even an empty one.
__device__ __forceinline__ void copy_commit() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most PENDING batches of this thread are under way.
template <int PENDING>
__device__ __forceinline__ void copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
}

// Starts a copy of 16 bytes by way of L1, where other blocks of the multiprocessor find them.
__device__ __forceinline__ void copy_cached(unsigned char* shared, const unsigned char* global) {
    const unsigned to = (unsigned)__cvta_generic_to_shared(shared);
    asm volatile("cp.async.ca.shared.global [%0], [%1], 16;" ::"r"(to), "l"(global) : "memory");
}

// Loads of what no other block reads: past L1, which is left to the tokens.
__device__ __forceinline__ uint4 load_streaming(const uint4* from) {
    uint4 words;
    asm volatile("ld.global.nc.L1::no_allocate.L2::256B.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(words.x), "=r"(words.y), "=r"(words.z), "=r"(words.w)
                 : "l"(from));
    return words;
}

__device__ __forceinline__ uint2 load_streaming(const uint2* from) {
    uint2 words;
    asm volatile("ld.global.nc.L1::no_allocate.L2::256B.v2.u32 {%0, %1}, [%2];" : "=r"(words.x), "=r"(words.y) : "l"(from));
    return words;
}

__device__ __forceinline__ unsigned load_streaming(const unsigned short* from) {
    unsigned short word;
    asm volatile("ld.global.nc.L1::no_allocate.L2::256B.u16 %0, [%1];" : "=h"(word) : "l"(from));
    return word;
}

// c += a * b on one 16x8 tile and 16 steps of K, in FP16: lanes hold what they do in BF16.
__device__ __forceinline__ void mma(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// E5M2 is the high byte of FP16.
struct E5m2 {
    static __device__ __forceinline__ void pairs(unsigned bytes, unsigned& even, unsigned& odd) {
        odd = bytes & 0xff00ff00u;
        // (bytes - odd) << 8 on the pipe of multiplications: that of bits and bytes is the busiest here.
        asm("mad.lo.u32 %0, %1, 0xffffff00, %2;" : "=r"(even) : "r"(odd), "r"(bytes << 8));
    }
};

struct E4m3 {
    static __device__ __forceinline__ void pairs(unsigned bytes, unsigned& even, unsigned& odd) {
        asm("{\n"
            ".reg .b16 low, high;\n"
            "mov.b32 {low, high}, %2;\n"
            "cvt.rn.f16x2.e4m3x2 %0, low;\n"
            "cvt.rn.f16x2.e4m3x2 %1, high;\n"
            "}"
            : "=r"(even), "=r"(odd)
            : "r"(__byte_perm(bytes, 0, 0x3120)));
    }
};

// Reads the words of step `CHUNKS * part` and on from containers in shared memory, eight rows after eight: four matrices of eight
// rows by 16 bytes at a time, the addresses of which `rows` gives.
template <int EIGHTS>
__device__ __forceinline__ void load_words(unsigned rows, int part, unsigned (&words)[EIGHTS][CHUNKS]) {
    #pragma unroll
    for (int eight = 0; eight < EIGHTS; eight += 4 / CHUNKS) {
        unsigned matrix[4];
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                     : "=r"(matrix[0]), "=r"(matrix[1]), "=r"(matrix[2]), "=r"(matrix[3])
                     : "r"((rows ^ 16 * CHUNKS * part) + 1024 * eight)
                     : "memory");
        #pragma unroll
        for (int i = 0; i < 4; ++i) {
            words[eight + i / CHUNKS][i % CHUNKS] = matrix[i];
        }
    }
}

// What a lane adds to the start of a slot, so that matrix i of load_words is words i % CHUNKS of rows 8 (i / CHUNKS) and on.
__device__ __forceinline__ unsigned row_of_words(int lane) {
    const int matrix = lane / 8;
    return matrix / CHUNKS * 1024 + lane % 8 * 128 + ((matrix % CHUNKS ^ lane % 8) << 4);
}

// Eight E2M1 codes a word. The bytes of all eight magnitudes under the shift of the group are a table in two registers: `step` is
// the exponent field of 0.5 in E5M2, zero stays zero.
struct MagnitudesOfE2m1 {
    unsigned low;
    unsigned high;

    __device__ __forceinline__ explicit MagnitudesOfE2m1(unsigned step)
        : low(0x06040000u + step * 0x04040400u), high(0x0e0c0a08u + step * 0x04040404u) {}

    __device__ __forceinline__ void decode(unsigned codes, unsigned& first, unsigned& second) const {
        const unsigned magnitudes = codes & 0x77777777u;
        first = with_signs(look_up(magnitudes), codes);
        second = with_signs(look_up(magnitudes >> 16), codes << 4);
    }

    // __byte_perm would mask the selector once more.
    __device__ __forceinline__ unsigned look_up(unsigned selector) const {
        unsigned bytes;
        asm("prmt.b32 %0, %1, %2, %3;" : "=r"(bytes) : "r"(low), "r"(high), "r"(selector));
        return bytes;
    }

    // One instruction, where the compiler would mask before it shifts and once more after.
    static __device__ __forceinline__ unsigned with_signs(unsigned magnitudes, unsigned signs) {
        unsigned bytes;
        asm("lop3.b32 %0, %1, %2, 0x80808080, 0xf8;" : "=r"(bytes) : "r"(magnitudes), "r"(signs));
        return bytes;
    }
};

// Sixteen rows by 128 channels of packed E2M1, on their way from memory.
struct E2m1Weights {
    static constexpr int BLOCK_BYTES = 1088;

    uint4 codes[2];
    unsigned steps;

    __device__ __forceinline__ void fetch(const unsigned char* block, unsigned char* slot, int lane) {
        codes[0] = load_streaming((const uint4*)block + lane);
        codes[1] = load_streaming((const uint4*)block + 32 + lane);
        steps = load_streaming((const unsigned short*)(block + 1024) + lane);
    }

    // The fragments of CHUNKS steps, from step CHUNKS * part on.
    __device__ __forceinline__ void fragments(unsigned rows, int part, unsigned (&a)[CHUNKS][4]) const {
        #pragma unroll
        for (int row = 0; row < 2; ++row) {
            const MagnitudesOfE2m1 magnitudes(row == 0 ? steps & 255u : steps >> 8);
            const unsigned words[4] = {codes[row].x, codes[row].y, codes[row].z, codes[row].w};
            #pragma unroll
            for (int c = 0; c < CHUNKS; c += 2) {
                unsigned bytes[2];
                magnitudes.decode(words[(CHUNKS * part + c) / 2], bytes[0], bytes[1]);
                #pragma unroll
                for (int i = 0; i < 2; ++i) {
                    E5m2::pairs(bytes[i], a[c + i][row], a[c + i][2 + row]);
                }
            }
        }
    }
};

// The bits of `one` where `mask` is 0, those of `other` where it is 1.
__device__ __forceinline__ unsigned choose_bits(unsigned one, unsigned other, unsigned mask) {
    return (one & ~mask) | (other & mask);
}

// Sixteen E3M2 codes in three words, as FP16 pairs that are value * 2^-12: the high byte of a half holds sign and magnitude as E5M2
// does. Bytes of three words are three of four codes with bits 5 and 6 to spare, in which the fourth lies.
__device__ __forceinline__ void pairs_e3m2(
    unsigned first, unsigned second, unsigned third, unsigned (&even)[4], unsigned (&odd)[4]) {
    unsigned fourth = choose_bits(first << 1, first >> 1, 0x10101010u);
    fourth = choose_bits(fourth, second >> 3, 0x0c0c0c0cu);
    fourth = choose_bits(fourth, third >> 5, 0x03030303u);
    const unsigned bytes[4] = {first, second, third, fourth};
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        even[i] = bytes[i] << 8 & 0x9f009f00u;
        odd[i] = bytes[i] & 0x9f009f00u;
    }
}

// The FP16 pair by which a group's decoding step scales what was placed.
__device__ __forceinline__ unsigned factor_e3m2(unsigned step) {
    return (step + 15) * 0x04000400u;
}

// Exact, since it only goes up.
__device__ __forceinline__ unsigned scaled_pair(unsigned pair, unsigned factor) {
    asm("mul.rn.f16x2 %0, %0, %1;" : "+r"(pair) : "r"(factor));
    return pair;
}

// The same in E3M2, scaled as FP16.
struct E3m2Weights {
    static constexpr int BLOCK_BYTES = 1600;

    uint4 codes[2];
    uint2 rest[2];
    unsigned steps;

    __device__ __forceinline__ void fetch(const unsigned char* block, unsigned char* slot, int lane) {
        #pragma unroll
        for (int row = 0; row < 2; ++row) {
            codes[row] = load_streaming((const uint4*)(block + 768 * row) + lane);
            rest[row] = load_streaming((const uint2*)(block + 768 * row + 512) + lane);
        }
        steps = load_streaming((const unsigned short*)(block + 1536) + lane);
    }

    __device__ __forceinline__ void fragments(unsigned rows, int part, unsigned (&a)[CHUNKS][4]) const {
        #pragma unroll
        for (int row = 0; row < 2; ++row) {
            const unsigned factor = factor_e3m2(row == 0 ? steps & 255u : steps >> 8);
            unsigned even[4];
            unsigned odd[4];
            if (CHUNKS * part < 4) {
                pairs_e3m2(codes[row].x, codes[row].y, codes[row].z, even, odd);
            } else {
                pairs_e3m2(codes[row].w, rest[row].x, rest[row].y, even, odd);
            }
            #pragma unroll
            for (int c = 0; c < CHUNKS; ++c) {
                a[c][row] = scaled_pair(even[(CHUNKS * part + c) % 4], factor);
                a[c][2 + row] = scaled_pair(odd[(CHUNKS * part + c) % 4], factor);
            }
        }
    }
};

// Codes in the high bytes of two halves as BF16 times `factor`: where BF16 has its exponent and mantissa, a code is its value times a power
// of two, for which the factor makes up.
__device__ __forceinline__ unsigned widened_e4m3(unsigned halves, unsigned factor) {
    unsigned pair = halves >> 4 & 0x07f007f0u | halves & 0x80008000u;
    asm("mul.rn.bf16x2 %0, %0, %1;" : "+r"(pair) : "r"(factor));
    return pair;
}

// Four e4m3 codes under the step of their group, which is the exponent field of the factor.
__device__ __forceinline__ void widen_e4m3(unsigned codes, unsigned step, unsigned& first, unsigned& second) {
    const unsigned factor = step * 0x00800080u;
    first = widened_e4m3(__byte_perm(codes, 0, 0x1404), factor);
    second = widened_e4m3(__byte_perm(codes, 0, 0x3424), factor);
}

// Sixteen rows by 64 channels of packed e4m3, on their way from memory.
struct E4m3Weights {
    static constexpr int BLOCK_BYTES = 1088;

    uint4 codes[2];
    unsigned steps;

    __device__ __forceinline__ void fetch(const unsigned char* block, unsigned char* slot, int lane) {
        codes[0] = load_streaming((const uint4*)block + lane);
        codes[1] = load_streaming((const uint4*)block + 32 + lane);
        steps = load_streaming((const unsigned short*)(block + 1024) + lane);
    }

    // The fragments of CHUNKS / 2 steps, from step CHUNKS / 2 * part on.
    __device__ __forceinline__ void fragments(int part, unsigned (&a)[CHUNKS / 2][4]) const {
        #pragma unroll
        for (int row = 0; row < 2; ++row) {
            const unsigned words[4] = {codes[row].x, codes[row].y, codes[row].z, codes[row].w};
            #pragma unroll
            for (int j = 0; j < CHUNKS / 2; ++j) {
                widen_e4m3(words[CHUNKS / 2 * part + j], row == 0 ? steps & 255u : steps >> 8, a[j][row], a[j][2 + row]);
            }
        }
    }
};

// One partition: the block's first 128 channels of each operand, and how many times 128 channels there are.
struct Operands {
    const unsigned char* tokens;
    const unsigned char* weights;
    int blocks;
};

// What a lane works with: the slot of its warp, where it reads from it, and how many rows of tokens there are.
struct Lane {
    unsigned char* slot;
    unsigned rows;
    int tokens;
};

// Begins to bring a block of weights.
template <class Weights>
__device__ __forceinline__ void fetch(const unsigned char* codes, const Lane& lane, Weights (&weights)[SIXTEENS]) {
    #pragma unroll
    for (int i = 0; i < SIXTEENS; ++i) {
        weights[i].fetch(codes + i * Weights::BLOCK_BYTES, lane.slot + TOKEN_BYTES + 2048 * i, threadIdx.x % 32);
    }
}

// Adds the products of one partition, whose first weights are on their way. Its blocks go round the warps, `turn` of them before this one;
// then it is the next one's.
template <class Weights, class Tokens>
__device__ __forceinline__ void multiply(
    const Operands& operands, const Lane& lane, Weights (&weights)[SIXTEENS], int& turn, float (&sums)[SIXTEENS][EIGHTS][4]) {
    const int index = threadIdx.x % 32;
    const unsigned char* tokens = operands.tokens + turn * 16384ll + 16 * index;
    const unsigned char* codes = operands.weights + turn * (8ll * Weights::BLOCK_BYTES);
    #pragma unroll 1
    for (int block = turn; block < operands.blocks; block += WARPS) {
        if (block != turn) {
            fetch(codes, lane, weights);
        }
        #pragma unroll
        for (int i = 0; i < 2 * EIGHTS; ++i) {
            if (index / 8 + 4 * i < lane.tokens) {
                copy_cached(lane.slot + 512 * i + 16 * index, tokens + 512 * i);
            }
        }
        copy_commit();
        codes += WARPS * 8 * Weights::BLOCK_BYTES;
        tokens += WARPS * 16384;
        copy_wait<0>();
        __syncwarp();
        #pragma unroll
        for (int part = 0; part < 8 / CHUNKS; ++part) {
            unsigned a[SIXTEENS][CHUNKS][4];
            #pragma unroll
            for (int i = 0; i < SIXTEENS; ++i) {
                weights[i].fragments(lane.rows + TOKEN_BYTES + 2048 * i, part, a[i]);
            }
            constexpr int AT_ONCE = 4 / CHUNKS;
            #pragma unroll
            for (int eight = 0; eight < EIGHTS; eight += AT_ONCE) {
                unsigned words[AT_ONCE][CHUNKS];
                load_words(lane.rows + 1024 * eight, part, words);
                #pragma unroll
                for (int i = 0; i < 4; ++i) {
                    unsigned b[2];
                    Tokens::pairs(words[i / CHUNKS][i % CHUNKS], b[0], b[1]);
                    #pragma unroll
                    for (int j = 0; j < SIXTEENS; ++j) {
                        mma(sums[j][eight + i / CHUNKS], a[j][i % CHUNKS], b);
                    }
                }
            }
        }
        __syncwarp();
    }
    turn = (unsigned)(turn - operands.blocks) % WARPS;
}

// The same in BF16.
__device__ __forceinline__ void mma_wide(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// The same for one in BF16.
template <class Weights>
__device__ __forceinline__ void multiply_wide(
    const Operands& operands, const Lane& lane, Weights (&weights)[SIXTEENS], int& turn, float (&sums)[SIXTEENS][EIGHTS][4]) {
    const int index = threadIdx.x % 32;
    const unsigned char* tokens = operands.tokens + turn * 16384ll + 16 * index;
    const unsigned char* codes = operands.weights + turn * (8ll * Weights::BLOCK_BYTES);
    #pragma unroll 1
    for (int block = turn; block < operands.blocks; block += WARPS) {
        if (block != turn) {
            fetch(codes, lane, weights);
        }
        #pragma unroll
        for (int i = 0; i < 2 * EIGHTS; ++i) {
            if (index / 8 + 4 * i < lane.tokens) {
                copy_cached(lane.slot + 512 * i + 16 * index, tokens + 512 * i);
            }
        }
        copy_commit();
        codes += WARPS * 8 * Weights::BLOCK_BYTES;
        tokens += WARPS * 16384;
        copy_wait<0>();
        __syncwarp();
        #pragma unroll
        for (int part = 0; part < 8 / CHUNKS; ++part) {
            unsigned a[SIXTEENS][CHUNKS / 2][4];
            #pragma unroll
            for (int i = 0; i < SIXTEENS; ++i) {
                weights[i].fragments(part, a[i]);
            }
            constexpr int AT_ONCE = 4 / CHUNKS;
            #pragma unroll
            for (int eight = 0; eight < EIGHTS; eight += AT_ONCE) {
                unsigned words[AT_ONCE][CHUNKS];
                load_words(lane.rows + 1024 * eight, part, words);
                #pragma unroll
                for (int i = 0; i < 4; i += 2) {
                    const unsigned b[2] = {words[i / CHUNKS][i % CHUNKS], words[i / CHUNKS][i % CHUNKS + 1]};
                    #pragma unroll
                    for (int j = 0; j < SIXTEENS; ++j) {
                        mma_wide(sums[j][eight + i / CHUNKS], a[j][i % CHUNKS / 2], b);
                    }
                }
            }
        }
        __syncwarp();
    }
    turn = (unsigned)(turn - operands.blocks) % WARPS;
}

typedef unsigned short Output;

__device__ __forceinline__ float output_value(Output bits) {
    return bf16_to_float(bits);
}

__device__ __forceinline__ Output output_round(float value) {
    return bf16_from_float(value);
}

__device__ __forceinline__ void output_store(Output* at, Output first, Output second) {
    *(ushort2*)at = make_ushort2(first, second);
}

// Exponential and quotient are those of the special function unit: a few units in the last place of FP32.
struct Epilogue {
    __device__ __forceinline__ float operator()(float gate, float up) const {
        return __fdividef(gate, 1.0f + __expf(-gate)) * up;
    }
};

// Where the block's outputs go: columns from `column` of rows from `row`, of which there are `tokens`.
struct Place {
    Output* d;
    int n;
    int row;
    int column;
    int tokens;
};

// Where the sum of a token and a weight lies among those of a warp; the lanes of a store are spread over the banks.
__device__ __forceinline__ int place_of_sum(int token, int weight) {
    return token * BN + (weight ^ token / 2 * 8 % BN);
}

// Adds the sums of the warps, always in the same order, and finishes them. `factors`: those of the weights, then of the tokens.
__device__ __forceinline__ void store_sums(
    const float (&sums)[SIXTEENS][EIGHTS][4], const Epilogue& epilogue, const Place& place, float* parts, const float* factors) {
    static_assert(BM * BN * 4 <= SLOT_BYTES, "the sums of a warp fit into its slot");
    const int lane = threadIdx.x % 32;
    float* part = parts + threadIdx.x / 32 * BM * BN;
    #pragma unroll
    for (int j = 0; j < SIXTEENS; ++j) {
        #pragma unroll
        for (int eight = 0; eight < EIGHTS; ++eight) {
            #pragma unroll
            for (int i = 0; i < 4; ++i) {
                part[place_of_sum(8 * eight + lane % 4 * 2 + i % 2, 16 * j + 8 * (i / 2) + lane / 4)] = sums[j][eight][i];
            }
        }
    }
    __syncthreads();
    #pragma unroll 1
    for (int first = 0; first < place.tokens * BN; first += THREADS) {
        const int i = first + threadIdx.x;
        const int token = min(i / BN, place.tokens - 1);
        const int weight = i % BN;
        float sum = 0.0f;
        #pragma unroll
        for (int warp = 0; warp < WARPS; ++warp) {
            sum += parts[warp * BM * BN + place_of_sum(token, weight)];
        }
        sum *= factors[BN + token] * factors[weight];
        const float up = __shfl_down_sync(0xffffffffu, sum, 8);
        const int column = (place.column + weight) / 16 * 8 + weight % 8;
        if (weight / 8 % 2 == 0 && i < place.tokens * BN && column < place.n / 2) {
            place.d[(long long)(place.row + token) * (place.n / 2) + column] = output_round(epilogue(sum, up));
        }
    }
}

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 4) mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_swiglu_bf16_exact_stream_mixed_fragments(
    int m,
    int n,
    const unsigned char* a_0,
    const float* sa_0,
    const unsigned char* b_0,
    const float* sb_0,
    int k_0,
    const unsigned char* a_1,
    const float* sa_1,
    const unsigned char* b_1,
    const float* sb_1,
    int k_1,
    const unsigned char* a_2,
    const float* sa_2,
    const unsigned char* b_2,
    const float* sb_2,
    int k_2,
    void* d) {
    extern __shared__ __align__(128) unsigned char shared[];
    float* factors = (float*)(shared + WARPS * SLOT_BYTES);
    int row = blockIdx.y * BM;
    int column = blockIdx.x * BN;
    const int tokens = min(BM, m - row);
    // All partitions share the factors; one without channels has no addresses.
    const float* token_factors = k_0 > 0 ? sa_0 : k_1 > 0 ? sa_1 : k_2 > 0 ? sa_2 : 0;
    const float* weight_factors = k_0 > 0 ? sb_0 : k_1 > 0 ? sb_1 : k_2 > 0 ? sb_2 : 0;
    if (threadIdx.x < BN) {
        copy_async<4>((unsigned char*)(factors + threadIdx.x), (const unsigned char*)(weight_factors + column + threadIdx.x), true);
    }
    copy_commit();  // a group of its own: a warp without channels has no other to wait for
    const int index = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    unsigned char* slot = shared + warp * SLOT_BYTES;
    const Lane lane = {slot, (unsigned)__cvta_generic_to_shared(slot) + row_of_words(index), tokens};
    if (tokens < BM) {
        // Rows that are never copied must be zero.
        #pragma unroll 1
        for (int i = index; i < TOKEN_BYTES / 16; i += 32) {
            *(uint4*)(slot + 16 * i) = make_uint4(0, 0, 0, 0);
        }
        __syncwarp();
    }
    float sums[SIXTEENS][EIGHTS][4] = {};
    int turn = warp;
    {
        // The operands lie in tiles of 128 rows by 128 channels.
        using Weights = E2m1Weights;
        asm volatile("" : "+r"(row), "+r"(column));  // or all partitions' addresses are made at once, and take registers
        const int blocks = (k_0 + 127) / 128;
        const unsigned char* from = a_0 + row / 128 * blocks * 16384ll + row % 128 * 128;
        const unsigned char* codes = b_0 + (column / 128 * blocks * 8ll + column % 128 / 16) * Weights::BLOCK_BYTES;
        // Without a first value its registers would be taken from the start of the kernel on.
        Weights weights[SIXTEENS] = {};
        if (turn < blocks) {
            fetch(codes + turn * (8ll * Weights::BLOCK_BYTES), lane, weights);
        }
        await_kernels_before();
        if (threadIdx.x >= BN && threadIdx.x < BN + BM) {
            const float* factor = token_factors + row + threadIdx.x - BN;
            copy_async<4>((unsigned char*)(factors + threadIdx.x), (const unsigned char*)factor, true);
        }
        copy_commit();  // for a warp without channels, which has no other to wait for
        multiply<Weights, E5m2>({from, codes, blocks}, lane, weights, turn, sums);
    }
    {
        // The operands lie in tiles of 128 rows by 128 channels.
        using Weights = E3m2Weights;
        asm volatile("" : "+r"(row), "+r"(column));  // or all partitions' addresses are made at once, and take registers
        const int blocks = (k_1 + 127) / 128;
        const unsigned char* from = a_1 + row / 128 * blocks * 16384ll + row % 128 * 128;
        const unsigned char* codes = b_1 + (column / 128 * blocks * 8ll + column % 128 / 16) * Weights::BLOCK_BYTES;
        // Without a first value its registers would be taken from the start of the kernel on.
        Weights weights[SIXTEENS] = {};
        if (turn < blocks) {
            fetch(codes + turn * (8ll * Weights::BLOCK_BYTES), lane, weights);
        }
        multiply<Weights, E5m2>({from, codes, blocks}, lane, weights, turn, sums);
    }
    {
        // The operands lie in tiles of 128 rows by 64 channels.
        using Weights = E4m3Weights;
        asm volatile("" : "+r"(row), "+r"(column));  // or all partitions' addresses are made at once, and take registers
        const int blocks = (k_2 + 63) / 64;
        const unsigned char* from = a_2 + row / 128 * blocks * 16384ll + row % 128 * 128;
        const unsigned char* codes = b_2 + (column / 128 * blocks * 8ll + column % 128 / 16) * Weights::BLOCK_BYTES;
        // Without a first value its registers would be taken from the start of the kernel on.
        Weights weights[SIXTEENS] = {};
        if (turn < blocks) {
            fetch(codes + turn * (8ll * Weights::BLOCK_BYTES), lane, weights);
        }
        multiply_wide<Weights>({from, codes, blocks}, lane, weights, turn, sums);
    }
    copy_wait<0>();
    __syncthreads();  // the sums take the place of the operands
    const Epilogue epilogue = {};
    store_sums(sums, epilogue, {(Output*)d, n, row, column, tokens}, (float*)shared, factors);
}
