package org.mxforge.runtime.base;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Bytes that are read when they are wanted, piece by piece, by several threads at once if they like. */
public interface ByteSource {
    /** Bytes that a thread reads before it takes more. */
    int PIECE = 1 << 20;

    /** How many there are. */
    long length();

    /**
     * Fills {@code into} with the bytes from {@code from} on.
     *
     * @throws MxForgeException naming where they come from if they cannot be read, or are none that there may be
     */
    void read(long from, ByteBuffer into);

    /** The bytes of {@code array}, which is referenced. */
    static ByteSource of(byte[] array) {
        return new ByteSource() {
            @Override
            public long length() {
                return array.length;
            }

            @Override
            public void read(long from, ByteBuffer into) {
                into.put(array, Math.toIntExact(from), into.remaining());
            }
        };
    }

    /** The bytes of all {@code sources}, one behind the other. */
    static ByteSource joined(List<ByteSource> sources) {
        return sources.size() == 1 ? sources.get(0) : new JoinedSources(sources);
    }

    /** The pieces of {@code size} bytes of {@code source} in another order: piece i is its piece {@code order[i]}. */
    static ByteSource inOrder(ByteSource source, int size, int[] order) {
        return new OrderedPieces(source, size, order);
    }

    /**
     * Some pieces of {@code size} bytes of each row of {@code source}: piece i of a row is its piece {@code order[i]}.
     *
     * @param row bytes of a row
     */
    static ByteSource piecesOfRows(ByteSource source, int row, int size, int[] order) {
        return new RowPieces(source, row, size, order);
    }

    /** All of them, in host memory. */
    default byte[] all() {
        byte[] bytes = new byte[Math.toIntExact(length())];
        readAll(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** As {@link #read}, by as many threads as this machine has. */
    default void readAll(long from, ByteBuffer into) {
        int bytes = into.remaining();
        IntStream.range(0, (bytes + PIECE - 1) / PIECE).parallel().forEach(i -> {
            int begin = i * PIECE;
            read(from + begin, into.slice(into.position() + begin, Math.min(PIECE, bytes - begin)));
        });
    }
}
