package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.Configuration;

/** The two kernels of sm_90a for one mixed GEMM with folded scales. */
public enum HopperGemm {
    /** Tiles of 128 tokens and more on FP8 wgmma, by blocks that stay. */
    WGMMA,
    /** Up to 64 tokens at a time on FP16 mma.sync, bound by reading the weights: a block for all of K of a few weight rows. */
    STREAM;

    /** Tokens of the smallest tile of {@link #WGMMA}. */
    static final int WGMMA_TOKENS = 128;

    /** The kernel that a configuration is for. */
    public static HopperGemm of(Configuration configuration) {
        return configuration.get("bm") >= WGMMA_TOKENS ? WGMMA : STREAM;
    }
}
