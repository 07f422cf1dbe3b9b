package org.mxforge.runtime.pack;

import java.util.function.IntToLongFunction;
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
        int first = group * GroupLayout.GROUP;
        return fold(format, codes, shift, i -> Bf16Tile.offset(row, first + i, channels), tiles);
    }

    /**
     * Multiplies a group into BF16.
     *
     * @param places the byte in {@code tiles} at which the value of each code begins
     * @return whether all elements are exactly what they were
     */
    static boolean fold(ElementFormat format, byte[] codes, int shift, IntToLongFunction places, byte[] tiles) {
        boolean unchanged = true;
        for (int i = 0; i < codes.length; i++) {
            float value = Math.scalb(format.decode(codes[i] & 0xff), shift);
            short stored = Bfloat16.fromFloat(value);
            unchanged &= Float.compare(Bfloat16.toFloat(stored), value) == 0;
            store(stored, places.applyAsLong(i), tiles);
        }
        return unchanged;
    }

    static void store(short value, long place, byte[] tiles) {
        int at = Math.toIntExact(place);
        tiles[at] = (byte) value;
        tiles[at + 1] = (byte) (value >> 8);
    }
}
