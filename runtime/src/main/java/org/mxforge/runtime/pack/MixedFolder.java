package org.mxforge.runtime.pack;

import org.mxforge.dsl.format.Bfloat16;
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
        boolean unchanged = true;
        for (int i = 0; i < codes.length; i++) {
            float value = Math.scalb(format.decode(codes[i] & 0xff), shift);
            short stored = Bfloat16.fromFloat(value);
            unchanged &= Float.compare(Bfloat16.toFloat(stored), value) == 0;
            store(stored, row, group * GroupLayout.GROUP + i, channels, tiles);
        }
        return unchanged;
    }

    static void store(short value, int row, int channel, int channels, byte[] tiles) {
        int at = Math.toIntExact(ContainerTile.offset(row, 2 * channel, 2 * channels));
        tiles[at] = (byte) value;
        tiles[at + 1] = (byte) (value >> 8);
    }
}
