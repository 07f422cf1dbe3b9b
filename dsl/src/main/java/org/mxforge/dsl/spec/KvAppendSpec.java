package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.CacheFormat;

/**
 * Takes queries, keys and values apart, FP32 [rows][heads + 2 kvHeads][head] from one product: queries and keys are rotated, which
 * queries leave as BF16 [rows][heads][head]; keys and values are put into a key/value cache in
 * {@link org.mxforge.dsl.layout.CachePages}, each row at its position of its sequence.
 *
 * <p>Rotation turns the halves (i, i + head/2) of each head by the angle of the row's position, INT32 [rows], taken from FP32 tables cos
 * and sin [positions][head/2] (the half-split form of Hugging Face checkpoints). Everything is rounded once, at the end.
 *
 * @param headNorms whether each head of the queries and keys goes through a norm as by {@link RmsNormSpec} before it is rotated
 * @param cache how keys and values are kept, for which queries and keys are turned as {@link CacheFormat} says
 */
public record KvAppendSpec(boolean headNorms, CacheFormat cache) implements KernelSpec {
    public static final String STEM = "kvappend";

    private static final String NORMED = "normed";
    private static final String PLAIN = "plain";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        String heads = headNorms ? NORMED : PLAIN;
        return cache == CacheFormat.BF16
                ? SpecText.write(STEM, "heads", heads)
                : SpecText.write(STEM, "heads", heads, "cache", cache.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static KvAppendSpec read(SpecText fields) {
        String heads = fields.next("heads");
        if (!heads.equals(NORMED) && !heads.equals(PLAIN)) {
            throw new IllegalArgumentException("unknown heads '" + heads + "': use " + PLAIN + " or " + NORMED);
        }
        CacheFormat cache = fields.optional("cache").map(CacheFormat::parse).orElse(CacheFormat.BF16);
        return new KvAppendSpec(heads.equals(NORMED), cache);
    }
}
