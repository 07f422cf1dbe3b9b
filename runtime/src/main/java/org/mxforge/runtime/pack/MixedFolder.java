package org.mxforge.runtime.pack;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;

/** Multiplies groups into BF16 beside others that are in FP8: an element takes the place of two. */
final class MixedFolder implements GroupFolder {
    private final ElementFormat format;

    MixedFolder(ElementFormat format) {
        this.format = format;
    }

    @Override
    public int highestShift(byte[] codes) {
        for (byte code : codes) {
            if (format.decode(code & 0xff) != 0) {
                return FoldedFormat.highestInBf16(format);
            }
        }
        return ANY;
    }

    @Override
    public long bytes(int rows, int channels) {
        return ContainerTile.bytes(rows, 2 * channels);
    }

    @Override
    public boolean fold(byte[] codes, int shift, int row, int group, int channels, byte[] tiles) {
        int first = group * GroupLayout.GROUP;
        return Bf16Folder.fold(format, codes, shift, i -> place(row, first + i, channels), tiles);
    }

    /** Where a value of two bytes lies in tiles of {@code channels} such channels. */
    static long place(int row, int channel, int channels) {
        return ContainerTile.offset(row, 2 * channel, 2 * channels);
    }
}
