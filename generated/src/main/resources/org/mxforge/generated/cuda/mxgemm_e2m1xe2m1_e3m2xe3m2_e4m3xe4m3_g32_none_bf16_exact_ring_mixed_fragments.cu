// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe3m2+e4m3xe4m3;groups=g32;epilogue=none;out=bf16;tolerance=exact|ring_mixed_fragments|sm_90a|bm=64,parts=2,stages=4,teams=2,ways=1; do not edit
// D[m, n] = epilogue(sum over the partitions p of A_p[m, :] . B_p[n, :]): one launch, one FP32 accumulator, one rounding.
// Launch: as many clusters of PARTS blocks along x as run at a time, or fewer if then all take the same number of tiles, ceil(m / BM)
// along y; THREADS threads; FIXED_BYTES bytes of shared memory and, for each block of channels that a block of threads has, TOKEN_BYTES.
//
// A block of threads has a run of the blocks of channels, whose tokens stay in shared memory, and TEAMS teams. These take a tile of BN weights
// each after another, as the same teams of the other blocks of the cluster do for their runs: the weights pass through a ring, which a warp
// of the team fills before there are tokens, and its warpgroups take blocks of channels in turn. A tile is finished when the next one was
// multiplied.

constexpr int BM = 64;
constexpr int BN = 64;
constexpr int TEAMS = 2;
constexpr int WAYS = 1;
constexpr int PARTS = 2;
constexpr int STAGES = 4;
constexpr int SLOT_BYTES = 6400;
// Threads that multiply, team after team, and the warps that copy.
constexpr int MULTIPLIERS = 128 * TEAMS * WAYS;
constexpr int THREADS = MULTIPLIERS + 32 * TEAMS;
// Tokens of one product instruction.
constexpr int WAVE = BM;
constexpr int TOKEN_BYTES = BM * 128;
// Sums that a thread finishes, of those that it and the same threads of so many other warpgroups have. What they send lies in pieces, each of
// all threads in their order.
constexpr int SENDERS = PARTS * WAYS;
constexpr int SHARE = BM / 2 / SENDERS;
constexpr int PIECE = SHARE < 4 ? SHARE : 4;
constexpr int BYTES_OF_PIECES = 128 * PIECE * 4;
constexpr int BYTES_OF_SENDER = 128 * SHARE * 4;
constexpr int BYTES_OF_WARPGROUP = (SENDERS - 1) * BYTES_OF_SENDER;
// Rings come first in shared memory, then what is sent of two tiles, barriers, and tokens. A team's barriers are those of its ring, and two
// for what its warpgroups are sent; behind them are those of the blocks of tokens, of as many as there could ever be.
constexpr int SUMS_AT = TEAMS * STAGES * SLOT_BYTES;
constexpr int BARRIERS_AT = SUMS_AT + TEAMS * 2 * WAYS * BYTES_OF_WARPGROUP;
constexpr int BARRIERS_OF_TEAM = 2 * STAGES + 2;
constexpr int TOKEN_BARRIERS_AT = BARRIERS_AT + TEAMS * BARRIERS_OF_TEAM * 8;
constexpr int FIXED_BYTES = (TOKEN_BARRIERS_AT + 28 * 8 + 1023) / 1024 * 1024;
static_assert(FIXED_BYTES == 84992, "the launch gives as much");

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
    asm volatile("wgmma.wait_group.sync.aligned %32;"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]), "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]), "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]), "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]), "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]), "+f"(sums[30]), "+f"(sums[31])
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

__device__ __forceinline__ void decode_e4m3(const unsigned char* block, int lane, unsigned (&fragments)[16]) {
    const unsigned steps = *(const unsigned short*)(block + 1024 + 2 * lane);
    #pragma unroll
    for (int row = 0; row < 2; ++row) {
        const uint4 codes = ((const uint4*)block)[32 * row + lane];
        const unsigned words[4] = {codes.x, codes.y, codes.z, codes.w};
        #pragma unroll
        for (int j = 0; j < 4; ++j) {
            widen_e4m3(words[j], row == 0 ? steps & 255u : steps >> 8, fragments[4 * j + row], fragments[4 * j + 2 + row]);
        }
    }
}

