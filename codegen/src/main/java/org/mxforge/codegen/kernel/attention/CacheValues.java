package org.mxforge.codegen.kernel.attention;

import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.AttentionSpec;

/** How a kernel reads eight channels of a position from the cache. */
sealed interface CacheValues extends OutputModel {
    static CacheValues of(AttentionSpec spec) {
        CacheFormat format = spec.cache();
        int page = CachePages.POSITIONS;
        int codes = format.codeBytes(spec.head());
        int scales = format.scaleBytes(spec.head());
        return switch (format) {
            case BF16 -> new PlainCache(page);
            case MXFP8, MXFP4 -> {
                String codecs = DeviceFunctions.cuda().strip();
                int bias = format.element().orElseThrow().bias();
                yield new GroupCache(page, codes, scales, codecs, format.bits(), bias);
            }
            case INT8, INT4 -> new AffineCache(page, codes, scales, format.bits());
        };
    }

    /** In BF16. */
    record PlainCache(int page) implements CacheValues {}

    /** Codes of the element format with so many bits in groups, behind them a scale for each group. */
    record GroupCache(int page, int codeBytes, int scaleBytes, String codecs, int bits, int bias)
            implements CacheValues {}

    /** Integers between the least and the largest value of the position. */
    record AffineCache(int page, int codeBytes, int scaleBytes, int bits) implements CacheValues {}
}
