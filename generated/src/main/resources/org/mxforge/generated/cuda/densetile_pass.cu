// GENERATED from densetile/v1|pass|sm_90a|threads=256; do not edit
// Launch: one thread for each 16 bytes of the result, blocks of THREADS threads.
//
// Tiles of 128 rows by 64 channels, 16 KiB each, a row of tiles after the other; a row of a tile is 128 bytes, whose pieces of 16 are
// swapped. Channels are padded to whole tiles with zeros; rows of padding stay as they are.

constexpr int THREADS = 256;

extern "C" __global__ void __launch_bounds__(THREADS) densetile_pass(
    int rows, int channels, const unsigned short* values, unsigned char* tiles) {
    const int pieces = (channels + 63) / 64 * 8;
    const long long index = (long long)blockIdx.x * THREADS + threadIdx.x;
    const int row = (int)(index / pieces);
    const int piece = (int)(index % pieces);
    if (row >= rows) {
        return;
    }
    uint4 words = make_uint4(0, 0, 0, 0);
    if (8 * piece < channels) {
        words = *(const uint4*)(values + (long long)row * channels + 8 * piece);
    }
    const long long tile = (long long)(row / 128) * (pieces / 8) + piece / 8;
    *(uint4*)(tiles + tile * 16384 + row % 128 * 128 + ((piece % 8 ^ row % 8) << 4)) = words;
}