// sums (+)= weights * tokens over 32 channels, weights in registers; `accumulate` 0 begins new sums.
__device__ __forceinline__ void wgmma_registers_e5m2_e5m2(
    float (&sums)[WAVE / 2], const unsigned* weights, unsigned long long tokens, int accumulate) {
    asm volatile(
        "{\n"
        ".reg .pred accumulate;\n"
        "setp.ne.b32 accumulate, %37, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n64k32.f32.e5m2.e5m2 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31}, "
        "{%32,%33,%34,%35}, %36, accumulate, 1, 1;\n"
        "}"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]), "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]), "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]), "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]), "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]), "+f"(sums[30]), "+f"(sums[31])
        : "r"(weights[0]), "r"(weights[1]), "r"(weights[2]), "r"(weights[3]), "l"(tokens), "r"(accumulate));
}

// sums (+)= weights * tokens over 16 channels, weights in registers; `accumulate` 0 begins new sums.
__device__ __forceinline__ void wgmma_registers_bf16_bf16(
    float (&sums)[WAVE / 2], const unsigned* weights, unsigned long long tokens, int accumulate) {
    asm volatile(
        "{\n"
        ".reg .pred accumulate;\n"
        "setp.ne.b32 accumulate, %37, 0;\n"
        "wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 "
        "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31}, "
        "{%32,%33,%34,%35}, %36, accumulate, 1, 1, 0;\n"
        "}"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3]), "+f"(sums[4]), "+f"(sums[5]), "+f"(sums[6]), "+f"(sums[7]), "+f"(sums[8]), "+f"(sums[9]), "+f"(sums[10]), "+f"(sums[11]), "+f"(sums[12]), "+f"(sums[13]), "+f"(sums[14]), "+f"(sums[15]), "+f"(sums[16]), "+f"(sums[17]), "+f"(sums[18]), "+f"(sums[19]), "+f"(sums[20]), "+f"(sums[21]), "+f"(sums[22]), "+f"(sums[23]), "+f"(sums[24]), "+f"(sums[25]), "+f"(sums[26]), "+f"(sums[27]), "+f"(sums[28]), "+f"(sums[29]), "+f"(sums[30]), "+f"(sums[31])
        : "r"(weights[0]), "r"(weights[1]), "r"(weights[2]), "r"(weights[3]), "l"(tokens), "r"(accumulate));
}

// The two halves of a barrier of the cluster by which blocks tell each other that their shared-memory barriers may be used; nothing else
// that was written is seen by it, which would have to be waited for.
__device__ __forceinline__ void cluster_barriers_ready() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
    asm volatile("barrier.cluster.arrive.relaxed.aligned;" ::: "memory");
}

__device__ __forceinline__ void cluster_wait() {
    asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
}

// Stores a piece in the shared memory of a block of the cluster, and reports it to a barrier there.
__device__ __forceinline__ void store_async(unsigned to, const float (&values)[2], unsigned barrier) {
    asm volatile("st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v2.f32 [%0], {%1, %2}, [%3];" ::"r"(to),
                 "f"(values[0]), "f"(values[1]), "r"(barrier)
                 : "memory");
}

__device__ __forceinline__ void store_async(unsigned to, const float (&values)[4], unsigned barrier) {
    asm volatile("st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.f32 [%0], {%1, %2, %3, %4}, [%5];" ::"r"(to),
                 "f"(values[0]), "f"(values[1]), "f"(values[2]), "f"(values[3]), "r"(barrier)
                 : "memory");
}

// Loads one that came so.
__device__ __forceinline__ void load_sent(unsigned from, float (&values)[2]) {
    asm volatile("ld.shared.v2.f32 {%0, %1}, [%2];" : "=f"(values[0]), "=f"(values[1]) : "r"(from) : "memory");
}

__device__ __forceinline__ void load_sent(unsigned from, float (&values)[4]) {
    asm volatile("ld.shared.v4.f32 {%0, %1, %2, %3}, [%4];"
                 : "=f"(values[0]), "=f"(values[1]), "=f"(values[2]), "=f"(values[3])
                 : "r"(from)
                 : "memory");
}

