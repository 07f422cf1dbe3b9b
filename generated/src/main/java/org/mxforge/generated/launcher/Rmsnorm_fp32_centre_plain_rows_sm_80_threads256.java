// GENERATED from rmsnorm/v1;in=fp32;less=centre;layout=plain|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code rmsnorm_fp32_centre_plain_rows}.
 *
 * <ul>
 * <li>spec: {@code rmsnorm/v1;in=fp32;less=centre;layout=plain}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Rmsnorm_fp32_centre_plain_rows_sm_80_threads256 implements Launcher<RmsNormArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RmsNormArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        if ((columns < 0) || (columns % 8 != 0)) {
            throw LaunchCheck.refusal("columns is {}: it must be a multiple of 8", columns);
        }
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("weight", arguments.weight(), 16);
        LaunchCheck.address("centre", arguments.centre(), 16);
        LaunchCheck.range("epsilon", arguments.epsilon(), 0.0f, 3.4028235E38f);
        LaunchCheck.address("y", arguments.y(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(arguments.weight())
                .pointer(arguments.centre())
                .float32(arguments.epsilon())
                .pointer(arguments.y());
        int gridX = Math.toIntExact(rows);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
