package org.mxforge.codegen.kernel.row;

import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CachePages;

/** How a kernel puts keys and values into a cache. */
sealed interface CacheStore extends OutputModel {
    static CacheStore of(CacheFormat format) {
        int page = CachePages.POSITIONS;
        return switch (format) {
            case BF16 -> new PlainStore(page);
            case MXFP8, MXFP4 -> GroupStore.of(page, format.element().orElseThrow());
            case INT8, INT4 ->
                new AffineStore(page, DeviceFunctions.affine().strip(), format.bits(), format.lastCode());
        };
    }

    /** In BF16. */
    record PlainStore(int page) implements CacheStore {}

    /** Codes of an element format in groups with scales. */
    record GroupStore(
            int page,
            String codecs,
            int bits,
            int exponentBits,
            int mantissaBits,
            int bias,
            int maxCode,
            int maxExponent,
            int maxMantissa)
            implements CacheStore {
        static GroupStore of(int page, ElementFormat element) {
            return new GroupStore(
                    page,
                    DeviceFunctions.cuda().strip(),
                    element.bits(),
                    element.exponentBits(),
                    element.mantissaBits(),
                    element.bias(),
                    element.maxCode(),
                    element.maxExponent(),
                    Float.floatToRawIntBits(element.maxFinite()) & 0x7fffff);
        }
    }

    /** Integers of 0 to {@code last} between the least and the largest value of a vector. */
    record AffineStore(int page, String codecs, int bits, int last) implements CacheStore {}
}
