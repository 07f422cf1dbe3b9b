// GENERATED from rope/v1|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.RopeArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code rope}.
 *
 * <ul>
 * <li>spec: {@code rope/v1}
 * <li>target and configuration: {@code sm_80}, {@code threads=256}
 * <li>grid: one block for each row
 * </ul>
 */
public final class Rope_sm_80_threads256 implements Launcher<RopeArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, RopeArguments arguments) {
        LaunchCheck.positive("rows", arguments.rows());
        LaunchCheck.positive("heads", arguments.heads());
        LaunchCheck.positive("head", arguments.head());
        LaunchCheck.multiple("head", arguments.head(), 2);
        LaunchCheck.address("positions", arguments.positions());
        LaunchCheck.address("x", arguments.x());
        LaunchCheck.address("y", arguments.y());
        LaunchCheck.address("cos", arguments.cos());
        LaunchCheck.address("sin", arguments.sin());
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.heads())
                .int32(arguments.head())
                .pointer(arguments.positions())
                .pointer(arguments.x())
                .pointer(arguments.y())
                .pointer(arguments.cos())
                .pointer(arguments.sin());
        int gridX = arguments.rows();
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
