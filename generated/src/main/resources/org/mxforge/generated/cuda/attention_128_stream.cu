// GENERATED from attention/v1;head=128|stream|sm_90a|bn=16,parts=8,stages=2,warps=8; do not edit
// out = softmax(q . k / sqrt(HEAD)) . v over positions up to the row's own of the row's sequence, the last window of them, softmax and
// sums in FP32. q and out are [rows][heads][HEAD] BF16, k and v pages of the cache. out may be q. pages has table_length entries for
// each sequence.
// Launch: grid (rows * PARTS, kv_heads), in clusters of PARTS blocks; THREADS threads.
//
// A tile has the queries of one row and of all heads that share keys. Its warps, in all PARTS blocks, take the steps of KEYS positions in
// turn, each through its own stages; what they have seen is brought together at the end.

constexpr int HEAD = 128;
constexpr int ROWS = 16;
constexpr int KEYS = 16;
constexpr int STAGES = 2;
constexpr int WARPS = 8;
constexpr int PARTS = 8;
constexpr int THREADS = 32 * WARPS;
// Threads that copy together.
constexpr int COPIERS = 32;
// Powers of 2, not of e.
constexpr float SCALE = 0.12751743f;

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

// Positions of a page.
constexpr unsigned PAGE = 32;

// Where the page of a position has one key/value head.
__device__ __forceinline__ long long page_place(const int* table, unsigned position, int kv_heads, int kv_head, int head) {
    return ((long long)table[position / PAGE] * kv_heads + kv_head) * PAGE * head;
}

// Where a channel of a row of a page lies from there on; eight from a multiple of 8 on lie together. Heads of whole 64 channels lie as
// tensor cores read them: 64 channels of a page together, a position in 128 bytes, whose pieces of 16 are swapped.
__device__ __forceinline__ unsigned place_in_page(unsigned row, int head, int channel) {
    if (head % 64 != 0) {
        return row * head + channel;
    }
    return (channel / 64 * PAGE + row) * 64 + ((channel / 8 ^ row) % 8) * 8 + channel % 8;
}

__device__ __forceinline__ long long cache_place(
    const int* table, unsigned position, int kv_heads, int kv_head, int head, int channel) {
    return page_place(table, position, kv_heads, kv_head, head) + place_in_page(position % PAGE, head, channel);
}

// What the cache keeps.
typedef unsigned short Cached;

// Bytes from position to position: an odd number of pieces of 16, so that eight positions lie in different banks.
constexpr int PITCH = (HEAD / 8 | 1) * 16;
// The keys of a step; its values lie behind.
constexpr int TILE_BYTES = KEYS * PITCH;

// Starts to copy the keys and values of a run's KEYS positions from `first` on, as one of COPIERS threads. Values of positions that are
// not there have no weight, but must be numbers.
__device__ __forceinline__ void copy_positions(
    const Problem& problem, int kv_head, const Run& run, int first, const Cached* k, const Cached* v, unsigned char* keys) {
    // So many positions at a time, so that where a thread's pieces go and come from differs by what is the same in every step.
    constexpr int AT_ONCE = COPIERS / (HEAD / 8);
    // Positions of one page.
    constexpr int SPAN = KEYS < PAGE ? KEYS : PAGE;
    const int copier = threadIdx.x % COPIERS;
    const int channel = copier % (HEAD / 8) * 8;
    if (copier >= AT_ONCE * (HEAD / 8)) {
        return;
    }
    #pragma unroll
    for (int begin = 0; begin < KEYS; begin += SPAN) {
        const int count = run.limit - first - begin;
        // Whole eights of rows further down, pieces are swapped alike.
        const long long page = count > 0
            ? page_place(run.table, first + begin, problem.kv_heads, kv_head, HEAD) + place_in_page((first + begin) % PAGE, HEAD, 0)
            : 0;
        #pragma unroll
        for (int more = 0; more < SPAN; more += AT_ONCE) {
            const int row = copier / (HEAD / 8) + more;
            if (SPAN % AT_ONCE == 0 || row < SPAN) {
                const long long place = page + place_in_page(row, HEAD, channel);
                unsigned char* to = keys + (begin + row) * PITCH + 2 * channel;
                copy_async<16>(to, (const unsigned char*)(k + place), row < count);
                copy_async<16>(to + TILE_BYTES, (const unsigned char*)(v + place), row < count);
            }
        }
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

// c += a * b on one 16x8 tile and 16 steps of K. Lane (g, t) = (lane / 4, lane % 4) holds, of a, columns 2t and 2t + 1 of rows g and g + 8,
// then columns 2t + 8 and 2t + 9.
__device__ __forceinline__ void mma(float* c, const unsigned* a, unsigned b0, unsigned b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Four 8x8 matrices, whose rows of 16 bytes the lanes name in turn.
__device__ __forceinline__ void load_matrices(unsigned from, unsigned (&b)[4]) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                 : "r"(from)
                 : "memory");
}

__device__ __forceinline__ void load_transposed(unsigned from, unsigned (&b)[4]) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                 : "r"(from)
                 : "memory");
}

