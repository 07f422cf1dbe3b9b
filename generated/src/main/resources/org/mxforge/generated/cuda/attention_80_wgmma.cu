// GENERATED from attention/v1;head=80|wgmma|sm_90a|; do not edit
// out = softmax(q . k / sqrt(HEAD)) . v over positions up to the row's own of the row's sequence, the last window of them, softmax and
// sums in FP32. q and out are [rows][heads][HEAD], k and v pages of the cache, BF16. out may be q. pages has table_length entries for
// each sequence; rows of a sequence lie together in ascending positions.
// Launch: at most as many blocks as there are multiprocessors, THREADS threads; not beside another launch of the kernel.
//
// A tile has the queries of `tokens` rows and of all heads that share keys. Warpgroup 0 copies: its first warp keys, its second
// values, its other warps queries. Warpgroups 1 and 2 multiply 64 queries each, one while the other computes exponentials.
//
// Tiles take as long as their rows see far. A block begins with the tile of its own number, and draws the next one while it works on one.

constexpr int HEAD = 80;
constexpr int ROWS = 128;
constexpr int KEYS = 128;
constexpr int STAGES = 2;
constexpr int THREADS = 384;
// Powers of 2, not of e.
constexpr float SCALE = 0.16129822f;
// Positions of a page of the cache.
constexpr int PAGE = 32;
// 16 channels of a tile, a row in 32 bytes.
constexpr int QUERY_BLOCK = ROWS * 32;
constexpr int KEY_BLOCK = KEYS * 32;
constexpr int QUERY_BYTES = HEAD / 16 * QUERY_BLOCK;
constexpr int KEY_BYTES = HEAD / 16 * KEY_BLOCK;

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

