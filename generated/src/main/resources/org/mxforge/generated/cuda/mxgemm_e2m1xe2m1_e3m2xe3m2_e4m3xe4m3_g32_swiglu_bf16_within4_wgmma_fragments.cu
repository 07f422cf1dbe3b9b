// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=swiglu;out=bf16;tolerance=within4|wgmma_fragments|sm_90a|bm=256,bn=128,promote=128,split=1; do not edit
// D[m, n] = epilogue(sum over the partitions p of A_p[m, :] . B_p[n, :]): one launch, one accumulator, one rounding.
// Launch: at most as many blocks as there are multiprocessors or, where clusters share the channels, a cluster for each tile of D;
// THREADS threads, SHARED_BYTES bytes of shared memory.
//
// Warpgroup 0 copies, warpgroups 1 and 2 multiply 64 rows of weights each by BM tokens; a block takes one tile of D after another.

constexpr int BM = 256;
constexpr int BN = 128;
constexpr int STAGES = 4;
constexpr int THREADS = 384;
// Tokens of one product instruction.
constexpr int WAVE = 128;
constexpr int TOKEN_BYTES = BM * 128;
constexpr int STAGE_BYTES = 49152;
constexpr int SLABS = STAGES * STAGE_BYTES;
// Tiles of tokens that are worked on together, so that their weights are read once from far away.
constexpr int STRIP = 8;

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

// Where a thread stands in the ring of STAGES stages. Of each stage, the barrier `full` completes when its bytes have come, the
// barrier `empty` when all that read them have let go.
struct Ring {
    unsigned full;
    unsigned empty;
    int stage;
    unsigned parity;

    __device__ __forceinline__ unsigned full_barrier() const {
        return full + 8 * stage;
    }

    __device__ __forceinline__ unsigned empty_barrier() const {
        return empty + 8 * stage;
    }

    __device__ __forceinline__ void advance() {
        if (++stage == STAGES) {
            stage = 0;
            parity ^= 1;
        }
    }
};

// Copies bytes, a multiple of 16 between multiples of 16, into shared memory and reports them to the barrier.
__device__ __forceinline__ void bulk_load(unsigned shared, const unsigned char* global, unsigned bytes, unsigned barrier) {
    asm volatile(
        "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(shared),
        "l"(global),
        "r"(bytes),
        "r"(barrier)
        : "memory");
}

// Before the first product after other instructions wrote registers that it reads.
__device__ __forceinline__ void wgmma_fence() {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

// Closes a batch of products.
__device__ __forceinline__ void wgmma_commit() {
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

// Descriptor of rows of 128 bytes in the 128-byte swizzle, slabs of 8 rows 1024 bytes apart. Steps along K add 2 for each 32
// bytes, steps along the rows add 64 for each slab.
__device__ __forceinline__ unsigned long long swizzled_rows(unsigned shared) {
    return 0x4000004000000000ull | ((shared & 0x3ffff) >> 4);
}

// Waits until at most PENDING batches are under way. Naming the sums keeps the compiler from reading them too early.
template <int PENDING>
__device__ __forceinline__ void wgmma_wait(float (&sums)[WAVE / 2]) {
    asm volatile("wgmma.wait_group.sync.aligned %64;"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]), "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]), "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]), "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]), "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]), "+f"(sums[30]), "+f"(sums[31]), "+f"(sums[32]), "+f"(sums[33]), "+f"(sums[34]), "+f"(sums[35]), "+f"(sums[36]), "+f"(sums[37]), "+f"(sums[38]), "+f"(sums[39]), "+f"(sums[40]), "+f"(sums[41]), "+f"(sums[42]), "+f"(sums[43]), "+f"(sums[44]), "+f"(sums[45]), "+f"(sums[46]), "+f"(sums[47]), "+f"(sums[48]), "+f"(sums[49]), "+f"(sums[50]), "+f"(sums[51]), "+f"(sums[52]), "+f"(sums[53]), "+f"(sums[54]), "+f"(sums[55]), "+f"(sums[56]), "+f"(sums[57]), "+f"(sums[58]), "+f"(sums[59]), "+f"(sums[60]), "+f"(sums[61]), "+f"(sums[62]), "+f"(sums[63])
                 : "n"(PENDING)
                 : "memory");
}

