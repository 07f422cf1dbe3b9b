// GENERATED from mxunpack/v1;format=e2m1|pass|sm_90a|threads=256; do not edit
// Launch: one warp for each block of 16 rows by 128 channels, of which eight are a tile.

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int BLOCK_BYTES = 1088;
constexpr int CONTAINER_BYTES = 16 * 128;

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

extern "C" __global__ void __launch_bounds__(THREADS) mxunpack_e2m1_pass(
    int rows, int channels, const unsigned char* fragments, unsigned char* tiles) {
    __shared__ uint4 staged[WARPS][CONTAINER_BYTES / 16];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const long long block = (long long)blockIdx.x * WARPS + warp;
    if (block >= (rows + 127) / 128 * 8ll * ((channels + 127) / 128)) {
        return;
    }
    unsigned words[16];
    decode_e2m1(fragments + block * BLOCK_BYTES, lane, words);
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
