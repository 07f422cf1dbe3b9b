package org.mxforge.runtime.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FragmentTile;

/** Folds groups of weights by a decoding step beside their packed codes. */
final class FragmentFolder implements GroupFolder {
    private final ElementFormat format;
    private final FragmentTile tile;

    FragmentFolder(ElementFormat format) {
        this.format = format;
        this.tile = new FragmentTile(format);
    }

    @Override
    public int highestShift(byte[] codes) {
        for (byte code : codes) {
            if (format.decode(code & 0xff) != 0) {
                return tile.highestShift();
            }
        }
        return ANY;
    }

    @Override
    public long bytes(int rows, int channels) {
        return tile.bytes(rows, channels);
    }

    @Override
    public boolean fold(byte[] codes, int shift, int row, int group, int channels, byte[] tiles) {
        int possible = Math.max(tile.lowestShift(), Math.min(tile.highestShift(), shift));
        byte[] stored = possible == shift ? codes : new byte[codes.length];
        boolean unchanged = true;
        if (possible != shift) {
            for (int i = 0; i < codes.length; i++) {
                float shifted = Math.scalb(format.decode(codes[i] & 0xff), shift - possible);
                stored[i] = (byte) format.encode(shifted);
                unchanged &= format.decode(stored[i] & 0xff) == shifted;
            }
        }
        int block = (int) tile.block(row, group, channels);
        for (int lane = 0; lane < tile.lanes(); lane++) {
            tiles[block + tile.stepOffset(row, group) + 2 * lane] = (byte) tile.step(possible);
        }
        ByteBuffer words = ByteBuffer.wrap(tiles).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < format.bits(); word++) {
            words.putInt(block + tile.word(row, group, word), word(stored, word));
        }
        return unchanged && isFinite(codes);
    }

    /** Whether codes can be decoded by bits and multiplications: what is not a number cannot. */
    private boolean isFinite(byte[] codes) {
        for (byte code : codes) {
            if (!Float.isFinite(format.decode(code & 0xff))) {
                return false;
            }
        }
        return true;
    }

    private int word(byte[] codes, int word) {
        return switch (format.bits()) {
            case 4 -> eight(codes, 8 * word);
            case 6 -> sixteenth(codes, word / 3 * 16, word % 3);
            default -> four(codes, 4 * word);
        };
    }

    /** Four 8-bit codes in their order. */
    private static int four(byte[] codes, int first) {
        int word = 0;
        for (int j = 0; j < 4; j++) {
            word |= (codes[first + j] & 0xff) << 8 * j;
        }
        return word;
    }

    /** Eight 4-bit codes: magnitudes in place, signs where the bytes want them. */
    private static int eight(byte[] codes, int first) {
        int word = 0;
        for (int j = 0; j < 8; j++) {
            word |= (codes[first + j] & 7) << 4 * j;
            word |= (codes[first + j] >> 3 & 1) << (j < 4 ? 8 * j + 7 : 8 * (j - 4) + 3);
        }
        return word;
    }

    /** Word {@code word} of three that hold sixteen 6-bit codes. */
    private static int sixteenth(byte[] codes, int first, int word) {
        int result = 0;
        for (int lane = 0; lane < 4; lane++) {
            int own = codes[first + 4 * word + lane];
            int fourth = codes[first + 12 + lane];
            int spare =
                    switch (word) {
                        case 0 -> (fourth >> 5 & 1) << 6 | (fourth >> 4 & 1) << 5;
                        case 1 -> (fourth >> 2 & 3) << 5;
                        default -> (fourth & 3) << 5;
                    };
            result |= ((own >> 5 & 1) << 7 | own & 31 | spare) << 8 * lane;
        }
        return result;
    }
}