// Products read their registers until they are waited for: they must not be used for anything else before.
__device__ __forceinline__ void keep(const unsigned (&fragments)[16]) {
    #pragma unroll
    for (int i = 0; i < 16; ++i) {
        asm volatile("" ::"r"(fragments[i]));
    }
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

__device__ __forceinline__ void decode_row_e2m1(uint4 codes, unsigned step, int row, unsigned (&fragments)[16]) {
    const MagnitudesOfE2m1 magnitudes(step);
    const unsigned words[4] = {codes.x, codes.y, codes.z, codes.w};
    #pragma unroll
    for (int j = 0; j < 4; ++j) {
        magnitudes.decode(words[j], fragments[4 * j + row], fragments[4 * j + 2 + row]);
    }
}

__device__ __forceinline__ void decode_e2m1(const unsigned char* block, int lane, unsigned (&fragments)[16]) {
    const uint4* codes = (const uint4*)block;
    const unsigned steps = *(const unsigned short*)(block + 1024 + 2 * lane);
    decode_row_e2m1(codes[lane], steps & 255u, 0, fragments);
    decode_row_e2m1(codes[32 + lane], steps >> 8, 1, fragments);
}

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

__device__ __forceinline__ void decode_half_e3m2(
    unsigned first, unsigned second, unsigned third, unsigned factor, int at, unsigned (&fragments)[16]) {
    unsigned even[4];
    unsigned odd[4];
    pairs_e3m2(first, second, third, even, odd);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        // What is scaled is E5M2 still, in the high bytes.
        fragments[at + 2 * i] = __byte_perm(scaled_pair(even[i], factor), scaled_pair(odd[i], factor), 0x7351);
    }
}

__device__ __forceinline__ void decode_row_e3m2(uint4 codes, uint2 rest, unsigned step, int row, unsigned (&fragments)[16]) {
    const unsigned factor = factor_e3m2(step);
    decode_half_e3m2(codes.x, codes.y, codes.z, factor, row, fragments);
    decode_half_e3m2(codes.w, rest.x, rest.y, factor, 8 + row, fragments);
}

__device__ __forceinline__ void decode_e3m2(const unsigned char* block, int lane, unsigned (&fragments)[16]) {
    const unsigned steps = *(const unsigned short*)(block + 1536 + 2 * lane);
    #pragma unroll
    for (int row = 0; row < 2; ++row) {
        const uint4 codes = ((const uint4*)(block + 768 * row))[lane];
        const uint2 rest = ((const uint2*)(block + 768 * row + 512))[lane];
        decode_row_e3m2(codes, rest, steps >> 8 * row & 255u, row, fragments);
    }
}

// sums (+)= weights * tokens over 32 channels, weights in registers; `accumulate` 0 begins new sums.
__device__ __forceinline__ void wgmma_registers_e5m2_e5m2(
    float (&sums)[WAVE / 2], const unsigned* weights, unsigned long long tokens, int accumulate) {
    asm volatile(
        "{\n"
        ".reg .pred accumulate;\n"
        "setp.ne.b32 accumulate, %69, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n128k32.f32.e5m2.e5m2 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63}, "
        "{%64,%65,%66,%67}, %68, accumulate, 1, 1;\n"
        "}"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]), "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]), "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]), "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]), "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]), "+f"(sums[30]), "+f"(sums[31]), "+f"(sums[32]), "+f"(sums[33]), "+f"(sums[34]), "+f"(sums[35]), "+f"(sums[36]), "+f"(sums[37]), "+f"(sums[38]), "+f"(sums[39]), "+f"(sums[40]), "+f"(sums[41]), "+f"(sums[42]), "+f"(sums[43]), "+f"(sums[44]), "+f"(sums[45]), "+f"(sums[46]), "+f"(sums[47]), "+f"(sums[48]), "+f"(sums[49]), "+f"(sums[50]), "+f"(sums[51]), "+f"(sums[52]), "+f"(sums[53]), "+f"(sums[54]), "+f"(sums[55]), "+f"(sums[56]), "+f"(sums[57]), "+f"(sums[58]), "+f"(sums[59]), "+f"(sums[60]), "+f"(sums[61]), "+f"(sums[62]), "+f"(sums[63])
        : "r"(weights[0]), "r"(weights[1]), "r"(weights[2]), "r"(weights[3]), "l"(tokens), "r"(accumulate));
}

