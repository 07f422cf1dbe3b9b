package org.mxforge.runtime.pack;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;

/** Folds groups of one format into FP8 containers. */
final class ContainerFolder implements GroupFolder {
    /** Shifts beyond leave nothing of an element. */
    private static final int REACH = 64;

    private final ElementFormat element;
    private final ElementFormat container;
    private final byte[][] bytes = new byte[2 * REACH + 1][];
    private final boolean[][] exact = new boolean[2 * REACH + 1][];

    ContainerFolder(ElementFormat element) {
        this.element = element;
        this.container = FoldedFormat.of(element).container();
        for (int index = 0; index < bytes.length; index++) {
            fill(index);
        }
    }

    @Override
    public int highestShift(byte[] codes) {
        float largest = 0;
        for (byte code : codes) {
            float magnitude = Math.abs(element.decode(code & 0xff));
            // Infinities and NaN stay what they are under every shift.
            if (magnitude <= element.maxFinite()) {
                largest = Math.max(largest, magnitude);
            }
        }
        return largest == 0 ? ANY : Math.getExponent(container.maxFinite() / largest);
    }

    @Override
    public long bytes(int rows, int channels) {
        return ContainerTile.bytes(rows, channels);
    }

    @Override
    public boolean fold(byte[] codes, int shift, int row, int group, int channels, byte[] tiles) {
        int index = Math.max(-REACH, Math.min(REACH, shift)) + REACH;
        boolean unchanged = true;
        for (int i = 0; i < codes.length; i++) {
            int code = codes[i] & 0xff;
            int at = (int) ContainerTile.offset(row, group * GroupLayout.GROUP + i, channels);
            tiles[at] = bytes[index][code];
            unchanged &= exact[index][code];
        }
        return unchanged;
    }

    private void fill(int index) {
        bytes[index] = new byte[element.codes()];
        exact[index] = new boolean[element.codes()];
        for (int code = 0; code < element.codes(); code++) {
            float value = element.decode(code);
            float shifted = Math.scalb(value, index - REACH);
            if (Math.abs(value) <= element.maxFinite()) {
                int stored = container.encode(shifted);
                bytes[index][code] = (byte) stored;
                exact[index][code] = container.decode(stored) == shifted;
            } else {
                bytes[index][code] = (byte) code;
                exact[index][code] = true;
            }
        }
    }
}
