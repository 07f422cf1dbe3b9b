// GENERATED from mxexpand/v1;format=e4m3|pass|sm_90a|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxexpand_e4m3_pass}.
 *
 * <ul>
 * <li>spec: {@code mxexpand/v1;format=e4m3}
 * <li>algorithm, target and configuration: {@code pass}, {@code sm_90a}, {@code threads=256}
 * <li>grid: one warp for each slab of 8 rows by 128 channels
 * </ul>
 */
public final class Mxexpand_e4m3_pass_sm_90a_threads256 implements Launcher<MxExpandArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxExpandArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long channels = arguments.channels();
        if (channels < 1) {
            throw LaunchCheck.refusal("channels is {}: it must be more than 0", channels);
        }
        if ((channels < 0) || (channels % 32 != 0)) {
            throw LaunchCheck.refusal("channels is {}: it must be a multiple of 32", channels);
        }
        LaunchCheck.address("codes", arguments.codes(), 16);
        LaunchCheck.address("scales", arguments.scales(), 16);
        LaunchCheck.address("factors", arguments.factors(), 16);
        LaunchCheck.address("tiles", arguments.tiles(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.channels())
                .pointer(arguments.codes())
                .pointer(arguments.scales())
                .pointer(arguments.factors())
                .pointer(arguments.tiles());
        int gridX = Math.toIntExact(((((((rows - 1) / 8) + 1) * (((channels - 1) / 128) + 1)) - 1) / 8) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
