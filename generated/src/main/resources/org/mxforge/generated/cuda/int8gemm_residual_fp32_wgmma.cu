// GENERATED from int8gemm/v1;epilogue=residual;out=fp32|wgmma|sm_90a|bm=256,bn=128,promote=0,split=1; do not edit
// D[m, n] = epilogue((A[m, :] . B[n, :]) * (row_scales[m] * column_scales[n])): the sum is exact, one rounding to FP32, one to the output.
// A and B are tiles of 128 rows by 128 channels.
// Launch: at most as many blocks as there are multiprocessors or, where clusters share the channels, a cluster for each tile of D;
// THREADS threads, SHARED_BYTES bytes of shared memory.
//
// Warpgroup 0 copies, warpgroups 1 and 2 multiply 64 rows of weights each by BM tokens; a block takes one tile of D after another.

constexpr int BM = 256;
constexpr int BN = 128;
constexpr int STAGES = 4;
constexpr int THREADS = 384;
// Tokens of one product instruction.
constexpr int WAVE = 256;
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
__device__ __forceinline__ void wgmma_wait(int (&sums)[WAVE / 2]) {
    asm volatile("wgmma.wait_group.sync.aligned %128;"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3]), "+r"(sums[4]), "+r"(sums[5]), "+r"(sums[6]), "+r"(sums[7]), "+r"(sums[8]), "+r"(sums[9]), "+r"(sums[10]), "+r"(sums[11]), "+r"(sums[12]), "+r"(sums[13]), "+r"(sums[14]), "+r"(sums[15]), "+r"(sums[16]), "+r"(sums[17]), "+r"(sums[18]), "+r"(sums[19]), "+r"(sums[20]), "+r"(sums[21]), "+r"(sums[22]), "+r"(sums[23]), "+r"(sums[24]), "+r"(sums[25]), "+r"(sums[26]), "+r"(sums[27]), "+r"(sums[28]), "+r"(sums[29]), "+r"(sums[30]), "+r"(sums[31]), "+r"(sums[32]), "+r"(sums[33]), "+r"(sums[34]), "+r"(sums[35]), "+r"(sums[36]), "+r"(sums[37]), "+r"(sums[38]), "+r"(sums[39]), "+r"(sums[40]), "+r"(sums[41]), "+r"(sums[42]), "+r"(sums[43]), "+r"(sums[44]), "+r"(sums[45]), "+r"(sums[46]), "+r"(sums[47]), "+r"(sums[48]), "+r"(sums[49]), "+r"(sums[50]), "+r"(sums[51]), "+r"(sums[52]), "+r"(sums[53]), "+r"(sums[54]), "+r"(sums[55]), "+r"(sums[56]), "+r"(sums[57]), "+r"(sums[58]), "+r"(sums[59]), "+r"(sums[60]), "+r"(sums[61]), "+r"(sums[62]), "+r"(sums[63]), "+r"(sums[64]), "+r"(sums[65]), "+r"(sums[66]), "+r"(sums[67]), "+r"(sums[68]), "+r"(sums[69]), "+r"(sums[70]), "+r"(sums[71]), "+r"(sums[72]), "+r"(sums[73]), "+r"(sums[74]), "+r"(sums[75]), "+r"(sums[76]), "+r"(sums[77]), "+r"(sums[78]), "+r"(sums[79]), "+r"(sums[80]), "+r"(sums[81]), "+r"(sums[82]), "+r"(sums[83]), "+r"(sums[84]), "+r"(sums[85]), "+r"(sums[86]), "+r"(sums[87]), "+r"(sums[88]), "+r"(sums[89]), "+r"(sums[90]), "+r"(sums[91]), "+r"(sums[92]), "+r"(sums[93]), "+r"(sums[94]), "+r"(sums[95]), "+r"(sums[96]), "+r"(sums[97]), "+r"(sums[98]), "+r"(sums[99]), "+r"(sums[100]), "+r"(sums[101]), "+r"(sums[102]), "+r"(sums[103]), "+r"(sums[104]), "+r"(sums[105]), "+r"(sums[106]), "+r"(sums[107]), "+r"(sums[108]), "+r"(sums[109]), "+r"(sums[110]), "+r"(sums[111]), "+r"(sums[112]), "+r"(sums[113]), "+r"(sums[114]), "+r"(sums[115]), "+r"(sums[116]), "+r"(sums[117]), "+r"(sums[118]), "+r"(sums[119]), "+r"(sums[120]), "+r"(sums[121]), "+r"(sums[122]), "+r"(sums[123]), "+r"(sums[124]), "+r"(sums[125]), "+r"(sums[126]), "+r"(sums[127])
                 : "n"(PENDING)
                 : "memory");
}