// Where another block of the cluster has what this one has at an address.
__device__ __forceinline__ unsigned address_of_part(unsigned address, int part) {
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(address) : "r"(address), "r"(part));
    return address;
}

// What a block of threads has of all blocks of channels.
struct Run {
    int first;
    int end;
};

// An operand of a partition: its tiles, how many blocks of channels there are, and how many of other partitions come before them.
struct Operand {
    const unsigned char* tiles;
    int blocks;
    int before;
};

// Brings the weights of a tile of D, each block of channels when there is a slot for it. TILE_BYTES: those of 128 weights.
template <int TILE_BYTES>
__device__ __forceinline__ void bring_weights(Ring& ring, unsigned slots, const Operand& weights, const Run& run, int tile) {
    constexpr int BYTES = TILE_BYTES / 2;
    const int end = min(run.end - weights.before, weights.blocks);
    #pragma unroll 1
    for (int block = max(run.first - weights.before, 0); block < end; ++block) {
        const long long half = (tile / 2 * weights.blocks + block) * 2ll + tile % 2;
        barrier_wait(ring.empty_barrier(), ring.parity);
        barrier_expect(ring.full_barrier(), BYTES);
        bulk_load(
            slots + ring.stage * SLOT_BYTES,
            weights.tiles + half * BYTES,
            BYTES,
            ring.full_barrier());
        ring.advance();
    }
}

// The tokens of the run, which stay, in the shared memory from `base` on: each block of channels, and the barrier that says it is there.
struct Tokens {
    unsigned base;

    __device__ __forceinline__ unsigned rows(int block) const {
        return base + FIXED_BYTES + block * TOKEN_BYTES;
    }

    __device__ __forceinline__ unsigned barrier(int block) const {
        return base + TOKEN_BARRIERS_AT + 8 * block;
    }
};

// Brings them, each block of channels by another lane.
__device__ __forceinline__ void bring_tokens(const Tokens& to, const Operand& operand, const Run& run, int row, int tokens) {
    const int end = min(run.end - operand.before, operand.blocks);
    #pragma unroll 1
    for (int block = max(run.first - operand.before, 0) + threadIdx.x; block < end; block += 32) {
        const unsigned char* from = operand.tiles + (row / 128 * operand.blocks + block) * 16384ll + row % 128 * 128;
        const int kept = operand.before + block - run.first;
        barrier_expect(to.barrier(kept), tokens * 128);
        bulk_load(to.rows(kept), from, tokens * 128, to.barrier(kept));
    }
}

// A warp has what it needs of the current slot; the warpgroup's next one is current.
__device__ __forceinline__ void let_go(Ring& ring, int lane) {
    __syncwarp();
    if (lane == 0) {
        barrier_arrive(ring.empty_barrier());
    }
    ring.stage += WAYS;
    if (ring.stage >= STAGES) {
        ring.stage -= STAGES;
        ring.parity ^= 1;
    }
}

__device__ __forceinline__ void add(float (&sums)[BM / 2], const float (&part)[BM / 2]) {
    #pragma unroll
    for (int i = 0; i < BM / 2; ++i) {
        sums[i] += part[i];
    }
}

