package org.mxforge.dsl.spec;

/**
 * Puts new keys and values into a key/value cache in {@link org.mxforge.dsl.layout.CachePages}, each row at its position of its
 * sequence. Keys come as FP32 [rows][kvHeads][head] and are rotated on their way as by {@link RopeSpec}; values come as BF16.
 */
public record KvAppendSpec() implements KernelSpec {
    public static final String STEM = "kvappend";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static KvAppendSpec read(SpecText fields) {
        return new KvAppendSpec();
    }
}