// sums (+)= weights * tokens over 32 channels, both in shared memory; `accumulate` 0 begins new sums.
__device__ __forceinline__ void wgmma_shared_e4m3_e4m3(
    float (&sums)[WAVE / 2], unsigned long long weights, unsigned long long tokens, int accumulate) {
    asm volatile(
        "{\n"
        ".reg .pred accumulate;\n"
        "setp.ne.b32 accumulate, %66, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n128k32.f32.e4m3.e4m3 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63}, "
        "%64, %65, accumulate, 1, 1;\n"
        "}"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]), "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]), "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]), "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]), "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]), "+f"(sums[30]), "+f"(sums[31]), "+f"(sums[32]), "+f"(sums[33]), "+f"(sums[34]), "+f"(sums[35]), "+f"(sums[36]), "+f"(sums[37]), "+f"(sums[38]), "+f"(sums[39]), "+f"(sums[40]), "+f"(sums[41]), "+f"(sums[42]), "+f"(sums[43]), "+f"(sums[44]), "+f"(sums[45]), "+f"(sums[46]), "+f"(sums[47]), "+f"(sums[48]), "+f"(sums[49]), "+f"(sums[50]), "+f"(sums[51]), "+f"(sums[52]), "+f"(sums[53]), "+f"(sums[54]), "+f"(sums[55]), "+f"(sums[56]), "+f"(sums[57]), "+f"(sums[58]), "+f"(sums[59]), "+f"(sums[60]), "+f"(sums[61]), "+f"(sums[62]), "+f"(sums[63])
        : "l"(weights), "l"(tokens), "r"(accumulate));
}

// One operand: its tiles of 128 rows by 128 channels, `blocks` of them to a row of tiles.
struct Tiles {
    const unsigned char* tokens;
    const unsigned char* weights;
    int blocks;
};

// The powers of two that folding left, one for each row.
struct Factors {
    const float* token;
    const float* weight;
};

// A tile of D: its number among the tiles of tokens and of weights.
struct TileOfD {
    int token;
    int weight;
    // The row of weight tiles that it is multiplied by, and whose weights they are.
    int source;
    int expert;
    // Tokens end before this row.
    int end;
};

// All tiles of D: strips of STRIP tiles of tokens; within a strip the tokens are run through fastest.
struct Routing {
    // Threads of the warp that copies that must look for a tile together.
    static constexpr int FINDERS = 1;

    int m;
    int token_tiles;
    int weight_tiles;

    // The tile of a number; false if there are not so many.
    __device__ __forceinline__ bool find(int index, TileOfD& tile) const {
        if (index >= token_tiles * weight_tiles) {
            return false;
        }
        const int strip = index / (STRIP * weight_tiles);
        const int width = min(STRIP, token_tiles - strip * STRIP);
        const int within = index - strip * STRIP * weight_tiles;
        const int weight = within / width;
        tile = {strip * STRIP + within % width, weight, weight, 0, m};
        return true;
    }
};

// The block has all channels.
struct Share {
    static constexpr int PARTS = 1;
    // Tokens of a tile that a block finishes.
    static constexpr int TOKENS = BM;