// The queries of a warp's 16 rows of a tile in fragments.
struct Queries {
    unsigned pairs[HEAD / 16][4];

    __device__ __forceinline__ Queries(const Problem& problem, const Tile& tile, int warp_row, const unsigned short* q) {
        #pragma unroll
        for (int half = 0; half < 2; ++half) {
            const Query query(problem, tile, warp_row, half);
            const bool is_there = query.is_in(tile.begin, tile.end);
            const unsigned short* from = q + query.place(problem);
            #pragma unroll
            for (int i = 0; i < HEAD / 8; ++i) {
                pairs[i / 2][i % 2 * 2 + half] = is_there ? *(const unsigned*)(from + 8 * i) : 0;
            }
        }
    }
};

// scores = queries * keys. Of a tile in shared memory, 16 positions by 16 channels are four matrices: the next eight channels, then
// the next eight positions.
__device__ __forceinline__ void multiply_keys(const Queries& queries, unsigned keys, float (&scores)[KEYS / 2]) {
    const int lane = threadIdx.x % 32;
    const unsigned own = keys + (lane / 16 * 8 + lane % 8) * PITCH + lane / 8 % 2 * 16;
    #pragma unroll
    for (int i = 0; i < KEYS / 2; ++i) {
        scores[i] = 0.0f;
    }
    #pragma unroll
    for (int step = 0; step < HEAD / 16; ++step) {
        #pragma unroll
        for (int i = 0; i < KEYS / 16; ++i) {
            unsigned b[4];
            load_matrices(own + 16 * i * PITCH + 32 * step, b);
            mma(scores + 8 * i, queries.pairs[step], b[0], b[1]);
            mma(scores + 8 * i + 4, queries.pairs[step], b[2], b[3]);
        }
    }
}

// weighted += weights * values, whose rows are the steps of K: the next eight positions, then the next eight channels.
__device__ __forceinline__ void multiply_values(const unsigned (&weights)[KEYS / 4], unsigned values, float (&weighted)[HEAD / 2]) {
    const int lane = threadIdx.x % 32;
    const unsigned own = values + lane % 16 * PITCH + lane / 16 * 16;
    #pragma unroll
    for (int step = 0; step < KEYS / 16; ++step) {
        #pragma unroll
        for (int i = 0; i < HEAD / 16; ++i) {
            unsigned b[4];
            load_transposed(own + 16 * step * PITCH + 32 * i, b);
            mma(weighted + 8 * i, weights + 4 * step, b[0], b[1]);
            mma(weighted + 8 * i + 4, weights + 4 * step, b[2], b[3]);
        }
    }
}

constexpr int WARP_BYTES = 2 * TILE_BYTES * STAGES;

// What some have seen of the positions: numbers of each row, and the weighted values, relative to the largest score. Rows are padded,
// so that they lie in different banks.
struct Part {
    float largest[ROWS];
    float sum[ROWS];
    float value[ROWS][HEAD + 8];
};

// The same of one channel.
struct Seen {
    float largest;
    float sum;
    float value;
};

// What COUNT have seen together; those that have seen no position weigh nothing.
template <int COUNT, class Of>
__device__ __forceinline__ Seen together(Of of) {
    Seen seen[COUNT];
    float largest = __int_as_float(0xff800000);
    #pragma unroll
    for (int i = 0; i < COUNT; ++i) {
        seen[i] = of(i);
        largest = fmaxf(largest, seen[i].largest);
    }
    Seen all = {largest, 0.0f, 0.0f};
    #pragma unroll
    for (int i = 0; i < COUNT; ++i) {
        const float weight =
            seen[i].largest == __int_as_float(0xff800000) ? 0.0f : power_of_2((seen[i].largest - largest) * SCALE);
        all.sum = fmaf(weight, seen[i].sum, all.sum);
        all.value = fmaf(weight, seen[i].value, all.value);
    }
    return all;
}

// What a warp's lanes hold, of the first `rows` rows.
__device__ __forceinline__ void keep(Part& part, const float (&weighted)[HEAD / 2], const Softmax& softmax, int rows) {
    const int lane = threadIdx.x % 32;
    #pragma unroll
    for (int half = 0; half < 2; ++half) {
        const int row = lane / 4 + 8 * half;
        const float total = softmax.total(half);
        if (row < rows) {
            part.largest[row] = softmax.largest[half];
            part.sum[row] = total;
            #pragma unroll
            for (int i = 0; i < HEAD / 8; ++i) {
                float* to = part.value[row] + 8 * i + lane % 4 * 2;
                to[0] = weighted[4 * i + 2 * half];
                to[1] = weighted[4 * i + 2 * half + 1];
            }
        }
    }
}

__device__ __forceinline__ void cluster_barrier() {
    asm volatile("barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;" ::: "memory");
}

// What another block of the cluster has where `own` is.
__device__ __forceinline__ float of_part(const float& own, int part) {
    unsigned address = (unsigned)__cvta_generic_to_shared(&own);
    float value;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    asm volatile("ld.shared::cluster.f32 %0, [%1];" : "=f"(value) : "r"(address) : "memory");
    return value;
}

