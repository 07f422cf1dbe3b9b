// GENERATED from rope/v1|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RopeArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code rope_rows}.
 *
 * <ul>
 * <li>spec: {@code rope/v1}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Rope_rows_sm_80_threads256 implements Launcher<RopeArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RopeArguments arguments) {
        long rows = arguments.rows();
        if (rows < 1) {
            throw LaunchCheck.refusal("rows is {}: it must be more than 0", rows);
        }
        long heads = arguments.heads();
        if (heads < 1) {
            throw LaunchCheck.refusal("heads is {}: it must be more than 0", heads);
        }
        long head = arguments.head();
        if (head < 1) {
            throw LaunchCheck.refusal("head is {}: it must be more than 0", head);
        }
        if ((head < 0) || (head % 2 != 0)) {
            throw LaunchCheck.refusal("head is {}: it must be a multiple of 2", head);
        }
        LaunchCheck.address("positions", arguments.positions(), 16);
        LaunchCheck.address("x", arguments.x(), 16);
        LaunchCheck.address("y", arguments.y(), 16);
        LaunchCheck.address("cos", arguments.cos(), 16);
        LaunchCheck.address("sin", arguments.sin(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.heads())
                .int32(arguments.head())
                .pointer(arguments.positions())
                .pointer(arguments.x())
                .pointer(arguments.y())
                .pointer(arguments.cos())
                .pointer(arguments.sin());
        int gridX = Math.toIntExact(rows);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