    static __device__ __forceinline__ int first_tile() {
        return blockIdx.x;
    }

    static __device__ __forceinline__ int tiles_at_once() {
        return gridDim.x;
    }

    static __device__ __forceinline__ int first_block(int blocks) {
        return 0;
    }

    static __device__ __forceinline__ int count(int blocks) {
        return blocks;
    }
};

// Copies the block's share of one partition into the ring.
template <int WEIGHT_BYTES>
__device__ __forceinline__ void load_blocks(Ring& ring, unsigned stages, const Tiles& tiles, const TileOfD& tile, int token_rows) {
    const unsigned char* weights = tiles.weights + (long long)tile.source * tiles.blocks * WEIGHT_BYTES;
    const long long row_of_tiles = (long long)tiles.blocks * 16384;
    const unsigned char* tokens = tiles.tokens + (long long)(tile.token * BM / 128) * row_of_tiles + tile.token * BM % 128 * 128;
    const bool second = BM > 128 && tile.token * BM + 128 < token_rows;
    #pragma unroll 1
    for (int block = Share::first_block(tiles.blocks), left = Share::count(tiles.blocks); left > 0; ++block, --left) {
        barrier_wait(ring.empty_barrier(), ring.parity ^ 1);
        const unsigned stage = stages + ring.stage * STAGE_BYTES;
        const unsigned full = ring.full_barrier();
        barrier_expect(full, (second ? TOKEN_BYTES : min(TOKEN_BYTES, 16384)) + WEIGHT_BYTES);
        bulk_load(stage, tokens + (long long)block * 16384, min(TOKEN_BYTES, 16384), full);
        if (second) {
            bulk_load(stage + 16384, tokens + row_of_tiles + (long long)block * 16384, 16384, full);
        }
        bulk_load(stage + TOKEN_BYTES, weights + (long long)block * WEIGHT_BYTES, WEIGHT_BYTES, full);
        ring.advance();
    }
}

// Lets the copying thread fill a stage again.
__device__ __forceinline__ void release(unsigned empty_barrier) {
    if (threadIdx.x % 32 == 0) {
        barrier_arrive(empty_barrier);
    }
}

__device__ __forceinline__ void multiply_e2m1xe2m1(
    Ring& ring, unsigned stages, const unsigned char* shared, int warpgroup, int blocks, float (&sums)[BM / 2]) {
    constexpr int INTERVAL = 1;
    constexpr int WAVES = BM / WAVE;
    const int lane = threadIdx.x % 32;
    const unsigned char* weights = shared + TOKEN_BYTES + (threadIdx.x / 32 - 4) * 1088;
    #pragma unroll 1
    for (int left = blocks; left > 0; left -= INTERVAL) {
        unsigned stage[INTERVAL];
        unsigned empty[INTERVAL];
        unsigned fragments[INTERVAL][16];
        #pragma unroll
        for (int i = 0; i < INTERVAL; ++i) {
            if (i < left) {
                barrier_wait(ring.full_barrier(), ring.parity);
                stage[i] = stages + ring.stage * STAGE_BYTES;
                empty[i] = ring.empty_barrier();
                decode_e2m1(weights + ring.stage * STAGE_BYTES, lane, fragments[i]);
                ring.advance();
            }
        }
        #pragma unroll
        for (int wave = 0; wave < WAVES; ++wave) {
            float part[WAVE / 2];
            wgmma_fence();
            #pragma unroll
            for (int i = 0; i < INTERVAL; ++i) {
                if (i < left) {
                    const unsigned long long tokens = swizzled_rows(stage[i] + wave * WAVE * 128);
                    #pragma unroll
                    for (int j = 0; j < 4; ++j) {
                        wgmma_registers_e5m2_e5m2(part, fragments[i] + 4 * j, tokens + 2 * j, i + j);
                    }
                }
            }
            wgmma_commit();
            wgmma_wait<0>(part);
            if (wave == WAVES - 1) {
                #pragma unroll
                for (int i = 0; i < INTERVAL; ++i) {
                    if (i < left) {
                        release(empty[i]);
                    }
                }
            }
            #pragma unroll
            for (int i = 0; i < WAVE / 2; ++i) {
                sums[wave * (WAVE / 2) + i] += part[i];
            }
        }
        #pragma unroll
        for (int i = 0; i < INTERVAL; ++i) {
            keep(fragments[i]);
        }
    }
}

