package org.mxforge.dsl.spec;

/**
 * Causal grouped-query attention over a key/value cache in {@link org.mxforge.dsl.layout.CachePages}. Queries are
 * [rows][heads][head] BF16, each row with a position in a sequence of its own; the output has the queries' shape. Scores are
 * scaled by 1/sqrt(head); softmax in FP32.
 *
 * @param head size of one head: a multiple of 8, at most 256
 */
public record AttentionSpec(int head) implements KernelSpec {
    public static final String STEM = "attention";

    public AttentionSpec {
        if (head < 8 || head > 256 || head % 8 != 0) {
            throw new IllegalArgumentException("head size " + head + " is not a multiple of 8 from 8 to 256");
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "head", Integer.toString(head));
    }

    /** Reads the fields of {@link #text()}. */
    public static AttentionSpec read(SpecText fields) {
        return new AttentionSpec(fields.number("head"));
    }
}
