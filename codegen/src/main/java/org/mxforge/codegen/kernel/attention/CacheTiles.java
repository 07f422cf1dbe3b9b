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

    /** In the background, as they are. */
    record CopiedTiles(int page) implements CacheTiles {}

    /** Through registers, from the codes of a quantized cache. */
    record DecodedTiles(CacheValues cache) implements CacheTiles {}
}