__device__ __forceinline__ void multiply_e3m2xe3m2(
    Ring& ring, unsigned stages, const unsigned char* shared, int warpgroup, int blocks, float (&sums)[BM / 2]) {
    constexpr int INTERVAL = 1;
    constexpr int WAVES = BM / WAVE;
    const int lane = threadIdx.x % 32;
    const unsigned char* weights = shared + TOKEN_BYTES + (threadIdx.x / 32 - 4) * 1600;
    #pragma unroll 1
    for (int left = blocks; left > 0; left -= INTERVAL) {
        unsigned stage[INTERVAL];
        unsigned empty[INTERVAL];
        unsigned fragments[INTERVAL][16];
        #pragma unroll
        for (int i = 0; i < INTERVAL; ++i) {
            if (i < left) {
                barrier_wait(ring.full_barrier(), ring.parity);
                stage[i] = stages + ring.stage * STAGE_BYTES;
                empty[i] = ring.empty_barrier();
                decode_e3m2(weights + ring.stage * STAGE_BYTES, lane, fragments[i]);
                ring.advance();
            }
        }
        #pragma unroll
        for (int wave = 0; wave < WAVES; ++wave) {
            float part[WAVE / 2];
            wgmma_fence();
            #pragma unroll
            for (int i = 0; i < INTERVAL; ++i) {
                if (i < left) {
                    const unsigned long long tokens = swizzled_rows(stage[i] + wave * WAVE * 128);
                    #pragma unroll
                    for (int j = 0; j < 4; ++j) {
                        wgmma_registers_e5m2_e5m2(part, fragments[i] + 4 * j, tokens + 2 * j, i + j);
                    }
                }
            }
            wgmma_commit();
            wgmma_wait<0>(part);
            if (wave == WAVES - 1) {
                #pragma unroll
                for (int i = 0; i < INTERVAL; ++i) {
                    if (i < left) {
                        release(empty[i]);
                    }
                }
            }
            #pragma unroll
            for (int i = 0; i < WAVE / 2; ++i) {
                sums[wave * (WAVE / 2) + i] += part[i];
            }
        }
        #pragma unroll
        for (int i = 0; i < INTERVAL; ++i) {
            keep(fragments[i]);
        }
    }
}

