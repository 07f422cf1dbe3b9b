package org.mxforge.dsl.layout;

import org.mxforge.dsl.format.ElementFormat;

/**
 * Packed weights in the order in which the threads of a warpgroup of sm_90a hold them as the register operand of a matrix
 * product: tiles of 128 rows by 128 channels, of formats of 8 bits by 64 channels, a row of tiles after the other, each of eight
 * blocks for 16 rows. In a block, lane {@code 4g + t} of a warp owns group {@code t} of rows {@code g} and {@code g + 8}, or with 8 bits
 * half {@code t % 2} of group {@code t / 2}:
 *
 * <ul>
 *   <li>4 bits: 32 lanes by 16 bytes for rows 0 to 7, the same for rows 8 to 15;
 *   <li>6 bits: 32 lanes by 16 bytes and 32 lanes by 8 bytes for rows 0 to 7, the same for rows 8 to 15;
 *   <li>8 bits: as 4 bits, the codes in their order;
 *   <li>then 32 lanes by 2 bytes: the decoding step of each row's group, see {@link #step}.
 * </ul>
 *
 * <p>A word of eight 4-bit codes keeps their magnitudes in place (bits 4j to 4j+2); the signs of codes 0 to 3 are in bits 7, 15,
 * 23, 31, those of codes 4 to 7 in bits 3, 11, 19, 27. Sixteen 6-bit codes are three words: a byte lane of word i holds code 4i
 * + lane with its sign in bit 7 and its magnitude in bits 0 to 4; code 12 + lane is spread over bits 5 and 6 of the three words:
 * its sign and bit 4, bits 3 and 2, bits 1 and 0.
 *
 * @param format any but E2M3; those of 8 bits are decoded to BF16, the others to FP8
 */
public record FragmentTile(ElementFormat format) {
    /** Rows of a block: what one warp multiplies. */
    public static final int BLOCK_ROWS = 16;

    private static final int LANES = 32;
    private static final int STEP_BYTES = 2 * LANES;

    public FragmentTile {
        if (!holds(format)) {
            throw new IllegalArgumentException(
                    "weights in " + format.text() + " have no fragments: they are not decoded in registers");
        }
    }

    /** Whether weights of this format are kept as fragments; others are kept as containers. */
    public static boolean holds(ElementFormat format) {
        return format != ElementFormat.E2M3;
    }

    /** Channels of a tile. */
    public int channels() {
        return ContainerTile.CHANNELS / lanes();
    }

    /** Neighbouring lanes that share a group; each has its step. */
    public int lanes() {
        return format.bits() == 8 ? 2 : 1;
    }

    /** Bytes of the codes that a lane owns of a row. */
    private int laneBytes() {
        return format.bytesPerGroup() / lanes();
    }

    /** Size of a block. */
    public int blockBytes() {
        return 2 * LANES * laneBytes() + STEP_BYTES;
    }

    /** Size of a tile. */
    public int tileBytes() {
        return ContainerTile.ROWS / BLOCK_ROWS * blockBytes();
    }

    /** Size of a matrix, padding included. */
    public long bytes(int rows, int channels) {
        return (long) ((rows + ContainerTile.ROWS - 1) / ContainerTile.ROWS)
                * ContainerTile.blocks(channels * lanes())
                * tileBytes();
    }

    /** Byte offset of the block that holds a group, in a matrix of {@code channels} channels. */
    public long block(int row, int group, int channels) {
        long tile = (long) (row / ContainerTile.ROWS) * ContainerTile.blocks(channels * lanes()) + group * lanes() / 4;
        return tile * tileBytes() + (long) (row % ContainerTile.ROWS / BLOCK_ROWS) * blockBytes();
    }

    /** Offset within its block of word {@code word} of a group: 0 to 3, 0 to 5 for 6 bits or 0 to 7 for 8 bits. */
    public int word(int row, int group, int word) {
        int half = row % BLOCK_ROWS / 8 * LANES * laneBytes();
        int lane = lane(row, group);
        if (lanes() > 1) {
            return half + (lane + word / 4) * 16 + word % 4 * 4;
        }
        return word < 4 ? half + lane * 16 + word * 4 : half + LANES * 16 + lane * 8 + (word - 4) * 4;
    }

    /** Offset within its block of the decoding step that the first lane of a group has; that of a second one is two bytes behind. */
    public int stepOffset(int row, int group) {
        return 2 * LANES * laneBytes() + lane(row, group) * 2 + row % BLOCK_ROWS / 8;
    }

    /** The first lane that owns codes of a group. */
    private int lane(int row, int group) {
        return row % 8 * 4 + group * lanes() % 4;
    }

    /** Least shift that a decoding step can express: the table of E2M1 holds no subnormal container. */
    public int lowestShift() {
        return switch (format) {
            case E2M1 -> -13;
            case E3M2, E2M3 -> -12;
            case E4M3, E5M2 -> FoldedFormat.LOWEST_IN_BF16;
        };
    }

    /** Largest such shift: E3M2 is scaled in FP16, by at most 2^15. */
    public int highestShift() {
        return switch (format) {
            case E2M1 -> 13;
            case E3M2, E2M3 -> 3;
            case E4M3, E5M2 -> FoldedFormat.highestInBf16(format);
        };
    }

    /**
     * The byte that tells the decoder a shift: for E2M1 the exponent field of 0.5 in E5M2, for E3M2 the shift above 2^-12, for formats of
     * 8 bits the exponent field of the factor in BF16 that codes are multiplied with which lie where exponent and mantissa of BF16 do.
     */
    public int step(int shift) {
        return switch (format) {
            case E2M1 -> shift + 14;
            case E3M2, E2M3 -> shift + 12;
            case E4M3, E5M2 -> shift + 127 + 127 - format.bias();
        };
    }
}
