package org.mxforge.codegen.launcher;

import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.layout.GroupLayout;

/** Launchers of expansions: one warp for each slab of 8 rows by 128 channels. */
final class ExpandLaunch {
    private static final int WARP = 32;

    private ExpandLaunch() {}

    static LaunchPlan plan(CudaSource kernel) {
        LaunchCode code = new LaunchCode()
                .size("rows")
                .size("channels", GroupLayout.GROUP)
                .address("codes")
                .address("scales")
                .address("factors")
                .address("tiles");
        return new LaunchPlan(
                RuntimeTypes.launch("MxExpandArguments"),
                code,
                "Math.toIntExact(1 + ((1 + (arguments.rows() - 1L) / 8) * (1 + (arguments.channels() - 1L) / 128) - 1) / "
                        + kernel.threads() / WARP + ")",
                "1",
                "0",
                "one warp for each slab of 8 rows by 128 channels");
    }
}