__device__ __forceinline__ void multiply_e4m3xe4m3(
    Ring& ring, unsigned stages, const unsigned char* shared, int warpgroup, int blocks, float (&sums)[BM / 2]) {
    constexpr int INTERVAL = 1;
    constexpr int WAVES = BM / WAVE;
    // One set for all waves: sums of the next one must not begin before those of the last one were added.
    float part[WAVE / 2];
    #pragma unroll 1
    for (int left = blocks; left > 0; left -= INTERVAL) {
        unsigned stage[INTERVAL];
        unsigned empty[INTERVAL];
        #pragma unroll
        for (int i = 0; i < INTERVAL; ++i) {
            if (i < left) {
                barrier_wait(ring.full_barrier(), ring.parity);
                stage[i] = stages + ring.stage * STAGE_BYTES;
                empty[i] = ring.empty_barrier();
                ring.advance();
            }
        }
        #pragma unroll
        for (int wave = 0; wave < WAVES; ++wave) {
            wgmma_fence();
            #pragma unroll
            for (int i = 0; i < INTERVAL; ++i) {
                if (i < left) {
                    const unsigned long long tokens = swizzled_rows(stage[i] + wave * WAVE * 128);
                    const unsigned long long weights = swizzled_rows(stage[i] + TOKEN_BYTES + warpgroup * 8192);
                    #pragma unroll
                    for (int j = 0; j < 4; ++j) {
                        wgmma_shared_e4m3_e4m3(part, weights + 2 * j, tokens + 2 * j, i + j);
                    }
                }
            }
            wgmma_commit();
            wgmma_wait<0>(part);
            if (wave == WAVES - 1) {
                #pragma unroll
                for (int i = 0; i < INTERVAL; ++i) {
                    if (i < left) {
                        release(empty[i]);
                    }
                }
            }
            #pragma unroll
            for (int i = 0; i < WAVE / 2; ++i) {
                sums[wave * (WAVE / 2) + i] += part[i];
            }
        }
    }
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

// Where a warpgroup's sums go: `outputs` columns from `column`, `tokens` rows from `row`.
struct Place {
    Output* d;
    int m;
    int n;
    int row;
    int column;
};

// Writes eight outputs of one token.
__device__ __forceinline__ void store_8(const Place& place, int row, int column, const Output (&values)[8]) {
    if (row >= place.m || column >= place.n) {
        return;
    }
    Output* to = place.d + (long long)row * place.n + column;
    if (place.n % 8 == 0) {
        #pragma unroll
        for (int i = 0; i < (int)sizeof(Output) / 2; ++i) {
            ((uint4*)to)[i] = ((const uint4*)values)[i];
        }
    } else {
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            if (column + i < place.n) {
                to[i] = values[i];
            }
        }
    }
}

// Tokens at a time, and of each a line of 32 outputs; 16 bytes beyond a line keep the rows of a chunk in different banks.
constexpr int PART = 32;
constexpr int SLAB_PITCH = 64 + 16;
// Two parts, by turns: what is written next does not wait for who still reads.
constexpr int LINES_BYTES = 2 * PART * SLAB_PITCH;
constexpr int SLAB_BYTES = LINES_BYTES + 4 * BM;

__device__ __forceinline__ unsigned pair_bits(Output first, Output second) {
    return (unsigned)first | (unsigned)second << 16;
}