// sums (+)= weights * tokens over 32 channels of INT8, both in shared memory; `accumulate` 0 begins new sums.
__device__ __forceinline__ void wgmma_shared_int8(
    int (&sums)[WAVE / 2], unsigned long long weights, unsigned long long tokens, int accumulate) {
    asm volatile(
        "{\n"
        ".reg .pred accumulate;\n"
        "setp.ne.b32 accumulate, %130, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n256k32.s32.s8.s8 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63,%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79,%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95,%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111,%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127}, "
        "%128, %129, accumulate;\n"
        "}"
        : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3]), "+r"(sums[4]), "+r"(sums[5]), "+r"(sums[6]), "+r"(sums[7]), "+r"(sums[8]), "+r"(sums[9]), "+r"(sums[10]), "+r"(sums[11]), "+r"(sums[12]), "+r"(sums[13]), "+r"(sums[14]), "+r"(sums[15]), "+r"(sums[16]), "+r"(sums[17]), "+r"(sums[18]), "+r"(sums[19]), "+r"(sums[20]), "+r"(sums[21]), "+r"(sums[22]), "+r"(sums[23]), "+r"(sums[24]), "+r"(sums[25]), "+r"(sums[26]), "+r"(sums[27]), "+r"(sums[28]), "+r"(sums[29]), "+r"(sums[30]), "+r"(sums[31]), "+r"(sums[32]), "+r"(sums[33]), "+r"(sums[34]), "+r"(sums[35]), "+r"(sums[36]), "+r"(sums[37]), "+r"(sums[38]), "+r"(sums[39]), "+r"(sums[40]), "+r"(sums[41]), "+r"(sums[42]), "+r"(sums[43]), "+r"(sums[44]), "+r"(sums[45]), "+r"(sums[46]), "+r"(sums[47]), "+r"(sums[48]), "+r"(sums[49]), "+r"(sums[50]), "+r"(sums[51]), "+r"(sums[52]), "+r"(sums[53]), "+r"(sums[54]), "+r"(sums[55]), "+r"(sums[56]), "+r"(sums[57]), "+r"(sums[58]), "+r"(sums[59]), "+r"(sums[60]), "+r"(sums[61]), "+r"(sums[62]), "+r"(sums[63]), "+r"(sums[64]), "+r"(sums[65]), "+r"(sums[66]), "+r"(sums[67]), "+r"(sums[68]), "+r"(sums[69]), "+r"(sums[70]), "+r"(sums[71]), "+r"(sums[72]), "+r"(sums[73]), "+r"(sums[74]), "+r"(sums[75]), "+r"(sums[76]), "+r"(sums[77]), "+r"(sums[78]), "+r"(sums[79]), "+r"(sums[80]), "+r"(sums[81]), "+r"(sums[82]), "+r"(sums[83]), "+r"(sums[84]), "+r"(sums[85]), "+r"(sums[86]), "+r"(sums[87]), "+r"(sums[88]), "+r"(sums[89]), "+r"(sums[90]), "+r"(sums[91]), "+r"(sums[92]), "+r"(sums[93]), "+r"(sums[94]), "+r"(sums[95]), "+r"(sums[96]), "+r"(sums[97]), "+r"(sums[98]), "+r"(sums[99]), "+r"(sums[100]), "+r"(sums[101]), "+r"(sums[102]), "+r"(sums[103]), "+r"(sums[104]), "+r"(sums[105]), "+r"(sums[106]), "+r"(sums[107]), "+r"(sums[108]), "+r"(sums[109]), "+r"(sums[110]), "+r"(sums[111]), "+r"(sums[112]), "+r"(sums[113]), "+r"(sums[114]), "+r"(sums[115]), "+r"(sums[116]), "+r"(sums[117]), "+r"(sums[118]), "+r"(sums[119]), "+r"(sums[120]), "+r"(sums[121]), "+r"(sums[122]), "+r"(sums[123]), "+r"(sums[124]), "+r"(sums[125]), "+r"(sums[126]), "+r"(sums[127])
        : "l"(weights), "l"(tokens), "r"(accumulate));
}

