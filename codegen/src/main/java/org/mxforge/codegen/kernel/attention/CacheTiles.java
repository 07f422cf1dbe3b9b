package org.mxforge.codegen.kernel.attention;

import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.AttentionSpec;

/** How keys and values come into shared memory, in BF16. */
sealed interface CacheTiles extends OutputModel {
    static CacheTiles of(AttentionSpec spec) {
        return spec.cache() == CacheFormat.BF16
                ? new CopiedTiles(CachePages.POSITIONS)
                : new DecodedTiles(CacheValues.of(spec));
    }

    /** The same for a quantized cache whose codes are copied in the background, to become BF16 when they are multiplied. */
    static CacheTiles staged(AttentionSpec spec) {
        return spec.cache() == CacheFormat.BF16
                ? of(spec)
                : new StagedTiles(
                        CacheValues.of(spec),
                        spec.cache().codeBytes(spec.head()),
                        spec.cache().scaleBytes(spec.head()));
    }

    /** In the background, as they are. */
    record CopiedTiles(int page) implements CacheTiles {}

    /** Through registers, from the codes of a quantized cache. */
    record DecodedTiles(CacheValues cache) implements CacheTiles {}

    /** In the background, as codes and scales of so many bytes a position. */
    record StagedTiles(CacheValues cache, int codeBytes, int scaleBytes) implements CacheTiles {}
}
