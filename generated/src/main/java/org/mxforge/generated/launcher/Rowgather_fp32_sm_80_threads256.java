// GENERATED from rowgather/v1;type=fp32|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code rowgather_fp32}.
 *
 * <ul>
 * <li>spec: {@code rowgather/v1;type=fp32}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Rowgather_fp32_sm_80_threads256 implements Launcher<RowGatherArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RowGatherArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("columns", arguments.columns());
        LaunchCheck.multiple("columns", arguments.columns(), 8);
        LaunchCheck.address("index", arguments.index());
        LaunchCheck.address("x", arguments.x());
        LaunchCheck.address("y", arguments.y());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.index())
                .pointer(arguments.x())
                .pointer(arguments.y());
        int gridX = arguments.rows();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
