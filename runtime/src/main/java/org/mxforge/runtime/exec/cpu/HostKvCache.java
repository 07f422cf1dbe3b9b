package org.mxforge.runtime.exec.cpu;

import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.exec.spi.KvCache;

/**
 * Keys lie transposed, an array of positions for each channel of a page, so that scores are computed over contiguous positions;
 * values lie as an array of channels for each position, so that outputs are summed over contiguous channels.
 *
 * <p>A quantized cache holds the values that codes stand for, not the codes: the numbers are those of a GPU, the memory is not.
 */
final class HostKvCache extends KvCache {
    /** Long enough that loops over the positions of a page are vectorised. */
    private static final int LARGEST_PAGE = 256;

    private final CacheFormat format;
    private final int kvHeads;
    private final int head;
    private final float[][][][] keys;
    private final float[][][][] values;

    HostKvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        super(sequences, longest, Math.min(longest, LARGEST_PAGE));
        this.format = format;
        this.kvHeads = kvHeads;
        this.head = head;
        keys = new float[layers * kvHeads][pages()][][];
        values = new float[layers * kvHeads][pages()][][];
        for (int group = 0; group < keys.length; group++) {
            for (int page = 0; page < pages(); page++) {
                keys[group][page] = HostMemory.floats(head, pageSize());
                values[group][page] = HostMemory.floats(pageSize(), head);
            }
        }
    }

    /** Bytes of the keys and values of such a cache. */
    static long bytes(int layers, int kvHeads, int head, int sequences, int longest) {
        long page = Math.min(longest, LARGEST_PAGE);
        long pages = 1 + sequences * ((longest + page - 1) / page);
        return 2 * pages * page * layers * kvHeads * head * Float.BYTES;
    }

    CacheFormat format() {
        return format;
    }

    int kvHeads() {
        return kvHeads;
    }

    int head() {
        return head;
    }

    /** Positions of a page. */
    int positions() {
        return pageSize();
    }

    /** The keys of one layer and head in one page, [head][positions]. */
    float[][] keys(int layer, int kvHead, int page) {
        return keys[layer * kvHeads + kvHead][page];
    }

    /** The values of one layer and head in one page, [positions][head]. */
    float[][] values(int layer, int kvHead, int page) {
        return values[layer * kvHeads + kvHead][page];
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