template <int TOKENS>
__device__ __forceinline__ void store_sums(
    const float (&sums)[TOKENS / 2], const Epilogue& epilogue, const Factors& factors, const Place& place, unsigned char* slab) {
    const int thread = threadIdx.x % 128;
    const int warp = thread / 32;
    const int lane = thread % 32;
    const Place outputs = {place.d, place.m, place.n / 2, place.row, place.column / 2};
    const float* weight_factors = factors.weight + place.column + 16 * warp + lane / 4;
    const float gate_factor = weight_factors[0];
    const float up_factor = weight_factors[8];
    // Those of the tokens are read once by all threads together: each part would wait for memory anew.
    float2* token_factors = (float2*)(slab + LINES_BYTES);
    if (thread < TOKENS / 2) {
        const int token = place.row + 2 * thread;
        token_factors[thread] = *(const float2*)(factors.token + (token < place.m ? token : 0));
    }
    named_barrier<128>(threadIdx.x / 128);
    #pragma unroll
    for (int part = 0; part < TOKENS / PART; ++part) {
        unsigned char* lines = slab + part % 2 * PART * SLAB_PITCH;
        unsigned pairs[4];
        #pragma unroll
        for (int i = 0; i < 4; ++i) {
            const float* sum = &sums[4 * (4 * part + i)];
            const float2 token = token_factors[PART / 2 * part + 4 * i + lane % 4];
            pairs[i] = pair_bits(
                output_round(epilogue(sum[0] * (token.x * gate_factor), sum[2] * (token.x * up_factor))),
                output_round(epilogue(sum[1] * (token.y * gate_factor), sum[3] * (token.y * up_factor))));
        }
        // Transposed on the way: a matrix of 8 outputs by 8 tokens becomes a chunk of 8 outputs in 8 rows of tokens.
        asm volatile("stmatrix.sync.aligned.m8n8.x4.trans.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(
                         (unsigned)__cvta_generic_to_shared(lines) + lane * SLAB_PITCH + 16 * warp),
                     "r"(pairs[0]),
                     "r"(pairs[1]),
                     "r"(pairs[2]),
                     "r"(pairs[3])
                     : "memory");
        named_barrier<128>(threadIdx.x / 128);
        const int row = thread / 4;
        Output values[8];
        *(uint4*)values = *(const uint4*)(lines + row * SLAB_PITCH + 16 * (thread % 4));
        store_8(outputs, outputs.row + PART * part + row, outputs.column + 8 * (thread % 4), values);
    }
    named_barrier<128>(threadIdx.x / 128);  // the next tile's numbers take the place of these
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_swiglu_bf16_within4_wgmma_fragments(
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
    extern __shared__ __align__(1024) unsigned char shared[];
    const unsigned stages = (unsigned)__cvta_generic_to_shared(shared);
    const unsigned barriers = stages + SLABS + 2 * SLAB_BYTES;
    Ring ring = {barriers, barriers + 8 * STAGES, 0, 0};
    const int warpgroup = threadIdx.x / 128;
    Routing routing = {m, (m + BM - 1) / BM, (n + BN - 1) / BN};
    TileOfD tile;
    if (threadIdx.x == 0) {
        for (int stage = 0; stage < STAGES; ++stage) {
            barrier_init(ring.full + 8 * stage, 1);
            barrier_init(ring.empty + 8 * stage, 8);  // the warps that multiply
        }
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    __syncthreads();
    if (warpgroup == 0) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 24;");
        if (threadIdx.x < Routing::FINDERS) {
            #pragma unroll 1
            for (int index = Share::first_tile(); routing.find(index, tile); index += Share::tiles_at_once()) {
                if (threadIdx.x == 0) {
                    load_blocks<8704>(ring, stages, {a_0, b_0, (k_0 + 128 - 1) / 128}, tile, m);
                    load_blocks<12800>(ring, stages, {a_1, b_1, (k_1 + 128 - 1) / 128}, tile, m);
                    load_blocks<16384>(ring, stages, {a_2, b_2, (k_2 + 128 - 1) / 128}, tile, m);
                }
            }
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 240;");
        // All partitions share them; one without channels has no addresses.
        const Factors factors = {k_0 > 0 ? sa_0 : k_1 > 0 ? sa_1 : k_2 > 0 ? sa_2 : 0, k_0 > 0 ? sb_0 : k_1 > 0 ? sb_1 : k_2 > 0 ? sb_2 : 0};
        unsigned char* slab = shared + SLABS + (warpgroup - 1) * SLAB_BYTES;
        #pragma unroll 1
        for (int index = Share::first_tile(); routing.find(index, tile); index += Share::tiles_at_once()) {
            float sums[BM / 2];
            #pragma unroll
            for (int i = 0; i < BM / 2; ++i) {
                sums[i] = 0.0f;
            }
            multiply_e2m1xe2m1(ring, stages, shared, warpgroup - 1, Share::count((k_0 + 128 - 1) / 128), sums);
            multiply_e3m2xe3m2(ring, stages, shared, warpgroup - 1, Share::count((k_1 + 128 - 1) / 128), sums);
            multiply_e4m3xe4m3(ring, stages, shared, warpgroup - 1, Share::count((k_2 + 128 - 1) / 128), sums);
            const Factors of_tile = {factors.token, factors.weight + (tile.source - tile.weight) * BN};
            const Epilogue epilogue = {};
            const int column = tile.weight * BN + (warpgroup - 1) * 64;
            store_sums<BM>(sums, epilogue, of_tile, {(Output*)d, tile.end, n, tile.token * BM, column}, slab);
        }
    }
}
