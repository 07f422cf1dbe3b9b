// GENERATED from softmax/v1|spread|sm_90a|threads=1024; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code softmax_spread}.
 *
 * <ul>
 * <li>spec: {@code softmax/v1}
 * <li>algorithm, target and configuration: {@code spread}, {@code sm_90a}, {@code threads=1024}
 * <li>grid: 8 blocks for each row
 * </ul>
 */
public final class Softmax_spread_sm_90a_threads1024 implements Launcher<SoftmaxArguments> {
    private static final int THREADS = 1024;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, SoftmaxArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long columns = arguments.columns();
        if (columns < 1) {
            throw LaunchCheck.refusal("columns is {}: it must be more than 0", columns);
        }
        LaunchCheck.address("temperatures", arguments.temperatures(), 16);
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("p", arguments.p(), 16);
        if (columns > 432128) {
            throw LaunchCheck.refusal("columns is {}: it must be at most {}", columns, 432128);
        }
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(arguments.temperatures())
                .pointer(arguments.x())
                .pointer(arguments.p());
        int gridX = Math.toIntExact(rows * 8);
        int gridY = 1;
        int sharedBytes = Math.toIntExact((((columns - 1) / 8) + 1) * 4);
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
