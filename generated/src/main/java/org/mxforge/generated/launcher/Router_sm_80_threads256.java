// GENERATED from router/v1|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code router}.
 *
 * <ul>
 * <li>spec: {@code router/v1}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Router_sm_80_threads256 implements Launcher<RouterArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RouterArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("columns", arguments.columns());
        LaunchCheck.multiple("columns", arguments.columns(), 8);
        LaunchCheck.positive("experts", arguments.experts());
        LaunchCheck.address("x", arguments.x());
        LaunchCheck.address("weight", arguments.weight());
        LaunchCheck.range("epsilon", arguments.epsilon(), 0, Float.MAX_VALUE);
        LaunchCheck.address("router", arguments.router());
        LaunchCheck.address("scores", arguments.scores());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .int32(arguments.experts())
                .pointer(arguments.x())
                .pointer(arguments.weight())
                .float32(arguments.epsilon())
                .pointer(arguments.router())
                .pointer(arguments.scores());
        int gridX = arguments.rows();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
