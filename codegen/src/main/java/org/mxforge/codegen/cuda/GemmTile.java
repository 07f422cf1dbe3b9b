package org.mxforge.codegen.cuda;

import org.mxforge.dsl.space.Configuration;

/**
 * The tile of a portable GEMM: the parameters of its config space and what follows from them.
 *
 * @param stageBytes shared memory of one pipeline stage
 */
record GemmTile(int bm, int bn, int bk, int wm, int wn, int stages, int stageBytes) {
    static GemmTile of(Configuration configuration, long stageBytes) {
        return new GemmTile(
                configuration.get("bm"),
                configuration.get("bn"),
                configuration.get("bk"),
                configuration.get("wm"),
                configuration.get("wn"),
                configuration.get("stages"),
                Math.toIntExact(stageBytes));
    }

    int threads() {
        return 32 * wm * wn;
    }

    int sharedBytes() {
        return stages * stageBytes;
    }
}
