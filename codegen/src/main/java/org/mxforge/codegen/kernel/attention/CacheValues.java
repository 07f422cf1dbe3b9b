package org.mxforge.codegen.kernel.attention;

import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
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
            case MXFP8, MXFP4 ->
                GroupCache.of(page, codes, scales, format.element().orElseThrow());
            case INT8, INT4 ->
                new AffineCache(page, codes, scales, DeviceFunctions.affine().strip(), format.bits());
        };
    }

    /** In BF16. */
    record PlainCache(int page) implements CacheValues {}

    /** Codes of an element format in groups, behind them a scale for each group. */
    record GroupCache(
            int page,
            int codeBytes,
            int scaleBytes,
            String codecs,
            String format,
            int bits,
            int exponentBits,
            int mantissaBits,
            int bias)
            implements CacheValues {
        static GroupCache of(int page, int codeBytes, int scaleBytes, ElementFormat element) {
            return new GroupCache(
                    page,
                    codeBytes,
                    scaleBytes,
                    DeviceFunctions.cuda().strip(),
                    element.text(),
                    element.bits(),
                    element.exponentBits(),
                    element.mantissaBits(),
                    element.bias());
        }
    }

    /** Integers between the least and the largest value of the position. */
    record AffineCache(int page, int codeBytes, int scaleBytes, String codecs, int bits) implements CacheValues {}
}
