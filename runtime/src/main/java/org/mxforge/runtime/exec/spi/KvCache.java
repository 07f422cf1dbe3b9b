package org.mxforge.runtime.exec.spi;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Keys and values of all layers of some sequences on a {@link Backend}, in pages of a fixed number of positions. All memory is
 * taken when the cache is opened; sequences take pages as they grow and give them back when they are closed. Here is the
 * bookkeeping, which is the same everywhere; a backend's subclass has the memory.
 *
 * <p>Page 0 belongs to no sequence: rows that only fill a {@link Batch} up write to it and read from it.
 */
public abstract class KvCache implements AutoCloseable {
    private final int pageSize;
    private final int longest;
    private final int pages;
    private final Deque<Integer> free = new ArrayDeque<>();
    private long batches;

    /**
     * A cache in which {@code sequences} sequences of {@code longest} positions have room, or more shorter ones.
     *
     * @param pageSize positions of a page
     */
    protected KvCache(int sequences, int longest, int pageSize) {
        if (sequences <= 0 || longest <= 0) {
            throw new IllegalArgumentException(
                    "a key/value cache cannot be for " + sequences + " sequences of " + longest + " positions");
        }
        this.pageSize = pageSize;
        this.longest = longest;
        this.pages = Math.addExact(1, Math.multiplyExact(sequences, pagesFor(longest)));
        Math.multiplyExact(pages, pageSize);
        for (int page = 1; page < pages; page++) {
            free.add(page);
        }
    }

    /** The bookkeeping of caches of the same pages as {@code part}, which are on several devices. */
    protected KvCache(KvCache part, int sequences) {
        this(sequences, part.longest, part.pageSize);
    }

    /** Most positions of a sequence. */
    public final int longest() {
        return longest;
    }

    /** Positions of a page. */
    protected final int pageSize() {
        return pageSize;
    }

    /** All pages, page 0 included. */
    protected final int pages() {
        return pages;
    }

    /** Positions of all pages that sequences may have. */
    public final int capacity() {
        return (pages - 1) * pageSize;
    }

    /** Positions of the pages that no sequence has. */
    public final int freePositions() {
        return free.size() * pageSize;
    }

    /** Whether a new sequence could {@linkplain Sequence#reserve reserve} so many positions now. */
    public final boolean hasRoom(int positions) {
        return pagesFor(positions) <= free.size();
    }

    /** Pages of a sequence of {@code positions} positions. */
    final int pagesFor(int positions) {
        return (positions + pageSize - 1) / pageSize;
    }

    /** Makes sure that {@code missing} pages are free, which {@code tokens} tokens need. */
    final void checkFree(int tokens, int missing) {
        if (missing > free.size()) {
            throw new MxForgeException("the key/value cache is full: " + tokens + " more tokens need " + missing
                    + " pages of " + pageSize + " positions, and " + free.size() + " are free of " + (pages - 1)
                    + ": end another sequence first, or open a cache for more sequences");
        }
    }

    /** A number for a batch that is put together, see {@link Sequence#enter}. */
    final long nextBatch() {
        return ++batches;
    }

    /** A new sequence, which is empty. */
    public final Sequence open() {
        return new Sequence();
    }

    /** Gives all memory back; its sequences cannot be used any more. */
    @Override
    public abstract void close();

    /**
     * A text in the cache. It grows when its tokens are put into a {@link Batch}, and takes pages then unless it reserved them before;
     * closing it gives its pages back, once what was asked for before has read them.
     */
    public final class Sequence implements AutoCloseable {
        private int[] table = {};
        private int length;
        private long batch;

        private Sequence() {}

        /** Tokens that were put into batches so far: the next one's position. */
        public int length() {
            return length;
        }

        public KvCache cache() {
            return KvCache.this;
        }

        /**
         * Makes sure that {@code tokens} more tokens have room.
         *
         * @throws MxForgeException if the sequence would be too long, or the cache is full
         */
        public void checkRoom(int tokens) {
            checkFree(tokens, missing(tokens));
        }

        /**
         * Takes pages for {@code tokens} more tokens now, which therefore never find the cache full.
         *
         * @throws MxForgeException if the sequence would be too long, or the cache is full
         */
        public void reserve(int tokens) {
            checkRoom(tokens);
            takePages(missing(tokens));
        }

        /** Takes the tokens from position {@code length} on back, whose keys and values are worth nothing; it keeps their pages. */
        public void shrinkTo(int length) {
            if (length < 0 || length > this.length) {
                throw new IllegalArgumentException(
                        "a sequence of " + this.length + " tokens cannot shrink to " + length);
            }
            this.length = length;
        }

        /** Its pages, in order of their positions. */
        int[] table() {
            return table;
        }

        /** Whether it is new to the batch of this {@linkplain KvCache#nextBatch number}. */
        boolean enter(long batch) {
            boolean entered = this.batch != batch;
            this.batch = batch;
            return entered;
        }

        /** Pages that it lacks for {@code tokens} more tokens. */
        int missing(int tokens) {
            if (tokens > longest - length) {
                throw new MxForgeException(tokens + " tokens at position " + length + " do not fit into a context of "
                        + longest + ": shorten the text");
            }
            return Math.max(0, pagesFor(length + tokens) - table.length);
        }

        /** Grows by {@code tokens} tokens, for which pages must be there. */
        void grow(int tokens) {
            takePages(missing(tokens));
            length += tokens;
        }

        private void takePages(int count) {
            if (count > 0) {
                int had = table.length;
                table = Arrays.copyOf(table, had + count);
                for (int i = had; i < table.length; i++) {
                    table[i] = free.remove();
                }
            }
        }

        @Override
        public void close() {
            for (int page : table) {
                // First again: what was used last may still be in a processor's cache.
                free.addFirst(page);
            }
            table = new int[0];
            length = 0;
        }
    }
}
