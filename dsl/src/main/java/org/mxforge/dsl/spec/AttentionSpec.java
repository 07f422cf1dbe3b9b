package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.CacheFormat;

/**
 * Causal grouped-query attention over a key/value cache in {@link org.mxforge.dsl.layout.CachePages}. Queries are
 * [rows][heads][head] BF16, each row with a position in a sequence of its own; the output has the queries' shape. Scores are
 * scaled by 1/sqrt(head); softmax in FP32.
 *
 * @param head size of one head: a multiple of 8, at most 256
 * @param cache how the cache keeps keys and values
 */
public record AttentionSpec(int head, CacheFormat cache) implements KernelSpec {
    public static final String STEM = "attention";

    public AttentionSpec {
        if (head < 8 || head > 256 || head % 8 != 0) {
            throw new IllegalArgumentException("head size " + head + " is not a multiple of 8 from 8 to 256");
        }
        cache.refusal(head).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    /** Attention over a cache in BF16. */
    public AttentionSpec(int head) {
        this(head, CacheFormat.BF16);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return cache == CacheFormat.BF16
                ? SpecText.write(STEM, "head", Integer.toString(head))
                : SpecText.write(STEM, "head", Integer.toString(head), "cache", cache.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static AttentionSpec read(SpecText fields) {
        int head = fields.number("head");
        return new AttentionSpec(
                head, fields.optional("cache").map(CacheFormat::parse).orElse(CacheFormat.BF16));
    }
}
