// GENERATED from mxunpack/v1;format=e3m2|sm_90a|threads=256; do not edit
// Launch: one warp for each block of 16 rows by 128 channels, of which eight are a tile.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int BLOCK_BYTES = 1600;
constexpr int CONTAINER_BYTES = 16 * 128;

// Sixteen E3M2 codes in three words: three of four as bytes that are value * 2^-12 in E5M2, the fourth in their spare bits.
__device__ __forceinline__ void place_e3m2(unsigned first, unsigned second, unsigned third, unsigned (&bytes)[4]) {
    bytes[0] = first & 0x9f9f9f9fu;
    bytes[1] = second & 0x9f9f9f9fu;
    bytes[2] = third & 0x9f9f9f9fu;
    bytes[3] = (first << 1 & 0x80808080u) | (first >> 1 & 0x10101010u) | (second >> 3 & 0x0c0c0c0cu)
        | (third >> 5 & 0x03030303u);
}

// The FP16 pair by which a group's decoding step scales what was placed.
__device__ __forceinline__ unsigned factor_e3m2(unsigned step) {
    return (step + 15) * 0x04000400u;
}

// Scales four E5M2 bytes, the high bytes of FP16 numbers, by the FP16 pair `factor`: exact, since it only goes up.
__device__ __forceinline__ unsigned scale_bytes(unsigned bytes, unsigned factor) {
    unsigned even = __byte_perm(bytes, 0, 0x2404);
    unsigned odd = bytes & 0xff00ff00u;
    asm("mul.rn.f16x2 %0, %0, %1;" : "+r"(even) : "r"(factor));
    asm("mul.rn.f16x2 %0, %0, %1;" : "+r"(odd) : "r"(factor));
    return __byte_perm(even, odd, 0x7351);
}

__device__ __forceinline__ void decode_half_e3m2(
    unsigned first, unsigned second, unsigned third, unsigned factor, int at, unsigned (&fragments)[16]) {
    unsigned bytes[4];
    place_e3m2(first, second, third, bytes);
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        fragments[at + 2 * i] = scale_bytes(bytes[i], factor);
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

extern "C" __global__ void __launch_bounds__(THREADS) mxunpack_e3m2(
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
