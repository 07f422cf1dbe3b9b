package org.mxforge.dsl.layout;

import org.mxforge.dsl.format.CacheFormat;

/**
 * The key/value cache of a layer as GPU kernels read it: pages of a fixed number of positions for keys and for values. A
 * sequence has a table of pages; its position p is row p % POSITIONS of page table[p / POSITIONS].
 *
 * <p>A page has the key/value heads one after the other. In BF16, heads of whole 64 channels are cut into blocks of 64, {@code
 * [pages][kvHeads][head / 64][POSITIONS][64]}: a row of a block is 128 bytes, whose eight pieces of 16 bytes are swapped by
 * exclusive-or with the row's number, so that the copy engine brings what the tensor cores of sm_90a read, keys and values alike.
 * Other heads lie as they are, {@code [pages][kvHeads][POSITIONS][head]}.
 *
 * <p>Quantized, a head of a page is its codes, {@code [POSITIONS][codeBytes]}, and behind them its scales, {@code
 * [POSITIONS][scaleBytes]}: byte {@code (page * kvHeads + kvHead) * POSITIONS * bytes(head)}, then {@code row * codeBytes} for the codes
 * of a row or {@code POSITIONS * codeBytes + row * scaleBytes} for its scales, one byte for
 * each 32 channels, or step and least value. Codes of 8 bits are in the order of the channels; of 4, words of eight codes have the even
 * channels in the low half and the odd ones in the high half, so that neighbours are 16 bits apart, as pairs of BF16 are. A head of a page is a multiple of 16 bytes, and so are the codes of each row.
 */
public final class CachePages {
    /** Positions of a page, a power of two: few enough that short sequences waste little. */
    public static final int POSITIONS = 32;

    /** Channels of a block, where a head has whole blocks. */
    public static final int BLOCK = 64;

    private static final int PIECE = 8;

    private CachePages() {}

    /** Bytes of the keys, or of the values, of {@code pages} pages. */
    public static long bytes(CacheFormat format, int pages, int kvHeads, int head) {
        return (long) pages * POSITIONS * kvHeads * format.bytes(head);
    }

    /** In BF16 the place of an element, in elements: position {@code row} of {@code page}. */
    public static long offset(int kvHeads, int head, int page, int kvHead, int row, int channel) {
        long before = (long) page * kvHeads + kvHead;
        if (head % BLOCK != 0) {
            return (before * POSITIONS + row) * head + channel;
        }
        int piece = (channel % BLOCK / PIECE ^ row % PIECE) * PIECE;
        long block = before * (head / BLOCK) + channel / BLOCK;
        return (block * POSITIONS + row) * BLOCK + piece + channel % PIECE;
    }
}
