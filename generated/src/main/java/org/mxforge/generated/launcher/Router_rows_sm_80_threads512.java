// GENERATED from router/v1|rows|sm_80|threads=512; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code router_rows}.
 *
 * <ul>
 * <li>spec: {@code router/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=512}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Router_rows_sm_80_threads512 implements Launcher<RouterArguments> {
    private static final int THREADS = 512;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RouterArguments arguments) {
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
        long experts = arguments.experts();
        if (experts < 1) {
            throw LaunchCheck.refusal("experts is {}: it must be more than 0", experts);
        }
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("weight", arguments.weight(), 16);
        LaunchCheck.range("epsilon", arguments.epsilon(), 0.0f, 3.4028235E38f);
        LaunchCheck.address("router", arguments.router(), 16);
        LaunchCheck.address("scores", arguments.scores(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .int32(arguments.experts())
                .pointer(arguments.x())
                .pointer(arguments.weight())
                .float32(arguments.epsilon())
                .pointer(arguments.router())
                .pointer(arguments.scores());
        int gridX = Math.toIntExact(rows);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
