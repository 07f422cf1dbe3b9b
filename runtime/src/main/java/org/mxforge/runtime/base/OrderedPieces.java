package org.mxforge.runtime.base;

import java.nio.ByteBuffer;

/**
 * Pieces of equal size of a source in another order: piece i is its piece {@code order[i]}.
 *
 * @param size bytes of a piece
 */
record OrderedPieces(ByteSource source, int size, int[] order) implements ByteSource {
    @Override
    public long length() {
        return (long) size * order.length;
    }

    @Override
    public void read(long from, ByteBuffer into) {
        for (long at = from; into.hasRemaining(); ) {
            int within = (int) (at % size);
            int count = Math.min(size - within, into.remaining());
            source.read((long) order[(int) (at / size)] * size + within, into.slice(into.position(), count));
            into.position(into.position() + count);
            at += count;
        }
    }
}
