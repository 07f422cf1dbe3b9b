package org.mxforge.codegen.launcher;

import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.layout.GroupLayout;

/** Launchers of unpacking: one warp for each block of 16 rows by 128 channels, rows of padding included. */
final class UnpackLaunch {
    private static final int WARP = 32;

    private UnpackLaunch() {}

    static LaunchPlan plan(CudaSource kernel) {
        LaunchCode code = new LaunchCode()
                .size("rows")
                .size("channels", GroupLayout.GROUP)
                .address("fragments")
                .address("tiles");
        return new LaunchPlan(
                RuntimeTypes.launch("MxUnpackArguments"),
                code,
                "Math.toIntExact(1 + ((1 + (arguments.rows() - 1L) / 128) * 8 * (1 + (arguments.channels() - 1L) / 128) - 1) / "
                        + kernel.threads() / WARP + ")",
                "1",
                "0",
                "one warp for each block of 16 rows by 128 channels");
    }
}
