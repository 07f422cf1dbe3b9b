package org.mxforge.runtime.pack;

import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.GroupLayout;

/** Multiplies groups into BF16, which has room for every scale. */
final class Bf16Folder implements GroupFolder {
    private final ElementFormat format;

    Bf16Folder(ElementFormat format) {
        this.format = format;
    }

    /** Groups need nothing taken out of their scale. */
    @Override
    public int highestShift(byte[] codes) {
        return ANY;
    }

    @Override
    public long bytes(int rows, int channels) {
        return Bf16Tile.bytes(rows, channels);
    }

    @Override
    public boolean fold(byte[] codes, int shift, int row, int group, int channels, byte[] tiles) {
        boolean unchanged = true;
        for (int i = 0; i < codes.length; i++) {
            float value = Math.scalb(format.decode(codes[i] & 0xff), shift);
            short stored = Bfloat16.fromFloat(value);
            unchanged &= Float.compare(Bfloat16.toFloat(stored), value) == 0;
            int at = (int) Bf16Tile.offset(row, group * GroupLayout.GROUP + i, channels);
            tiles[at] = (byte) stored;
            tiles[at + 1] = (byte) (stored >> 8);
        }
        return unchanged;
    }
}