// One operand: its tiles of 128 rows by 128 channels, `blocks` of them to a row of tiles.
struct Tiles {
    const unsigned char* tokens;
    const unsigned char* weights;
    int blocks;
};

// Plain operands have none but scales, which are multiplied in before a sum is stored.
struct Factors {};

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

__device__ __forceinline__ void multiply_int8(
    Ring& ring, unsigned stages, const unsigned char* shared, int warpgroup, int blocks, int (&sums)[BM / 2]) {
    unsigned pending = 0;
    #pragma unroll 1
    for (int block = 0; block < blocks; ++block) {
        barrier_wait(ring.full_barrier(), ring.parity);
        const unsigned stage = stages + ring.stage * STAGE_BYTES;
        const unsigned long long tokens = swizzled_rows(stage);
        const unsigned long long weights = swizzled_rows(stage + TOKEN_BYTES + warpgroup * 8192);
        wgmma_fence();
        #pragma unroll
        for (int j = 0; j < 4; ++j) {
            wgmma_shared_int8(sums, weights + 2 * j, tokens + 2 * j, 1);
        }
        wgmma_commit();
        if (pending != 0) {
            wgmma_wait<1>(sums);
            release(pending);
        }
        pending = ring.empty_barrier();
        ring.advance();
    }
    wgmma_wait<0>(sums);
    if (pending != 0) {
        release(pending);
    }
}

typedef float Output;

__device__ __forceinline__ float output_value(Output value) {
    return value;
}

__device__ __forceinline__ Output output_round(float value) {
    return value;
}

__device__ __forceinline__ void output_store(Output* at, Output first, Output second) {
    *(float2*)at = make_float2(first, second);
}

// The residual may be the output itself: each element is read by the thread that then writes it.
struct Epilogue {
    const Output* residual;

