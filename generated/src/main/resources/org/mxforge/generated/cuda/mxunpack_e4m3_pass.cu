// GENERATED from mxunpack/v1;format=e4m3|pass|sm_90a|threads=256; do not edit
// Launch: one warp for each block of 16 rows by 64 channels, of which eight are a tile.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int BLOCK_BYTES = 1088;
constexpr int CONTAINER_BYTES = 16 * 128;

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

extern "C" __global__ void __launch_bounds__(THREADS) mxunpack_e4m3_pass(
    int rows, int channels, const unsigned char* fragments, unsigned char* tiles) {
    __shared__ uint4 staged[WARPS][CONTAINER_BYTES / 16];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const long long block = (long long)blockIdx.x * WARPS + warp;
    if (block >= (rows + 127) / 128 * 8ll * ((channels + 63) / 64)) {
        return;
    }
    unsigned words[16];
    decode_e4m3(fragments + block * BLOCK_BYTES, lane, words);
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
