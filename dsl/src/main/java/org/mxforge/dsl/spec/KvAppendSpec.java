package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * Puts new keys and values into a key/value cache in {@link org.mxforge.dsl.layout.CachePages}, each row at its position of its
 * sequence. Keys come as FP32 [rows][kvHeads][head] and are rotated on their way as by {@link RopeSpec}; values come as BF16.
 */
public record KvAppendSpec() implements KernelSpec {
    static final String STEM = "kvappend";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