// Before the first product after other instructions wrote registers that it reads.
__device__ __forceinline__ void wgmma_fence() {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

// Closes a batch of products.
__device__ __forceinline__ void wgmma_commit() {
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

// Descriptor of rows of 32 bytes in the 32-byte swizzle, slabs of 8 rows 256 bytes apart. Steps along K add 2 for each 32
// bytes, steps along the rows add 16 for each slab.
__device__ __forceinline__ unsigned long long swizzled_rows(unsigned shared) {
    return 0xc000001000000000ull | ((shared & 0x3ffff) >> 4);
}

// scores (+)= queries * keys over 16 channels; `accumulate` 0 begins new sums.
__device__ __forceinline__ void wgmma_keys(
    float (&scores)[KEYS / 2], unsigned long long queries, unsigned long long keys, int accumulate) {
    asm volatile(
        "{\n"
        ".reg .pred accumulate;\n"
        "setp.ne.b32 accumulate, %66, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63}, "
        "%64, %65, accumulate, 1, 1, 0, 0;\n"
        "}"
        : "+f"(scores[0]), "+f"(scores[1]), "+f"(scores[2]), "+f"(scores[3]), "+f"(scores[4]), "+f"(scores[5]), "+f"(scores[6]), "+f"(scores[7]), "+f"(scores[8]), "+f"(scores[9]), "+f"(scores[10]), "+f"(scores[11]), "+f"(scores[12]), "+f"(scores[13]), "+f"(scores[14]), "+f"(scores[15]), "+f"(scores[16]), "+f"(scores[17]), "+f"(scores[18]), "+f"(scores[19]), "+f"(scores[20]), "+f"(scores[21]), "+f"(scores[22]), "+f"(scores[23]), "+f"(scores[24]), "+f"(scores[25]), "+f"(scores[26]), "+f"(scores[27]), "+f"(scores[28]), "+f"(scores[29]), "+f"(scores[30]), "+f"(scores[31]), "+f"(scores[32]), "+f"(scores[33]), "+f"(scores[34]), "+f"(scores[35]), "+f"(scores[36]), "+f"(scores[37]), "+f"(scores[38]), "+f"(scores[39]), "+f"(scores[40]), "+f"(scores[41]), "+f"(scores[42]), "+f"(scores[43]), "+f"(scores[44]), "+f"(scores[45]), "+f"(scores[46]), "+f"(scores[47]), "+f"(scores[48]), "+f"(scores[49]), "+f"(scores[50]), "+f"(scores[51]), "+f"(scores[52]), "+f"(scores[53]), "+f"(scores[54]), "+f"(scores[55]), "+f"(scores[56]), "+f"(scores[57]), "+f"(scores[58]), "+f"(scores[59]), "+f"(scores[60]), "+f"(scores[61]), "+f"(scores[62]), "+f"(scores[63])
        : "l"(queries), "l"(keys), "r"(accumulate));
}

// weighted += weights * values over 16 keys; values are transposed on their way, since their rows are the keys.
__device__ __forceinline__ void wgmma_values(float (&weighted)[HEAD / 2], const unsigned* weights, unsigned long long values) {
    asm volatile(
        "wgmma.mma_async.sync.aligned.m64n80k16.f32.bf16.bf16 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,%32,%33,%34,%35,%36,%37,%38,%39}, "
        "{%40,%41,%42,%43}, %44, 1, 1, 1, 1;"
        : "+f"(weighted[0]), "+f"(weighted[1]), "+f"(weighted[2]), "+f"(weighted[3]), "+f"(weighted[4]), "+f"(weighted[5]), "+f"(weighted[6]), "+f"(weighted[7]), "+f"(weighted[8]), "+f"(weighted[9]), "+f"(weighted[10]), "+f"(weighted[11]), "+f"(weighted[12]), "+f"(weighted[13]), "+f"(weighted[14]), "+f"(weighted[15]), "+f"(weighted[16]), "+f"(weighted[17]), "+f"(weighted[18]), "+f"(weighted[19]), "+f"(weighted[20]), "+f"(weighted[21]), "+f"(weighted[22]), "+f"(weighted[23]), "+f"(weighted[24]), "+f"(weighted[25]), "+f"(weighted[26]), "+f"(weighted[27]), "+f"(weighted[28]), "+f"(weighted[29]), "+f"(weighted[30]), "+f"(weighted[31]), "+f"(weighted[32]), "+f"(weighted[33]), "+f"(weighted[34]), "+f"(weighted[35]), "+f"(weighted[36]), "+f"(weighted[37]), "+f"(weighted[38]), "+f"(weighted[39])
        : "r"(weights[0]), "r"(weights[1]), "r"(weights[2]), "r"(weights[3]), "l"(values));
}

// Waits until at most PENDING batches are under way. Naming the sums keeps the compiler from reading them too early.
template <int PENDING>
__device__ __forceinline__ void wait_scores(float (&scores)[KEYS / 2]) {
    asm volatile("wgmma.wait_group.sync.aligned %64;"
                 : "+f"(scores[0]), "+f"(scores[1]), "+f"(scores[2]), "+f"(scores[3]), "+f"(scores[4]), "+f"(scores[5]), "+f"(scores[6]), "+f"(scores[7]), "+f"(scores[8]), "+f"(scores[9]), "+f"(scores[10]), "+f"(scores[11]), "+f"(scores[12]), "+f"(scores[13]), "+f"(scores[14]), "+f"(scores[15]), "+f"(scores[16]), "+f"(scores[17]), "+f"(scores[18]), "+f"(scores[19]), "+f"(scores[20]), "+f"(scores[21]), "+f"(scores[22]), "+f"(scores[23]), "+f"(scores[24]), "+f"(scores[25]), "+f"(scores[26]), "+f"(scores[27]), "+f"(scores[28]), "+f"(scores[29]), "+f"(scores[30]), "+f"(scores[31]), "+f"(scores[32]), "+f"(scores[33]), "+f"(scores[34]), "+f"(scores[35]), "+f"(scores[36]), "+f"(scores[37]), "+f"(scores[38]), "+f"(scores[39]), "+f"(scores[40]), "+f"(scores[41]), "+f"(scores[42]), "+f"(scores[43]), "+f"(scores[44]), "+f"(scores[45]), "+f"(scores[46]), "+f"(scores[47]), "+f"(scores[48]), "+f"(scores[49]), "+f"(scores[50]), "+f"(scores[51]), "+f"(scores[52]), "+f"(scores[53]), "+f"(scores[54]), "+f"(scores[55]), "+f"(scores[56]), "+f"(scores[57]), "+f"(scores[58]), "+f"(scores[59]), "+f"(scores[60]), "+f"(scores[61]), "+f"(scores[62]), "+f"(scores[63])
                 : "n"(PENDING)
                 : "memory");
}

__device__ __forceinline__ void wait_values(float (&weighted)[HEAD / 2]) {
    asm volatile("wgmma.wait_group.sync.aligned 0;" : "+f"(weighted[0]), "+f"(weighted[1]), "+f"(weighted[2]), "+f"(weighted[3]), "+f"(weighted[4]), "+f"(weighted[5]), "+f"(weighted[6]), "+f"(weighted[7]), "+f"(weighted[8]), "+f"(weighted[9]), "+f"(weighted[10]), "+f"(weighted[11]), "+f"(weighted[12]), "+f"(weighted[13]), "+f"(weighted[14]), "+f"(weighted[15]), "+f"(weighted[16]), "+f"(weighted[17]), "+f"(weighted[18]), "+f"(weighted[19]), "+f"(weighted[20]), "+f"(weighted[21]), "+f"(weighted[22]), "+f"(weighted[23]), "+f"(weighted[24]), "+f"(weighted[25]), "+f"(weighted[26]), "+f"(weighted[27]), "+f"(weighted[28]), "+f"(weighted[29]), "+f"(weighted[30]), "+f"(weighted[31]), "+f"(weighted[32]), "+f"(weighted[33]), "+f"(weighted[34]), "+f"(weighted[35]), "+f"(weighted[36]), "+f"(weighted[37]), "+f"(weighted[38]), "+f"(weighted[39]) : : "memory");
}

// Starts scores = queries * keys for the 64 queries of a warpgroup.
__device__ __forceinline__ void multiply_keys(float (&scores)[KEYS / 2], unsigned queries, unsigned keys) {
    wgmma_fence();
    #pragma unroll
    for (int i = 0; i < HEAD / 16; ++i) {
        wgmma_keys(
            scores,
            swizzled_rows(queries + i / 1 * QUERY_BLOCK + i % 1 * 32),
            swizzled_rows(keys + i / 1 * KEY_BLOCK + i % 1 * 32),
            i > 0);
    }
    wgmma_commit();
}

// Starts weighted += weights * values. Blocks of 16 channels are KEY_BLOCK apart, slabs of 8 keys 256 bytes.
__device__ __forceinline__ void multiply_values(float (&weighted)[HEAD / 2], const unsigned (&weights)[KEYS / 4], unsigned values) {
    constexpr unsigned long long BLOCKS = (unsigned long long)(KEY_BLOCK >> 4) << 16;
    wgmma_fence();
    #pragma unroll
    for (int i = 0; i < KEYS / 16; ++i) {
        wgmma_values(weighted, weights + 4 * i, swizzled_rows(values + i * 512) | BLOCKS);
    }
    wgmma_commit();
}

// What is there to be computed, and the tiles of it, the last rows first: they see the most.
struct Problem {
    int rows;
    int heads;
    int kv_heads;
    int window;
    int table_length;
    const int* positions;
    const int* sequences;
    const int* pages;

    __device__ __forceinline__ int group() const {
        return heads / kv_heads;
    }

    // Rows of a tile.
    __device__ __forceinline__ int tokens() const {
        return ROWS / group();
    }

    __device__ __forceinline__ int tiles() const {
        return (rows + tokens() - 1) / tokens() * kv_heads;
    }
};

struct Tile {
    int begin;
    int end;
    int kv_head;

    __device__ __forceinline__ Tile(int begin, int end, int kv_head) : begin(begin), end(end), kv_head(kv_head) {}

    // The tile of a number.
    __device__ __forceinline__ Tile(const Problem& problem, int index) {
        const int tokens = problem.tokens();
        begin = ((problem.rows + tokens - 1) / tokens - 1 - index / problem.kv_heads) * tokens;
        end = min(problem.rows, begin + tokens);
        kv_head = index % problem.kv_heads;
    }
};

// The rows of one sequence in a tile, and the positions that some of them see: `first` is the beginning of a step.
struct Run {
    int begin;
    int end;
    int first;
    int limit;
    const int* table;

    __device__ __forceinline__ Run(const Problem& problem, const Tile& tile, int row) : begin(row), end(tile.end) {
        const int sequence = problem.sequences[begin];
        if (problem.sequences[end - 1] != sequence) {
            for (end = begin + 1; problem.sequences[end] == sequence; ++end) {
            }
        }
        first = max(0, problem.positions[begin] + 1 - problem.window) / KEYS * KEYS;
        limit = problem.positions[end - 1] + 1;
        table = problem.pages + (long long)sequence * problem.table_length;
    }
};

// How many tiles were drawn in this launch; 0 before and behind it.
__device__ unsigned drawn;

// A tile that no block has had yet, or a number behind the last. Each block draws until there is none, so that a launch of as many blocks
// as its grid has draws once for each tile: with the last one the count is 0 again.
__device__ __forceinline__ int draw_tile(const Problem& problem) {
    return gridDim.x + atomicInc(&drawn, problem.tiles() - 1);
}

// What the multiplying warpgroups wait for and let go of.
struct Barriers {
    Ring keys;
    Ring values;
    Ring queries;
};

// Waits for the queries of a tile; its number.
__device__ __forceinline__ int await_tile(const Ring& queries, const int* tiles) {
    barrier_wait(queries.full_barrier(), queries.parity);
    return tiles[queries.stage];
}

// Copies the pages of one step of keys, or of values, as one of the 32 threads of a warp. In a page a position lies behind the other, in
// shared memory a block of 16 channels behind the other. Whole eights of rows further down, pieces are swapped alike.
__device__ __forceinline__ void copy_pages(
    const unsigned short* cache, const long long (&pages)[KEYS / PAGE], int count, unsigned char* tile, Ring& ring) {
    constexpr int AT_ONCE = 32 / 2;
    const int row = threadIdx.x % 32 / 2;
    const int piece = threadIdx.x % 2;
    const unsigned short* from = cache + row * HEAD + piece * 8;
    unsigned char* to = tile + ring.stage * KEY_BYTES + row * 32 + (piece ^ row / 4 % 2) * 16;
    barrier_wait(ring.empty_barrier(), ring.parity ^ 1);
    #pragma unroll
    for (int i = 0; i < KEYS / PAGE; ++i) {
        if (i < count) {
            #pragma unroll
            for (int block = 0; block < HEAD / 16; ++block) {
                #pragma unroll
                for (int more = 0; more < PAGE; more += AT_ONCE) {
                    const unsigned short* piece_of_page = from + pages[i] + more * HEAD + block * 16;
                    unsigned char* place = to + block * KEY_BLOCK + (i * PAGE + more) * 32;
                    copy_async<16>(place, (const unsigned char*)piece_of_page, true);
                }
            }
        }
    }
    copy_commit();
    copy_wait<0>();
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    barrier_arrive(ring.full_barrier());
    ring.advance();
}

// Keys, or values, of all tiles. Values of a tile may be late, when its queries are let go of already: whoever has read its number says so.
__device__ __forceinline__ void copy_cache(
    const Problem& problem, const unsigned short* cache, Ring ring, Ring queries, const int* tiles, unsigned char* stages) {
    // The first tile is known before its queries are there.
    for (int index = blockIdx.x; index < problem.tiles(); index = await_tile(queries, tiles)) {
        const Tile tile(problem, index);
        for (int row = tile.begin; row < tile.end;) {
            const Run run(problem, tile, row);
            for (int first = run.first; first < run.limit; first += KEYS) {
                const int count = min(KEYS / PAGE, (run.limit - first + PAGE - 1) / PAGE);
                long long pages[KEYS / PAGE];
                #pragma unroll
                for (int i = 0; i < KEYS / PAGE; ++i) {
                    const long long page = i < count ? run.table[first / PAGE + i] : 0;
                    pages[i] = (page * problem.kv_heads + tile.kv_head) * PAGE * HEAD;
                }
                copy_pages(cache, pages, count, stages, ring);
            }
            row = run.end;
        }
        __syncwarp();
        if (threadIdx.x % 32 == 0) {
            barrier_arrive(queries.empty_barrier());
        }
        queries.advance();
    }
}

// Queries are gathered by 64 threads: rows of a tile are rows of several heads. The first of them draws tiles, as soon as there is room.
__device__ __forceinline__ void copy_queries(
    const Problem& problem, const unsigned short* q, Ring& ring, int* tiles, unsigned char* queries) {
    const int group = problem.group();
    for (bool first = true, done = false; !done; first = false) {
        barrier_wait(ring.empty_barrier(), ring.parity ^ 1);
        if (threadIdx.x == 64) {
            tiles[ring.stage] = first ? blockIdx.x : draw_tile(problem);
        }
        named_barrier<64>(4);
        const int index = tiles[ring.stage];
        done = index >= problem.tiles();
        const Tile tile(problem, index);
        const int pieces = done ? 0 : ROWS * HEAD / 8;
        #pragma unroll 4
        for (int i = threadIdx.x - 64; i < pieces; i += 64) {
            // A block after the other, so that eight threads write to different banks.
            const int row = i / 2 % ROWS;
            const int piece = i / (2 * ROWS) * 2 + i % 2;
            const int token = tile.begin + row / group;
            uint4 words = make_uint4(0, 0, 0, 0);
            if (row < problem.tokens() * group && token < tile.end) {
                const int head = tile.kv_head * group + row % group;
                words = *(const uint4*)(q + ((long long)token * problem.heads + head) * HEAD + piece * 8);
            }
            unsigned char* to = queries + ring.stage * QUERY_BYTES + piece / 2 * QUERY_BLOCK + row * 32;
            *(uint4*)(to + (piece % 2 ^ row / 4 % 2) * 16) = words;
        }
        asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
        barrier_arrive(ring.full_barrier());
        ring.advance();
    }
}

// A query of a tile: row r is that of token r / group and of its head r % group. A thread has two of the 16 rows of its warp, which
// begin at `warp_row`. Rows that a tile has too many are of tokens behind it.
struct Query {
    int token;
    int head;

    __device__ __forceinline__ Query(const Problem& problem, const Tile& tile, int warp_row, int half) {
        const int row = warp_row + threadIdx.x % 32 / 4 + 8 * half;
        const int group = problem.group();
        token = tile.begin + row / group;
        head = tile.kv_head * group + row % group;
    }

    // Whether it is one of the rows from `begin` to before `end`.
    __device__ __forceinline__ bool is_in(int begin, int end) const {
        return token >= begin && token < end;
    }

    // Where its channels are in queries and results.
    __device__ __forceinline__ long long place(const Problem& problem) const {
        return ((long long)token * problem.heads + head) * HEAD + threadIdx.x % 4 * 2;
    }
};

// Which positions the two queries of a thread see, those from `first` to `last`. Whoever is not of the run sees all of it, for nobody.
struct Sight {
    int first[2];
    int last[2];
    // The positions that all queries of the warp see.
    int all_from;
    int all_to;

    __device__ __forceinline__ Sight(const Problem& problem, const Tile& tile, const Run& run, int warp_row) {
        #pragma unroll
        for (int half = 0; half < 2; ++half) {
            const Query query(problem, tile, warp_row, half);
            const bool is_there = query.is_in(run.begin, run.end);
            last[half] = is_there ? problem.positions[query.token] : run.limit - 1;
            first[half] = is_there ? last[half] + 1 - problem.window : 0;
        }
        all_from = __reduce_max_sync(0xffffffffu, max(first[0], first[1]));
        all_to = __reduce_min_sync(0xffffffffu, min(last[0], last[1]));
    }

    __device__ __forceinline__ void mask(float (&scores)[KEYS / 2], int step) const {
        if (step >= all_from && step + KEYS - 1 <= all_to) {
            return;
        }
        #pragma unroll
        for (int i = 0; i < KEYS / 2; ++i) {
            const int position = step + i / 4 * 8 + threadIdx.x % 4 * 2 + i % 2;
            if (position < first[i / 2 % 2] || position > last[i / 2 % 2]) {
                scores[i] = __int_as_float(0xff800000);
            }
        }
    }
};

__device__ __forceinline__ float power_of_2(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// The largest score of each of a thread's two rows so far, and the sum of its weights.
struct Softmax {
    float largest[2] = {__int_as_float(0xff800000), __int_as_float(0xff800000)};
    float sum[2] = {0.0f, 0.0f};
    float factor[2];

    // Makes weights of the scores of a step; what was summed before has to be multiplied by `factor`.
    __device__ __forceinline__ void take(float (&scores)[KEYS / 2], const Sight& sight, int step) {
        sight.mask(scores, step);
        #pragma unroll
        for (int half = 0; half < 2; ++half) {
            float best = largest[half];
            #pragma unroll
            for (int i = 2 * half; i < KEYS / 2; i += 4) {
                best = fmaxf(best, fmaxf(scores[i], scores[i + 1]));
            }
            best = fmaxf(best, __shfl_xor_sync(0xffffffffu, best, 1));
            best = fmaxf(best, __shfl_xor_sync(0xffffffffu, best, 2));
            // A row that has seen nothing yet has weights of 0, not NaN.
            const float offset = best == __int_as_float(0xff800000) ? 0.0f : best * SCALE;
            factor[half] = power_of_2(fmaf(largest[half], SCALE, -offset));
            largest[half] = best;
            float total = 0.0f;
            #pragma unroll
            for (int i = 2 * half; i < KEYS / 2; i += 4) {
                scores[i] = power_of_2(fmaf(scores[i], SCALE, -offset));
                scores[i + 1] = power_of_2(fmaf(scores[i + 1], SCALE, -offset));
                total += scores[i] + scores[i + 1];
            }
            sum[half] = fmaf(sum[half], factor[half], total);
        }
    }

    __device__ __forceinline__ void shrink(float (&weighted)[HEAD / 2]) const {
        #pragma unroll
        for (int i = 0; i < HEAD / 2; ++i) {
            weighted[i] *= factor[i / 2 % 2];
        }
    }

    // The sum of all weights of a row, which four lanes have.
    __device__ __forceinline__ float total(int half) const {
        float total = sum[half];
        total += __shfl_xor_sync(0xffffffffu, total, 1);
        total += __shfl_xor_sync(0xffffffffu, total, 2);
        return total;
    }
};

// What a product has in its sums is what the next one wants in its registers.
__device__ __forceinline__ void round_weights(const float (&scores)[KEYS / 2], unsigned (&weights)[KEYS / 4]) {
    #pragma unroll
    for (int i = 0; i < KEYS / 4; ++i) {
        weights[i] = bf16_pair(scores[2 * i], scores[2 * i + 1]);
    }
}

__device__ __forceinline__ void store_rows(
    const float (&weighted)[HEAD / 2], const Softmax& softmax, const Problem& problem, const Tile& tile, const Run& run,
    int warp_row, unsigned short* out) {
    #pragma unroll
    for (int half = 0; half < 2; ++half) {
        const float reciprocal = 1.0f / softmax.total(half);
        const Query query(problem, tile, warp_row, half);
        if (query.is_in(run.begin, run.end)) {
            unsigned short* to = out + query.place(problem);
            #pragma unroll
            for (int i = 0; i < HEAD / 8; ++i) {
                *(unsigned*)(to + 8 * i) =
                    bf16_pair(weighted[4 * i + 2 * half] * reciprocal, weighted[4 * i + 2 * half + 1] * reciprocal);
            }
        }
    }
}

// Lets the copying threads write again.
__device__ __forceinline__ void release(unsigned empty_barrier) {
    if (threadIdx.x % 32 == 0) {
        barrier_arrive(empty_barrier);
    }
}

// Barrier 0 is that of the block, 1 that of both multiplying warpgroups; these say whose turn it is.
__device__ __forceinline__ void await_turn(int warpgroup) {
    named_barrier<256>(2 + warpgroup);
}

__device__ __forceinline__ void end_turn(int warpgroup) {
    asm volatile("bar.arrive %0, 256;" ::"r"(3 - warpgroup) : "memory");
}

// Values of positions that no copy brought have no weight, but must be numbers.
__device__ __forceinline__ void clear_values(unsigned char* values, int from) {
    #pragma unroll
    for (int block = 0; block < HEAD / 16; ++block) {
        for (int i = threadIdx.x - 128 + from * 2; i < KEYS * 2; i += 256) {
            *(uint4*)(values + block * KEY_BLOCK + i * 16) = make_uint4(0, 0, 0, 0);
        }
    }
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
    named_barrier<256>(1);
}

__device__ __forceinline__ void attend(
    const Problem& problem, const Tile& tile, const Run& run, Barriers& barriers, unsigned queries, unsigned keys,
    unsigned values, unsigned char* value_tiles, int warpgroup, unsigned short* out) {
    const int warp_row = threadIdx.x / 32 * 16 - 64;
    const Sight sight(problem, tile, run, warp_row);
    float weighted[HEAD / 2];
    #pragma unroll
    for (int i = 0; i < HEAD / 2; ++i) {
        weighted[i] = 0.0f;
    }
    Softmax softmax;
    float scores[KEYS / 2];
    unsigned weights[KEYS / 4];
    barrier_wait(barriers.keys.full_barrier(), barriers.keys.parity);
    await_turn(warpgroup);
    multiply_keys(scores, queries, keys + barriers.keys.stage * KEY_BYTES);
    end_turn(warpgroup);
    wait_scores<0>(scores);
    release(barriers.keys.empty_barrier());
    barriers.keys.advance();
    softmax.take(scores, sight, run.first);
    round_weights(scores, weights);
    for (int first = run.first + KEYS; first < run.limit; first += KEYS) {
        barrier_wait(barriers.keys.full_barrier(), barriers.keys.parity);
        await_turn(warpgroup);
        multiply_keys(scores, queries, keys + barriers.keys.stage * KEY_BYTES);
        barrier_wait(barriers.values.full_barrier(), barriers.values.parity);
        multiply_values(weighted, weights, values + barriers.values.stage * KEY_BYTES);
        end_turn(warpgroup);
        wait_scores<1>(scores);
        release(barriers.keys.empty_barrier());
        barriers.keys.advance();
        softmax.take(scores, sight, first);
        wait_values(weighted);
        release(barriers.values.empty_barrier());
        barriers.values.advance();
        softmax.shrink(weighted);
        round_weights(scores, weights);
    }
    if (run.end == tile.end) {
        release(barriers.queries.empty_barrier());
    }
    barrier_wait(barriers.values.full_barrier(), barriers.values.parity);
    if (run.limit % KEYS != 0) {
        clear_values(value_tiles + barriers.values.stage * KEY_BYTES, run.limit % KEYS);
    }
    multiply_values(weighted, weights, values + barriers.values.stage * KEY_BYTES);
    wait_values(weighted);
    release(barriers.values.empty_barrier());
    barriers.values.advance();
    store_rows(weighted, softmax, problem, tile, run, warp_row, out);
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) attention_80_wgmma(
    int rows, int heads, int kv_heads, int window, int table_length, const int* row_positions, const int* sequences,
    const int* pages, const unsigned short* q, const unsigned short* k, const unsigned short* v, unsigned short* out) {
    extern __shared__ __align__(1024) unsigned char shared[];
    // Of queries, keys and values: full and empty.
    __shared__ __align__(8) unsigned long long barrier_words[3][2][STAGES];
    // The tile that the queries of each stage are of; behind the last one there are none.
    __shared__ int tiles[STAGES];
    const unsigned base = (unsigned)__cvta_generic_to_shared(barrier_words);
    const unsigned queries = (unsigned)__cvta_generic_to_shared(shared);
    const unsigned keys = queries + STAGES * QUERY_BYTES;
    const unsigned values = keys + STAGES * KEY_BYTES;
    Barriers barriers = {{base + 16 * STAGES, base + 24 * STAGES, 0, 0}, {base + 32 * STAGES, base + 40 * STAGES, 0, 0}, {base, base + 8 * STAGES, 0, 0}};
    const Problem problem = {rows, heads, kv_heads, window, table_length, row_positions, sequences, pages};
    if (threadIdx.x == 0) {
        for (int stage = 0; stage < STAGES; ++stage) {
            barrier_init(barriers.queries.full + 8 * stage, 64);  // the threads that copy queries
            barrier_init(barriers.keys.full + 8 * stage, 32);
            barrier_init(barriers.values.full + 8 * stage, 32);
            barrier_init(barriers.queries.empty + 8 * stage, 10);  // the warps that multiply, and those that copy for them
            barrier_init(barriers.keys.empty + 8 * stage, 8);
            barrier_init(barriers.values.empty + 8 * stage, 8);
        }
        asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    }
    __syncthreads();
    if (threadIdx.x < 128) {
        asm volatile("setmaxnreg.dec.sync.aligned.u32 56;");
        if (threadIdx.x < 32) {
            copy_cache(problem, k, barriers.keys, barriers.queries, tiles, shared + (keys - queries));
        } else if (threadIdx.x < 64) {
            copy_cache(problem, v, barriers.values, barriers.queries, tiles, shared + (values - queries));
        } else {
            copy_queries(problem, q, barriers.queries, tiles, shared);
        }
    } else {
        asm volatile("setmaxnreg.inc.sync.aligned.u32 224;");
        const int warpgroup = threadIdx.x / 128 - 1;
        if (warpgroup == 1) {
            end_turn(warpgroup);
        }
        for (int index; (index = await_tile(barriers.queries, tiles)) < problem.tiles();) {
            const Tile tile(problem, index);
            const unsigned own = queries + barriers.queries.stage * QUERY_BYTES + warpgroup * 64 * 32;
            for (int row = tile.begin; row < tile.end;) {
                const Run run(problem, tile, row);
                attend(problem, tile, run, barriers, own, keys, values, shared + (values - queries), warpgroup, out);
                row = run.end;
            }
            barriers.queries.advance();
        }
        if (warpgroup == 0) {
            await_turn(warpgroup);
        }
    }
}
