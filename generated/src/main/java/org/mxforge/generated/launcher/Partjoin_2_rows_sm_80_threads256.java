// GENERATED from partjoin/v1;parts=2|rows|sm_80|threads=256; do not edit
package org.mxforge.generated.launcher;

import org.mxforge.dsl.launch.PartsArguments;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.LaunchCheck;
import org.mxforge.runtime.cuda.launch.Launcher;

/**
 * Launches the kernel {@code partjoin_2_rows}.
 *
 * <ul>
 * <li>spec: {@code partjoin/v1;parts=2}
 * <li>algorithm, target and configuration: {@code rows}, {@code sm_80}, {@code threads=256}
 * <li>grid: one block for 2048 elements of each part
 * </ul>
 */
public final class Partjoin_2_rows_sm_80_threads256 implements Launcher<PartsArguments> {
    private static final int THREADS = 256;

    @Override
    public void launch(CudaKernel kernel, CudaStream stream, PartsArguments arguments) {
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
        LaunchCheck.entries("parts", arguments.parts(), 2);
        PartsArguments.Part parts0 = arguments.parts().get(0);
        LaunchCheck.address("parts[0].x", parts0.x(), 16);
        PartsArguments.Part parts1 = arguments.parts().get(1);
        LaunchCheck.address("parts[1].x", parts1.x(), 16);
        LaunchCheck.address("y", arguments.y(), 16);
        KernelArguments values = KernelArguments.of()
                .int32(arguments.rows())
                .int32(arguments.columns())
                .pointer(parts0.x())
                .pointer(parts1.x())
                .pointer(arguments.y());
        int gridX = Math.toIntExact((((rows * columns) - 1) / 2048) + 1);
        int gridY = 1;
        int sharedBytes = 0;
        kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values);
    }
}
