package org.mxforge.runtime.base;

import java.nio.ByteBuffer;

/**
 * Some pieces of each row of a source: piece i of a row is its piece {@code order[i]}.
 *
 * @param row bytes of a row of the source
 * @param size bytes of a piece
 */
record RowPieces(ByteSource source, int row, int size, int[] order) implements ByteSource {
    @Override
    public long length() {
        return source.length() / row * size * order.length;
    }

    @Override
    public void read(long from, ByteBuffer into) {
        byte[] whole = new byte[row];
        byte[] picked = new byte[size * order.length];
        for (long at = from; into.hasRemaining(); ) {
            source.read(at / picked.length * row, ByteBuffer.wrap(whole));
            for (int i = 0; i < order.length; i++) {
                System.arraycopy(whole, order[i] * size, picked, i * size, size);
            }
            int within = (int) (at % picked.length);
            int count = Math.min(picked.length - within, into.remaining());
            into.put(picked, within, count);
            at += count;
        }
    }
}
