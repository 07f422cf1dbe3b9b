package org.mxforge.runtime.simulate;

import org.mxforge.runtime.base.MxForgeException;

/**
 * Rows in shared memory as a descriptor of {@code wgmma} tells them: slabs of 8 rows of 128 bytes, whose pieces of 16 bytes are permuted
 * within each row.
 *
 * @param start address of the first byte of the first row
 * @param slab bytes from slab to slab
 * @param block bytes from the first 128 bytes of a row to the next
 */
record SwizzledRows(int start, int slab, int block) {
    private static final int UNIT = 4;
    private static final int FIELD = 0x3fff;
    private static final int BLOCK_SHIFT = 16;
    private static final int STRIDE_SHIFT = 32;
    private static final int MODE_SHIFT = 62;
    private static final int ROW_BYTES = 128;
    private static final int SLAB_ROWS = 8;
    private static final int PIECES = 8;

    static SwizzledRows of(long descriptor, Warp warp) {
        if (descriptor >>> MODE_SHIFT != 1 || (descriptor >>> 49 & 7) != 0) {
            throw new MxForgeException(
                    "The descriptor 0x" + Long.toHexString(descriptor) + " of 'wgmma' in " + warp.line()
                            + " has another layout than the swizzle of 128 bytes, the only one that the simulator models.");
        }
        return new SwizzledRows(
                (int) (descriptor & FIELD) << UNIT,
                (int) (descriptor >>> STRIDE_SHIFT & FIELD) << UNIT,
                (int) (descriptor >>> BLOCK_SHIFT & FIELD) << UNIT);
    }

    /** Where 16 bytes of a row lie. */
    int address(int row, int piece) {
        int plain = start
                + row / SLAB_ROWS * slab
                + row % SLAB_ROWS * ROW_BYTES
                + piece / PIECES * block
                + piece % PIECES * 16;
        return plain ^ (plain >> 7 & 7) << UNIT;
    }
}