// Adds the products of the blocks of the run from `block` on that are before `end`.
__device__ __forceinline__ void multiply_e2m1xe2m1(
    Ring& ring, const unsigned char* shared, int slots, const Tokens& tokens, int& block, int end, float (&sums)[BM / 2]) {
    int lane = threadIdx.x % 32;
    int own = slots + threadIdx.x % 128 / 32 * 1088;
    asm volatile("" : "+r"(lane), "+r"(own));  // or each block would make them again
    const auto decode = [&](unsigned(&fragments)[16]) {
        barrier_wait(tokens.barrier(block), 0);
        barrier_wait(ring.full_barrier(), ring.parity);
        decode_e2m1(shared + own + ring.stage * SLOT_BYTES, lane, fragments);
        let_go(ring, lane);
    };
    const auto step = [&](const unsigned(&fragments)[16], unsigned(&next)[16]) {
        float part[BM / 2];
        wgmma_fence();
        #pragma unroll
        for (int j = 0; j < 4; ++j) {
            wgmma_registers_e5m2_e5m2(part, fragments + 4 * j, swizzled_rows(tokens.rows(block)) + 2 * j, j);
        }
        wgmma_commit();
        block += WAYS;
        if (block < end) {
            decode(next);
        }
        wgmma_wait<0>(part);
        keep(fragments);
        add(sums, part);
    };
    unsigned even[16];
    unsigned odd[16];
    if (block < end) {
        decode(even);
    }
    #pragma unroll 1
    while (block < end) {
        step(even, odd);
        if (block < end) {
            step(odd, even);
        }
    }

}

// Adds the products of the blocks of the run from `block` on that are before `end`.
__device__ __forceinline__ void multiply_e3m2xe3m2(
    Ring& ring, const unsigned char* shared, int slots, const Tokens& tokens, int& block, int end, float (&sums)[BM / 2]) {
    int lane = threadIdx.x % 32;
    int own = slots + threadIdx.x % 128 / 32 * 1600;
    asm volatile("" : "+r"(lane), "+r"(own));  // or each block would make them again
    const auto decode = [&](unsigned(&fragments)[16]) {
        barrier_wait(tokens.barrier(block), 0);
        barrier_wait(ring.full_barrier(), ring.parity);
        decode_e3m2(shared + own + ring.stage * SLOT_BYTES, lane, fragments);
        let_go(ring, lane);
    };
    const auto step = [&](const unsigned(&fragments)[16], unsigned(&next)[16]) {
        float part[BM / 2];
        wgmma_fence();
        #pragma unroll
        for (int j = 0; j < 4; ++j) {
            wgmma_registers_e5m2_e5m2(part, fragments + 4 * j, swizzled_rows(tokens.rows(block)) + 2 * j, j);
        }
        wgmma_commit();
        block += WAYS;
        if (block < end) {
            decode(next);
        }
        wgmma_wait<0>(part);
        keep(fragments);
        add(sums, part);
    };
    unsigned even[16];
    unsigned odd[16];
    if (block < end) {
        decode(even);
    }
    #pragma unroll 1
    while (block < end) {
        step(even, odd);
        if (block < end) {
            step(odd, even);
        }
    }

}

