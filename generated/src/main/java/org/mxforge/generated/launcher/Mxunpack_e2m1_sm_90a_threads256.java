// GENERATED from mxunpack/v1;format=e2m1|sm_90a|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code mxunpack_e2m1}.
 *
 * <ul>
 * <li>spec: {@code mxunpack/v1;format=e2m1}
 * <li>target and configuration: {@code sm_90a}, {@code threads=256}
 * <li>grid: one warp for each block of 16 rows by 128 channels
 * </ul>
 */
public final class Mxunpack_e2m1_sm_90a_threads256 implements Launcher<MxUnpackArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, MxUnpackArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("channels", arguments.channels());
        LaunchCheck.multiple("channels", arguments.channels(), 32);
        LaunchCheck.address("fragments", arguments.fragments());
        LaunchCheck.address("tiles", arguments.tiles());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.channels())
                .pointer(arguments.fragments())
                .pointer(arguments.tiles());
        int gridX = Math.toIntExact(1 + ((1 + (arguments.rows() - 1L) / 128) * 8 * (1 + (arguments.channels() - 1L) / 128) - 1) / 8);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
