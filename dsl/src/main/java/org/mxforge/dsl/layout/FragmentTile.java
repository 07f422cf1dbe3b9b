package org.mxforge.dsl.layout;

import org.mxforge.dsl.format.ElementFormat;

/**
 * Packed weights in the order in which the threads of a warpgroup of sm_90a hold them as the register operand of a matrix
 * product: tiles of 128 rows by 128 channels, a row of tiles after the other, each of eight blocks for 16 rows. In a block, lane
 * {@code 4g + t} of a warp owns group {@code t} of rows {@code g} and {@code g + 8}:
 *
 * <ul>
 *   <li>4 bits: 32 lanes by 16 bytes for rows 0 to 7, the same for rows 8 to 15;
 *   <li>6 bits: 32 lanes by 16 bytes and 32 lanes by 8 bytes for rows 0 to 7, the same for rows 8 to 15;
 *   <li>then 32 lanes by 2 bytes: the decoding step of each row's group, see {@link #step}.
 * </ul>
 *
 * <p>A word of eight 4-bit codes keeps their magnitudes in place (bits 4j to 4j+2); the signs of codes 0 to 3 are in bits 7, 15,
 * 23, 31, those of codes 4 to 7 in bits 3, 11, 19, 27. Sixteen 6-bit codes are three words: a byte lane of word i holds code 4i
 * + lane with its sign in bit 7 and its magnitude in bits 0 to 4; code 12 + lane is spread over bits 5 and 6 of the three words:
 * its sign and bit 4, bits 3 and 2, bits 1 and 0.
 *
 * @param format E2M1 or E3M2
 */
public record FragmentTile(ElementFormat format) {
    /** Rows of a block: what one warp multiplies. */
    public static final int BLOCK_ROWS = 16;

    private static final int LANES = 32;
    private static final int STEP_BYTES = 2 * LANES;

    public FragmentTile {
        if (!holds(format)) {
            throw new IllegalArgumentException(
                    "weights in " + format.text() + " have no fragments: only e2m1 and e3m2 are decoded in registers");
        }
    }

    /** Whether weights of this format are kept as fragments; others are kept as containers. */
    public static boolean holds(ElementFormat format) {
        return format == ElementFormat.E2M1 || format == ElementFormat.E3M2;
    }

    /** Size of a block. */
    public int blockBytes() {
        return 2 * LANES * format.bytesPerGroup() + STEP_BYTES;
    }

    /** Size of a tile. */
    public int tileBytes() {
        return ContainerTile.ROWS / BLOCK_ROWS * blockBytes();
    }

    /** Size of a matrix, padding included. */
    public long bytes(int rows, int channels) {
        return (long) ((rows + ContainerTile.ROWS - 1) / ContainerTile.ROWS)
                * ContainerTile.blocks(channels)
                * tileBytes();
    }

    /** Byte offset of the block that holds a group, in a matrix of {@code channels} channels. */
    public long block(int row, int group, int channels) {
        long tile = (long) (row / ContainerTile.ROWS) * ContainerTile.blocks(channels) + group / 4;
        return tile * tileBytes() + (long) (row % ContainerTile.ROWS / BLOCK_ROWS) * blockBytes();
    }

    /** Offset within its block of word {@code word} of a group: 0 to 3, or 0 to 5 for 6 bits. */
    public int word(int row, int group, int word) {
        int half = row % BLOCK_ROWS / 8 * LANES * format.bytesPerGroup();
        return word < 4
                ? half + lane(row, group) * 16 + word * 4
                : half + LANES * 16 + lane(row, group) * 8 + (word - 4) * 4;
    }

    /** Offset within its block of a group's decoding step. */
    public int stepOffset(int row, int group) {
        return 2 * LANES * format.bytesPerGroup() + lane(row, group) * 2 + row % BLOCK_ROWS / 8;
    }

    private static int lane(int row, int group) {
        return row % 8 * 4 + group % 4;
    }

    /** Least shift that a decoding step can express: the table of E2M1 holds no subnormal container. */
    public int lowestShift() {
        return format == ElementFormat.E2M1 ? -13 : -12;
    }

    /** Largest such shift: E3M2 is scaled in FP16, by at most 2^15. */
    public int highestShift() {
        return format == ElementFormat.E2M1 ? 13 : 3;
    }

    /** The byte that tells the decoder a shift: for E2M1 the exponent field of 0.5 in E5M2, for E3M2 the shift above 2^-12. */
    public int step(int shift) {
        return format == ElementFormat.E2M1 ? shift + 14 : shift + 12;
    }
}