// Adds the products of the blocks of the run from `block` on that are before `end`.
__device__ __forceinline__ void multiply_e4m3xe4m3(
    Ring& ring, const unsigned char* shared, int slots, const Tokens& tokens, int& block, int end, float (&sums)[BM / 2]) {
    int lane = threadIdx.x % 32;
    int own = slots + threadIdx.x % 128 / 32 * 1088;
    asm volatile("" : "+r"(lane), "+r"(own));  // or each block would make them again
    const auto decode = [&](unsigned(&fragments)[16]) {
        barrier_wait(tokens.barrier(block), 0);
        barrier_wait(ring.full_barrier(), ring.parity);
        decode_e4m3(shared + own + ring.stage * SLOT_BYTES, lane, fragments);
        let_go(ring, lane);
    };
    const auto step = [&](const unsigned(&fragments)[16], unsigned(&next)[16]) {
        float part[BM / 2];
        wgmma_fence();
        #pragma unroll
        for (int j = 0; j < 4; ++j) {
            wgmma_registers_bf16_bf16(part, fragments + 4 * j, swizzled_rows(tokens.rows(block)) + 2 * j, j);
        }
        wgmma_commit();
        block += WAYS;
        if (block < end) {
            decode(next);
        }
        wgmma_wait<0>(part);
        keep(fragments);
        add(sums, part);
    };
    unsigned even[16];
    unsigned odd[16];
    if (block < end) {
        decode(even);
    }
    #pragma unroll 1
    while (block < end) {
        step(even, odd);
        if (block < end) {
            step(odd, even);
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

struct Epilogue {
    __device__ __forceinline__ float operator()(float acc, long long at, int column) const {
        return acc;
    }
};

// Where outputs go: those of `tokens` rows from `row` on; and the factors, from that row on and of all weights.
struct Place {
    Output* d;
    int n;
    int row;
    int tokens;
    const float* token_factors;
    const float* weight_factors;
};

// A thread's first weight of those of a tile; the other is eight behind it.
__device__ __forceinline__ int weight_of_thread() {
    return threadIdx.x % 128 / 32 * 16 + threadIdx.x % 32 / 4;
}

// What a token's sums with both weights of a thread come to.
struct Outputs {
    float factor;

    static __device__ __forceinline__ int column(int tile, int which) {
        return tile * BN + weight_of_thread() + 8 * which;
    }

    static __device__ __forceinline__ long long at(const Place& place, int tile, int token, int which) {
        return (long long)(place.row + token) * place.n + column(tile, which);
    }

    // Asks for what is read for them: the epilogue's operands become those of a matrix of two columns.
    __device__ __forceinline__ void ask(const Epilogue& epilogue, const Place& place, int tile, int token) {
        if (token < place.tokens) {
            factor = place.token_factors[token];
        }
    }

    __device__ __forceinline__ void store(
        const Place& place, int tile, int token, float first, float second, const float (&weight_factors)[2]) const {
        const Epilogue own = {};
        #pragma unroll
        for (int i = 0; i < 2; ++i) {
            if (token < place.tokens && column(tile, i) < place.n) {
                const float sum = (i == 0 ? first : second) * (factor * weight_factors[i]);
                place.d[at(place, tile, token, i)] = output_round(own(sum, i, i));
            }
        }
    }
};

// The sums of a tile lie in the registers of all warpgroups that have some alike: for the eight tokens 8j.. and the weights g and g + 8 of
// its warp, a thread has the sums 4j to 4j + 3, here in the order of the tokens. Each finishes SHARE of them, and is sent these by the same threads of the others. Two tiles
// take turns: when a warpgroup sends those of one, it has finished the last, for which all others have sent sums, and before that
// finished the one before the last.
struct Meeting {
    unsigned room;
    unsigned came;
    int index;
    int turn;
    unsigned parities;
    float own[SHARE];
    float weight_factors[2];

    // The token of a pair of sums that the thread finishes.
    __device__ __forceinline__ int token(int pair) const {
        const int which = index * SHARE / 2 + pair;
        return which / 2 * 8 + threadIdx.x % 4 * 2 + which % 2;
    }

    // Where a warpgroup of this team has what it is sent for this thread.
    __device__ __forceinline__ unsigned room_of(int way) const {
        return room + (turn * WAYS + way) * BYTES_OF_WARPGROUP + threadIdx.x % 128 * (PIECE * 4);
    }

    // Where the piece from `first` on is there, of what the warpgroup `sender` of the others sent.
    static __device__ __forceinline__ int place_of_piece(int sender, int first) {
        return sender * BYTES_OF_SENDER + first / PIECE * BYTES_OF_PIECES;
    }

    // Asks for what the sums of a tile will be multiplied by.
    __device__ __forceinline__ void ask(const Place& place, int tile) {
        #pragma unroll
        for (int i = 0; i < 2; ++i) {
            const int column = tile * BN + weight_of_thread() + 8 * i;
            weight_factors[i] = column < place.n ? place.weight_factors[column] : 0.0f;
        }
    }

    __device__ __forceinline__ void send(const float (&sums)[BM / 2]) {
        #pragma unroll
        for (int to = 0; to < SENDERS; ++to) {
            #pragma unroll
            for (int first = 0; first < SHARE; first += PIECE) {
                float values[PIECE];
                #pragma unroll
                for (int i = 0; i < PIECE; ++i) {
                    const int at = to * SHARE + first + i;
                    values[i] = sums[at / 4 * 4 + at % 2 * 2 + at / 2 % 2];
                    own[first + i] = to == index ? values[i] : own[first + i];
                }
                if (to != index) {
                    store_async(
                        address_of_part(room_of(to % WAYS) + place_of_piece(index - (index > to), first), to / WAYS),
                        values,
                        address_of_part(came + 8 * turn, to / WAYS));
                }
            }
        }
    }

    // Adds up what was sent for a tile, always in the same order, and stores what it comes to. What else is read for the first outputs is
    // asked for before sums are waited for, and for others together, before these are stored where it may lie.
    __device__ __forceinline__ void finish(const Epilogue& epilogue, const Place& place, int tile) {
        constexpr int PAIRS = SHARE < 8 ? SHARE / 2 : 4;
        Outputs outputs[PAIRS];
        const auto ask_for = [&](int first) {
            #pragma unroll
            for (int i = 0; i < PAIRS; ++i) {
                outputs[i].ask(epilogue, place, tile, token(first + i));
            }
        };
        ask_for(0);
        float total[SHARE] = {};
        if constexpr (SENDERS > 1) {
            barrier_wait(came + 8 * turn, parities >> turn & 1);
            if (threadIdx.x % (128 * WAYS) == 0) {
                barrier_expect(came + 8 * turn, WAYS * BYTES_OF_WARPGROUP);
            }
        }
        const unsigned from = room_of(index % WAYS);
        #pragma unroll
        for (int sender = 0; sender < SENDERS; ++sender) {
            #pragma unroll
            for (int first = 0; first < SHARE; first += PIECE) {
                float sent[PIECE];
                if (sender != index) {
                    load_sent(from + place_of_piece(sender - (sender > index), first), sent);
                }
                #pragma unroll
                for (int i = 0; i < PIECE; ++i) {
                    total[first + i] += sender == index ? own[first + i] : sent[i];
                }
            }
        }
        #pragma unroll
        for (int first = 0; first < SHARE / 2; first += PAIRS) {
            if (first > 0) {
                ask_for(first);
            }
            #pragma unroll
            for (int i = 0; i < PAIRS; ++i) {
                const float* pair = total + 2 * (first + i);
                outputs[i].store(place, tile, token(first + i), pair[0], pair[1], weight_factors);
            }
        }
        parities ^= 1u << turn;
        turn ^= 1;
    }
};

// Lets the next kernel begin, and waits until all before this one are done. What they write, or still read, is touched behind it only;
// before it a kernel may bring memory into L2. Where it was launched in order, nothing is to be waited for.
__device__ __forceinline__ void await_kernels_before() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) __cluster_dims__(PARTS, 1, 1) mxgemm_e2m1xe2m1_e3m2xe3m2_e4m3xe4m3_g32_none_bf16_exact_ring_mixed_fragments(
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
    const unsigned base = (unsigned)__cvta_generic_to_shared(shared);
    const int row = blockIdx.y * BM;
    const int tokens = min(BM, m - row);
    const int tiles = (n + BN - 1) / BN;
    // Blocks of channels of each partition, of all, and the run of them that is this block's.
    const int blocks_0 = (k_0 + 128 - 1) / 128;
    const int blocks_1 = (k_1 + 128 - 1) / 128;
    const int blocks_2 = (k_2 + 64 - 1) / 64;
    const int blocks = blocks_0 + blocks_1 + blocks_2;
    const int part = blockIdx.x % PARTS;
    const Run run = {blocks * part / PARTS, blocks * (part + 1) / PARTS};
    const Tokens kept = {base};
    if (threadIdx.x < run.end - run.first) {
        barrier_init(kept.barrier(threadIdx.x), 1);
    }
    if (threadIdx.x < TEAMS) {
        const unsigned barriers = base + BARRIERS_AT + threadIdx.x * BARRIERS_OF_TEAM * 8;
        for (int stage = 0; stage < STAGES; ++stage) {
            barrier_init(barriers + 8 * stage, 1);
            barrier_init(barriers + 8 * (STAGES + stage), 4);
        }
        barrier_init(barriers + 16 * STAGES, 1);
        barrier_init(barriers + 16 * STAGES + 8, 1);
        barrier_expect(barriers + 16 * STAGES, WAYS * BYTES_OF_WARPGROUP);
        barrier_expect(barriers + 16 * STAGES + 8, WAYS * BYTES_OF_WARPGROUP);
    }
    cluster_barriers_ready();
    __syncthreads();
    const int team = threadIdx.x < MULTIPLIERS ? threadIdx.x / (128 * WAYS) : (threadIdx.x - MULTIPLIERS) / 32;
    const int clusters = gridDim.x / PARTS;
    const int first_tile = blockIdx.x / PARTS + clusters * team;
    unsigned barriers = base + BARRIERS_AT + team * BARRIERS_OF_TEAM * 8;
    asm volatile("" : "+r"(barriers));  // or each block of channels would make it again
    Ring ring = {barriers, barriers + 8 * STAGES, 0, 0};
    if (threadIdx.x >= MULTIPLIERS) {
        if (threadIdx.x % 32 == 0) {
            ring.parity = 1;
            #pragma unroll 1
            for (int tile = first_tile; tile < tiles; tile += clusters * TEAMS) {
                int before = 0;
                bring_weights<8704>(ring, base + team * STAGES * SLOT_BYTES, {b_0, blocks_0, before}, run, tile);
                before += blocks_0;
                bring_weights<12800>(ring, base + team * STAGES * SLOT_BYTES, {b_1, blocks_1, before}, run, tile);
                before += blocks_1;
                bring_weights<8704>(ring, base + team * STAGES * SLOT_BYTES, {b_2, blocks_2, before}, run, tile);
                before += blocks_2;
            }
        }
        __syncwarp();
        cluster_wait();
    } else {
        cluster_wait();  // all have their barriers
        await_kernels_before();
        if (threadIdx.x < 32) {
            int before = 0;
            bring_tokens(kept, {a_0, blocks_0, before}, run, row, tokens);
            before += blocks_0;
            bring_tokens(kept, {a_1, blocks_1, before}, run, row, tokens);
            before += blocks_1;
            bring_tokens(kept, {a_2, blocks_2, before}, run, row, tokens);
            before += blocks_2;
        }
        const int way = threadIdx.x / 128 % WAYS;
        // All partitions share the factors; one without channels has no addresses.
        const float* token_factors = k_0 > 0 ? sa_0 : k_1 > 0 ? sa_1 : k_2 > 0 ? sa_2 : 0;
        const float* weight_factors = k_0 > 0 ? sb_0 : k_1 > 0 ? sb_1 : k_2 > 0 ? sb_2 : 0;
        const Epilogue epilogue = {};
        Meeting meeting = {base + SUMS_AT + team * 2 * WAYS * BYTES_OF_WARPGROUP, barriers + 16 * STAGES, part * WAYS + way};
        const Place place = {(Output*)d, n, row, tokens, token_factors + row, weight_factors};
        ring.stage = way;
        // Among the blocks of the run, the next one of this warpgroup.
        int block = way;
        // The tile whose sums were sent.
        int sent = -1;
        #pragma unroll 1
        for (int tile = first_tile; tile < tiles; tile += clusters * TEAMS) {
            if (sent >= 0) {
                meeting.ask(place, sent);
            }
            float sums[BM / 2] = {};
            int end = -run.first;
            end += blocks_0;
            multiply_e2m1xe2m1(ring, shared, team * STAGES * SLOT_BYTES, kept, block, min(end, run.end - run.first), sums);
            end += blocks_1;
            multiply_e3m2xe3m2(ring, shared, team * STAGES * SLOT_BYTES, kept, block, min(end, run.end - run.first), sums);
            end += blocks_2;
            multiply_e4m3xe4m3(ring, shared, team * STAGES * SLOT_BYTES, kept, block, min(end, run.end - run.first), sums);
            block -= run.end - run.first;
            if (sent >= 0) {
                meeting.finish(epilogue, place, sent);
            }
            meeting.send(sums);
            if constexpr (SENDERS > 1) {
                sent = tile;
            } else {
                meeting.ask(place, tile);
                meeting.finish(epilogue, place, tile);
            }
        }
        if (sent >= 0) {
            meeting.ask(place, sent);
            meeting.finish(epilogue, place, sent);
        }
    }
}
