// GENERATED from mxunpack/v1;format=e4m3|pass|sm_90a|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxunpack_e4m3_pass}.
 *
 * <ul>
 * <li>spec: {@code mxunpack/v1;format=e4m3}
 * <li>algorithm, target and configuration: {@code pass}, {@code sm_90a}, {@code threads=256}
 * <li>grid: one warp for each block of 16 rows by 64 channels
 * </ul>
 */
public final class Mxunpack_e4m3_pass_sm_90a_threads256 implements Launcher<MxUnpackArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxUnpackArguments arguments) {
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
        LaunchCheck.address("fragments", arguments.fragments(), 16);
        LaunchCheck.address("tiles", arguments.tiles(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.channels())
                .pointer(arguments.fragments())
                .pointer(arguments.tiles());
        int gridX = Math.toIntExact((((((((rows - 1) / 128) + 1) * 8) * (((channels - 1) / 64) + 1)) - 1) / 8) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