// Brings together what the blocks of the cluster have seen, of a part of the channels in each.
__device__ __forceinline__ void store_shares(const Part& own, int numbers, unsigned short* out) {
    cluster_barrier();
    for (int i = blockIdx.x % PARTS * THREADS + threadIdx.x; i < numbers; i += PARTS * THREADS) {
        const int row = i / HEAD;
        const int channel = i % HEAD;
        const Seen all = together<PARTS>([&](int part) {
            return Seen{
                of_part(own.largest[row], part), of_part(own.sum[row], part), of_part(own.value[row][channel], part)};
        });
        out[i] = bf16_from_float(all.value / all.sum);
    }
    cluster_barrier();  // no block ends while others read what it has seen
}

// Waits until all kernels before this one are done, and lets the next begin only then: what they wrote it may read before it has waited
// itself. What they write, or still read, is touched behind it only. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) __cluster_dims__(PARTS, 1, 1) attention_128_stream(
    int rows, int heads, int kv_heads, int window, int table_length, const int* row_positions, const int* sequences,
    const int* pages, const unsigned short* q, const Cached* k, const Cached* v, unsigned short* out) {
    extern __shared__ __align__(16) unsigned char shared[];
    const Problem problem = {rows, heads, kv_heads, window, table_length, row_positions, sequences, pages};
    const Tile tile = {(int)blockIdx.x / PARTS, (int)blockIdx.x / PARTS + 1, (int)blockIdx.y};
    const int warp = threadIdx.x / 32;
    const int first_step = blockIdx.x % PARTS * WARPS + warp;
    const Run run(problem, tile, tile.begin);
    const Sight sight(problem, tile, run, 0);
    Softmax softmax;
    float weighted[HEAD / 2] = {};
    unsigned char* const stages = shared + WARP_BYTES * warp;
    // The position that the warp's step `step` begins with.
    const auto first = [&](int step) { return run.first + KEYS * (first_step + PARTS * WARPS * step); };
    const auto fill = [&](int step, int stage) {
        copy_positions(problem, tile.kv_head, run, first(step), k, v, stages + 2 * TILE_BYTES * stage);
    };
    const int left = (run.limit - run.first + KEYS - 1) / KEYS - first_step;
    const int steps = (max(0, left) + PARTS * WARPS - 1) / (PARTS * WARPS);
    // What the kernels before make are keys and values of the row's own position, and of rows of its sequence before it.
    const bool is_only = tile.begin == 0 || sequences[tile.begin - 1] != sequences[tile.begin];
    const auto is_there = [&](int step) { return is_only && first(step) + KEYS < run.limit; };
    #pragma unroll
    for (int step = 0; step < STAGES; ++step) {
        if (step < steps && is_there(step)) {
            fill(step, step);
        }
        copy_commit();
    }
    await_kernels_before();
    bool all_there = true;
    #pragma unroll
    for (int step = 0; step < STAGES; ++step) {
        if (step < steps && !is_there(step)) {
            fill(step, step);
            all_there = false;
        }
    }
    const Queries queries(problem, tile, 0, q);
    if (!all_there) {
        copy_commit();
        copy_wait<0>();
    }
    const auto multiply = [&](int step, int stage) {
        const unsigned keys = (unsigned)__cvta_generic_to_shared(stages + 2 * TILE_BYTES * stage);
        float scores[KEYS / 2];
        unsigned weights[KEYS / 4];
        multiply_keys(queries, keys, scores);
        softmax.take(scores, sight, first(step));
        softmax.shrink(weighted);
        round_weights(scores, weights);
        multiply_values(weights, keys + TILE_BYTES, weighted);
    };
    #pragma unroll 1
    for (int step = 0; step < steps; ++step) {
        copy_wait<STAGES - 1>();
        __syncwarp();  // the step is complete for all lanes
        multiply(step, step % STAGES);
        __syncwarp();  // all are done with it: another takes its place
        if (step + STAGES < steps) {
            fill(step + STAGES, step % STAGES);
        }
        copy_commit();
    }
    __syncwarp();  // all lanes are done with the stages
    const int group = problem.group();
    keep(*(Part*)stages, weighted, softmax, group);
    __syncthreads();
    unsigned short* const to = out + ((long long)tile.begin * heads + tile.kv_head * group) * HEAD;
    __shared__ Part own;
    for (int i = threadIdx.x; i < group * HEAD; i += THREADS) {
        const int row = i / HEAD;
        const int channel = i % HEAD;
        const Seen all = together<WARPS>([&](int other) {
            const Part& part = *(const Part*)(shared + WARP_BYTES * other);
            return Seen{part.largest[row], part.sum[row], part.value[row][channel]};
        });
        own.value[row][channel] = all.value;
        if (channel == 0) {
            own.largest[row] = all.largest;
            own.sum[row] = all.sum;
        }
    }
    store_shares(own, group * HEAD, to);
}
