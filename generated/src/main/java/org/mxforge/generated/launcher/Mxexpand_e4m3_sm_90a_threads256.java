// GENERATED from mxexpand/v1;format=e4m3|sm_90a|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxexpand_e4m3}.
 *
 * <ul>
 * <li>spec: {@code mxexpand/v1;format=e4m3}
 * <li>target and configuration: {@code sm_90a}, {@code threads=256}
 * <li>grid: one warp for each slab of 8 rows by 128 channels
 * </ul>
 */
public final class Mxexpand_e4m3_sm_90a_threads256 implements Launcher<MxExpandArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxExpandArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("channels", arguments.channels());
        LaunchCheck.multiple("channels", arguments.channels(), 32);
        LaunchCheck.address("codes", arguments.codes());
        LaunchCheck.address("scales", arguments.scales());
        LaunchCheck.address("factors", arguments.factors());
        LaunchCheck.address("tiles", arguments.tiles());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.channels())
                .pointer(arguments.codes())
                .pointer(arguments.scales())
                .pointer(arguments.factors())
                .pointer(arguments.tiles());
        int gridX = Math.toIntExact(1 + ((1 + (arguments.rows() - 1L) / 8) * (1 + (arguments.channels() - 1L) / 128) - 1) / 8);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
