package org.mxforge.runtime.simulate;

import org.mxforge.runtime.base.MxForgeException;

/**
 * Rows in shared memory as a descriptor of {@code wgmma} tells them: slabs of 8 rows of 128, 64 or 32 bytes, whose pieces of 16 bytes are
 * permuted within each row by the number of the 128 bytes that they lie in.
 *
 * @param start address of the first byte of the first row
 * @param slab bytes from slab to slab
 * @param block bytes from the first {@code width} bytes of a row to the next
 * @param width bytes of a row that are together
 */
record SwizzledRows(int start, int slab, int block, int width) {
    private static final int UNIT = 4;
    private static final int FIELD = 0x3fff;
    private static final int BLOCK_SHIFT = 16;
    private static final int STRIDE_SHIFT = 32;
    private static final int MODE_SHIFT = 62;
    private static final int WIDEST = 128;
    private static final int LINE_SHIFT = 7;
    private static final int SLAB_ROWS = 8;
    private static final int PIECE = 16;

    static SwizzledRows of(long descriptor, Warp warp) {
        int mode = (int) (descriptor >>> MODE_SHIFT);
        if (mode == 0 || (descriptor >>> 49 & 7) != 0) {
            throw new MxForgeException(
                    "The descriptor 0x" + Long.toHexString(descriptor) + " of 'wgmma' in " + warp.line()
                            + " has another layout than the swizzles of 128, 64 and 32 bytes, the only ones that the"
                            + " simulator models.");
        }
        return new SwizzledRows(
                (int) (descriptor & FIELD) << UNIT,
                (int) (descriptor >>> STRIDE_SHIFT & FIELD) << UNIT,
                (int) (descriptor >>> BLOCK_SHIFT & FIELD) << UNIT,
                WIDEST >> mode - 1);
    }

    /** Where 16 bytes of a row lie. */
    int address(int row, int piece) {
        int pieces = width / PIECE;
        int plain = start
                + row / SLAB_ROWS * slab
                + row % SLAB_ROWS * width
                + piece / pieces * block
                + piece % pieces * PIECE;
        return plain ^ (plain >> LINE_SHIFT & pieces - 1) << UNIT;
    }
}
