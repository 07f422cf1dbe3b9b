package org.mxforge.dsl.shape;

import java.util.List;
import java.util.stream.Stream;

/**
 * What attention has to do when all sequences are as long as they may be.
 *
 * @param shape its size
 * @param head channels of a head
 * @param cacheBytes what a key or a value of one head takes in the cache
 * @param elementBytes what an element of queries and results takes
 */
public record AttentionWork(AttentionShape shape, int head, long cacheBytes, int elementBytes) implements Work {
    /** Queries, results, and once the keys and values that some query sees. */
    @Override
    public long bytes() {
        long positions = Math.min(shape.context(), (long) shape.window() + shape.queries() - 1);
        return 2 * written() + 2 * shape.batch() * positions * shape.kvHeads() * cacheBytes;
    }

    @Override
    public long written() {
        return (long) shape.m() * shape.heads() * head * elementBytes;
    }

    /** For each sequence and key/value head, queries by keys and weights by values. */
    @Override
    public Stream<GemmWork> products() {
        int rows = shape.queries() * shape.group();
        int seen = (int) Math.ceil(shape.seen());
        List<GemmWork> both = List.of(product(rows, seen, head), product(rows, head, seen));
        return Stream.generate(() -> both)
                .limit((long) shape.batch() * shape.kvHeads())
                .flatMap(List::stream);
    }

    private static GemmWork product(int m, int n, int k) {
        return new GemmWork(m, n, List.of(GemmWork.Part.plain(k)), n, 0, 0);
    }
}
