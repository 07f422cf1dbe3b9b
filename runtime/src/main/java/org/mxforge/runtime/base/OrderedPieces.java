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
            int piece = (int) (at / size);
            int count = (int) Math.min((long) size * together(piece) - within, into.remaining());
            source.read((long) order[piece] * size + within, into.slice(into.position(), count));
            into.position(into.position() + count);
            at += count;
        }
    }

    /** How many pieces from {@code piece} on lie in this order in the source, too. */
    private int together(int piece) {
        int next = piece + 1;
        while (next < order.length && order[next] == order[next - 1] + 1) {
            next++;
        }
        return next - piece;
    }
}