    __device__ __forceinline__ float operator()(float acc, long long at, int column) const {
        return acc + output_value(residual[at]);
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

// Four floats beyond a row keep the lanes of a store in different banks.
constexpr int SLAB_PITCH = 64 + 4;
constexpr int SLAB_BYTES = 32 * SLAB_PITCH * 4;

// Reads what lies where eight outputs of one token go.
__device__ __forceinline__ void load_8(const Output* from, const Place& place, int row, int column, Output (&values)[8]) {
    if (row >= place.m || column >= place.n) {
        return;
    }
    from += (long long)row * place.n + column;
    if (place.n % 8 == 0) {
        #pragma unroll
        for (int i = 0; i < (int)sizeof(Output) / 2; ++i) {
            ((uint4*)values)[i] = ((const uint4*)from)[i];
        }
    } else {
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            if (column + i < place.n) {
                values[i] = from[i];
            }
        }
    }
}

// What eight outputs of one token are finished with.
struct Ending {
    Output operand[8];
};

__device__ __forceinline__ Ending ending_of(
    const Epilogue& epilogue, const Factors& factors, const Place& place, int row, int column) {
    Ending ending = {};
    load_8(epilogue.residual, place, row, column, ending.operand);
    return ending;
}

// Brings what the epilogue reads of a warpgroup's part of a tile nearer, while it multiplies.
template <int TOKENS>
__device__ __forceinline__ void expect_operand(const Epilogue& epilogue, const Place& place) {
    constexpr int LINES = 64 * sizeof(Output) / 128;
    int thread = threadIdx.x % 128;
    asm volatile("" : "+r"(thread));  // as in store_sums
    #pragma unroll 1
    for (int i = thread; i < TOKENS * LINES; i += 128) {
        const int row = place.row + i / LINES;
        const int column = place.column + i % LINES * (64 / LINES);
        if (row < place.m && column < place.n) {
            asm volatile("prefetch.global.L2 [%0];" ::"l"(epilogue.residual + (long long)row * place.n + column));
        }
    }
}

template <int TOKENS>
__device__ __forceinline__ void store_sums(
    const float (&sums)[TOKENS / 2], const Epilogue& epilogue, const Factors& factors, const Place& place, unsigned char* slab) {
    constexpr int PARTS = TOKENS / 32;
    int thread = threadIdx.x % 128;
    asm volatile("" : "+r"(thread));  // or addresses that are the same for all tiles are kept through the main loop, and spilled
    const int lane = thread % 32;
    const int output = thread / 32 * 16 + lane / 4;
    // Of each part a thread finishes eight outputs of two tokens.
    const int row0 = place.row + thread / 8;
    const int column = place.column + thread % 8 * 8;
    float* staged = (float*)slab;
    Ending next = ending_of(epilogue, factors, place, row0, column);
    #pragma unroll
    for (int part = 0; part < PARTS; ++part) {
        #pragma unroll
        for (int j = 0; j < 4; ++j) {
            #pragma unroll
            for (int i = 0; i < 4; ++i) {
                staged[(8 * j + 2 * (lane % 4) + i % 2) * SLAB_PITCH + output + i / 2 * 8] = sums[4 * (4 * part + j) + i];
            }
        }
        named_barrier<128>(threadIdx.x / 128);
        #pragma unroll
        for (int u = 0; u < 2; ++u) {
            const int row = row0 + 32 * part + 16 * u;
            const Ending now = next;
            if (part < PARTS - 1 || u == 0) {
                next = ending_of(epilogue, factors, place, row + 16, column);
            }
            const float* line = staged + (thread / 8 + 16 * u) * SLAB_PITCH + thread % 8 * 8;
            Output values[8];
            #pragma unroll
            for (int c = 0; c < 8; ++c) {
                const float sum = line[c];
                values[c] = output_round(Epilogue{now.operand}(sum, c, column + c));
            }
            store_8(place, row, column, values);
        }
        named_barrier<128>(threadIdx.x / 128);
    }
}

// Each step is rounded by itself: what an epilogue adds must not be fused into the product.
__device__ __forceinline__ float scaled_sum(int sum, float row_scale, float column_scale) {
    return __fmul_rn(__int2float_rn(sum), __fmul_rn(row_scale, column_scale));
}

// Sums to numbers: a thread holds rows g and g + 8 of its warp's weights, and two tokens in each eight.
__device__ __forceinline__ void scale_sums(
    const int (&sums)[BM / 2], const float* row_scales, const float* column_scales, const Place& place, float (&scaled)[BM / 2]) {
    const int lane = threadIdx.x % 32;
    const int column = place.column + threadIdx.x % 128 / 32 * 16 + lane / 4;
    const float weights[2] = {column_scales[min(column, place.n - 1)], column_scales[min(column + 8, place.n - 1)]};
    #pragma unroll
    for (int j = 0; j < BM / 8; ++j) {
        #pragma unroll
        for (int i = 0; i < 2; ++i) {
            const float token = row_scales[min(place.row + 8 * j + 2 * (lane % 4) + i, place.m - 1)];
            scaled[4 * j + i] = scaled_sum(sums[4 * j + i], token, weights[0]);
            scaled[4 * j + 2 + i] = scaled_sum(sums[4 * j + 2 + i], token, weights[1]);
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) int8gemm_residual_fp32_wgmma(
    int m,
    int n,
    int k,
    const unsigned char* a,
    const unsigned char* b,
    const float* row_scales,
    const float* column_scales,
    const Output* residual,
    void* d) {
    extern __shared__ __align__(1024) unsigned char shared[];
    const unsigned stages = (unsigned)__cvta_generic_to_shared(shared);
    const unsigned barriers = stages + SLABS + 2 * SLAB_BYTES;
    Ring ring = {barriers, barriers + 8 * STAGES, 0, 0};
    const int warpgroup = threadIdx.x / 128;
    Routing routing = {m, (m + BM - 1) / BM, (n + BN - 1) / BN};
    const int blocks = (k + 127) / 128;
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
                load_blocks<16384>(ring, stages, {a, b, blocks}, tile, m);
            }
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 240;");
        unsigned char* slab = shared + SLABS + (warpgroup - 1) * SLAB_BYTES;
        #pragma unroll 1
        for (int index = Share::first_tile(); routing.find(index, tile); index += Share::tiles_at_once()) {
            int sums[BM / 2];
            #pragma unroll
            for (int i = 0; i < BM / 2; ++i) {
                sums[i] = 0;
            }
            expect_operand<BM>({residual}, {(Output*)d, tile.end, n, tile.token * BM, tile.weight * BN + (warpgroup - 1) * 64});
            multiply_int8(ring, stages, shared, warpgroup - 1, Share::count(blocks), sums);
            const Epilogue epilogue = {residual};
            const int column = tile.weight * BN + (warpgroup - 1) * 64;
            const Place place = {(Output*)d, tile.end, n, tile.token * BM, column};
            float scaled[BM / 2];
            scale_sums(sums, row_scales, column_scales, place, scaled);
            store_sums<BM>(scaled, epilogue, Factors(), place, slab);
        }
    }
}
