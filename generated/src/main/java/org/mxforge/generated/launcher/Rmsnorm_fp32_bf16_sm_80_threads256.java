// GENERATED from rmsnorm/v1;in=fp32;out=bf16|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code rmsnorm_fp32_bf16}.
 *
 * <ul>
 * <li>spec: {@code rmsnorm/v1;in=fp32;out=bf16}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Rmsnorm_fp32_bf16_sm_80_threads256 implements Launcher<RmsNormArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RmsNormArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("columns", arguments.columns());
        LaunchCheck.multiple("columns", arguments.columns(), 8);
        LaunchCheck.address("x", arguments.x());
        LaunchCheck.address("weight", arguments.weight());
        LaunchCheck.range("epsilon", arguments.epsilon(), 0, Float.MAX_VALUE);
        LaunchCheck.address("y", arguments.y());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.x())
                .pointer(arguments.weight())
                .float32(arguments.epsilon())
                .pointer(arguments.y());
        int gridX = arguments.rows();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
