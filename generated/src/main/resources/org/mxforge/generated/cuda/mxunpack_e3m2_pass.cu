// GENERATED from mxunpack/v1;format=e3m2|pass|sm_90a|threads=256; do not edit
// Launch: one warp for each block of 16 rows by 128 channels, of which eight are a tile.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int BLOCK_BYTES = 1600;
constexpr int CONTAINER_BYTES = 16 * 128;

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

extern "C" __global__ void __launch_bounds__(THREADS) mxunpack_e3m2_pass(
    int rows, int channels, const unsigned char* fragments, unsigned char* tiles) {
    __shared__ uint4 staged[WARPS][CONTAINER_BYTES / 16];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const long long block = (long long)blockIdx.x * WARPS + warp;
    if (block >= (rows + 127) / 128 * 8ll * ((channels + 127) / 128)) {
        return;
    }
    unsigned words[16];
    decode_e3m2(fragments + block * BLOCK_BYTES, lane, words);
    // Word c of the lane's group in rows g and g + 8: the quad's words are chunk c of a row.
    const int g = lane / 4;
    #pragma unroll
    for (int c = 0; c < 8; ++c) {
        #pragma unroll
        for (int row = 0; row < 2; ++row) {
            ((unsigned*)staged[warp])[(g + 8 * row) * 32 + ((c ^ g) << 2) + lane % 4] = words[2 * c + row];
        }
    }
    __syncwarp();
    uint4* to = (uint4*)(tiles + block * CONTAINER_BYTES) + lane;
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        to[32 * i] = staged[warp][32 * i + lane];
    }
}
